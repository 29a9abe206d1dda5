"""An MCP server of Acme Notes. Its one tool posts to the Slack that the user has connected by Gangway; without a
connection it first asks the user to open a page of ours. docs/assistants.md explains it step by step.

    pip install mcp==2.3.0        with Python 3.10 or newer
    python3 assistant.py          over stdio, for the user of ACME_USER
    python3 assistant.py --http   over Streamable HTTP at /mcp, for the user of each bearer token (ACME_TOKENS)"""

import asyncio, json, os, re, secrets, socket, sys, time, urllib.error, urllib.request, uuid
from html import escape
from types import SimpleNamespace
from urllib.parse import quote, urlencode, urljoin

import uvicorn
from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.auth.provider import AccessToken
from mcp.server.auth.settings import AuthSettings
from mcp.server.mcpserver import Context, MCPServer
from mcp.shared.exceptions import MCPError, UrlElicitationRequiredError
from mcp_types import CallToolResult, ElicitRequest, ElicitRequestURLParams, InputRequiredResult, TextContent
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

GANGWAY_URL = os.environ.get("GANGWAY_URL", "http://localhost:3000")
GANGWAY_API_KEY = os.environ.get("GANGWAY_API_KEY", "")
ALLOY_URL = os.environ.get("ALLOY_URL", "https://production.runalloy.com")
ALLOY_API_KEY = os.environ.get("ALLOY_API_KEY", "")
PORT = int(os.environ.get("PORT", "8080"))
ACME_URL = os.environ.get("ACME_URL", f"http://localhost:{PORT}")  # one of host.origins; https in production
RETURN_URL = f"{ACME_URL}/"  # one of host.return_urls
LINK_SECONDS = float(os.environ.get("LINK_SECONDS", "600"))  # how long a link can be opened
WAIT_SECONDS = float(os.environ.get("WAIT_SECONDS", "50"))  # many assistants end a call after a minute
OVER_HTTP = "--http" in sys.argv

# Your product's users, and how they sign in here: yours has a sign-in of its own. So it is with the tokens
# ("token-1=jane,token-2=sam"), which an OAuth server hands out to assistants.
USERS = {"jane": "Jane Doe", "sam": "Sam Lee"}
TOKENS = dict(pair.split("=") for pair in os.environ.get("ACME_TOKENS", "").split(",") if pair)
SIGN_INS = {}
LINKS = {}  # by user; your product keeps these in its database, by client too


def call(url, key, method, body=None, headers={}):
    """The status of the answer, and its JSON: empty for 204, or where an outage answers HTML."""
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json", **headers}
    data = None if body is None else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, headers, method=method), timeout=60) as response:
            status, content = response.status, response.read()
    except urllib.error.HTTPError as error:
        status, content = error.code, error.read()
    return status, json.loads(content) if content.startswith(b"{") else {}


async def gangway(method, path, body=None):
    status, answer = await asyncio.to_thread(call, f"{GANGWAY_URL}/api/v1{path}", GANGWAY_API_KEY, method, body)
    if status >= 400:
        raise RuntimeError(f"{method} {path}: {status} {answer.get('title')}")
    return answer


def of(user):
    return f"/users/{quote(user, safe='')}/connections"


async def slack_of(user):
    """The user's Slack: of several, the newest. If it needs a reconnect, no older one takes its place, because a
    message for one workspace must not go to another."""
    slacks = [one for one in (await gangway("GET", of(user)))["connections"] if one["connector"] == "slack"]
    return max(slacks, key=lambda one: one["created_at"] or "", default=None)


OF_CREDENTIAL = r"(^|_)(auth|authed|authentication|authorization|credentials?|token)(_|$)|^account_inactive$"


async def post(user, channel, text):
    """Posts by Alloy, if Slack is connected. Without x-alloy-userid, Alloy would act as the owner of the key. Both ids
    come from Gangway, never from a model."""
    slack = await slack_of(user)
    if slack is None or slack["status"] != "connected":
        return "not connected"
    if not slack["alloy_user_id"]:
        raise RuntimeError("The connection names no user of Alloy.")
    headers = {"x-api-version": "2025-09", "x-alloy-userid": slack["alloy_user_id"]}
    action = {"credentialId": slack["credential_id"], "requestBody": {"channel": channel, "text": text}}
    url = f"{ALLOY_URL}/connectors/slack/actions/chat_postMessage/execute"
    status, answer = await asyncio.to_thread(call, url, ALLOY_API_KEY, "POST", action, headers)
    if status == 429:
        return "busy"
    error, result = dictionary(answer.get("error")), dictionary(answer.get("responseData") or answer.get("result"))
    inner = error.get("statusCode") or answer.get("status")  # a good status can carry a failure of the app
    inner = inner if isinstance(inner, int) else status
    failed = answer.get("success") is False or result.get("ok") is False or max(status, inner) >= 400
    if result and not failed:
        LINKS.pop(user, None)
        return "posted"
    code = str(error.get("code") or answer.get("code") or result.get("error") or "")
    # A 404 is no refusal of the credential, and a refusal of your own Alloy key (401 without a code) is none either.
    if status >= 500 or status == 404 or not re.search(OF_CREDENTIAL, code, re.IGNORECASE):
        raise RuntimeError(f"Alloy did not confirm the message: {inner} {code}")
    await gangway("POST", f"{of(user)}/{quote(slack['credential_id'], safe='')}/refused")
    return "refused"


def dictionary(value):
    return value if isinstance(value, dict) else {}


WORDS = dict(
    linked="Slack is connected, but does not take the message. Nothing was posted.",
    decline="The user does not want to connect Slack now. Nothing was posted.",
    cancel="The user closed the request to connect Slack. Nothing was posted; ask them whether to try again.",
    open="Slack is not connected yet. Nothing was posted. When the user has done it in the browser, call this again.",
    expired="The link to connect Slack was not used in time. Nothing was posted. Calling this again makes a new one.",
    another="Another person opened the link. Nothing was connected or posted. Calling this again makes a new link.",
    denied="Slack was not connected, because it was refused on Slack's page. Nothing was posted.",
    unverified="Slack was connected by another person or in another browser, and does not count. Nothing was posted.",
    failed="Slack could not be connected. Nothing was posted.",
    busy="Slack takes no more messages right now. Nothing was posted. Try again in a minute.",
)


async def end_of(link, seconds):
    """How a link ended: "open" if it has not within that many seconds."""
    until = time.time() + seconds
    while True:
        attempts = []
        for session in link.sessions:
            attempts += (await gangway("GET", f"/link-attempts?session={session}&limit=1"))["link_attempts"]
        if attempts:
            # Gangway answers when the attempt ends. A webhook tells it too, to a server that is not waiting.
            left = max(0, min(30, round(until - time.time())))
            attempt = await gangway("GET", f"/link-attempts/{attempts[0]['id']}?wait={left}")
            if attempt["state"] != "pending":
                return attempt["state"]
        if link.spoiled:
            return "another"
        if not attempts and time.time() > link.expires:
            return "expired"
        if time.time() >= until:
            return "open"
        await asyncio.sleep(0.5)


def link_of(user):
    """The link that an assistant shows to its user: the same one as long as it is open."""
    link = {"id": str(uuid.uuid4()), "user": user, "expires": time.time() + LINK_SECONDS, "sessions": []}
    return LINKS.setdefault(user, SimpleNamespace(**link, spoiled=False))


class Tokens:
    async def verify_token(self, token):
        user = TOKENS.get(token)
        return user and AccessToken(token=token, client_id="assistant", scopes=[], subject=user)


auth = AuthSettings(issuer_url=ACME_URL, resource_server_url=f"{ACME_URL}/mcp", validate_token_resource=False)
server = MCPServer("acme-notes", **({"auth": auth, "token_verifier": Tokens()} if OVER_HTTP else {}))


def says(words, is_error=False):
    return CallToolResult(content=[TextContent(type="text", text=words)], is_error=is_error)


@server.tool()
async def post_to_slack(channel: str, text: str, ctx: Context) -> CallToolResult | InputRequiredResult:
    """Posts a message to the user's Slack. Without a connection, the user is asked to connect it."""
    # Our own authentication has named the user. Not even the model can name another one.
    user = get_access_token().subject if OVER_HTTP else os.environ.get("ACME_USER", "jane")
    try:
        outcome = await post(user, channel, text)
        if outcome == "posted":
            return says(f"Posted to {channel} in Slack.")
        if outcome == "busy":
            return says(WORDS["busy"], is_error=True)
        link = link_of(user)
        end = await end_of(link, 0)  # an earlier call may have shown the link
        if end == "open":
            end = await ask(link, ctx)
        if not isinstance(end, str):
            return end
        if end != "open":
            LINKS.pop(user, None)
        # Slack may be connected without this link, too: on another page of the product meanwhile.
        if end in ("linked", "open", "expired"):
            outcome = await post(user, channel, text)
        if outcome == "posted":
            return says(f"Slack is connected now. Posted to {channel} in Slack.")
        return says(WORDS["busy" if outcome == "busy" else end], is_error=True)
    except MCPError:
        raise
    except Exception as error:  # what it says stays here: it is not for a model
        print(repr(error), file=sys.stderr)
        return says("That did not work. Please try again later.", is_error=True)


async def ask(link, ctx):
    """Asks the user to open the link; gives its end, or what has to be answered first."""
    message = "Acme Notes needs your Slack to post for you. Please connect it in your browser."
    url = f"{ACME_URL}/connect/slack?elicitation={link.id}"  # it opens nothing by itself: it is no secret
    elicitation = ElicitRequestURLParams(message=message, url=url, elicitation_id=link.id)
    stateless = ctx.protocol_version >= "2026-07-28"
    elicits = ctx.client_capabilities and ctx.client_capabilities.elicitation
    if not elicits or elicits.url is None:
        # It cannot be asked meanwhile: the call fails (-32042 where the revision has it), and is made again afterwards.
        words = f"{message} {url} Then call this again."
        if stateless:
            return says(words, is_error=True)
        raise UrlElicitationRequiredError([elicitation], words)
    if stateless:
        # We answer what is needed, and the assistant calls again with the user's answer and our state.
        answer = (ctx.input_responses or {}).get("slack")
        if answer is None or ctx.request_state != link.id:
            question = ElicitRequest(params=ElicitRequestURLParams(message=message, url=url))
            return InputRequiredResult(input_requests={"slack": question}, request_state=link.id)
        return await end_of(link, WAIT_SECONDS) if answer.action == "accept" else answer.action
    answer = await ctx.elicit_url(message, url, link.id)
    if answer.action != "accept":
        return answer.action
    end = await end_of(link, WAIT_SECONDS)  # accepted is the opening of the page, and no more
    if end != "open":
        await ctx.session.send_elicit_complete(link.id, ctx.request_id)
    return end


def page(body, status=200):
    html = f'<!doctype html><html lang="en"><title>Acme Notes</title><h1>Acme Notes</h1>{body}</html>'
    return HTMLResponse(html, status, {"Cache-Control": "no-store"})


def sign_in_page(name, value):
    buttons = [f'<button name="user" value="{user}">Sign in as {full}</button>' for user, full in USERS.items()]
    return page(f"""<form method="post" action="/sign-in">
        <input type="hidden" name="{name}" value="{escape(value)}">{"".join(buttons)}</form>""")


async def connect(request):
    """The page behind the link. It signs the user in, compares, and hands over to Gangway."""
    link = next((link for link in LINKS.values() if link.id == request.query_params.get("elicitation")), None)
    if link is None or link.spoiled or time.time() > link.expires:
        return page("<p>This link has expired. Ask your assistant for a new one.</p>", 410)
    user = SIGN_INS.get(request.cookies.get("acme_session", ""))
    if user is None:
        return sign_in_page("elicitation", link.id)
    if user != link.user:
        link.spoiled = not link.sessions  # passed on: what this person connects must not be the other one's
        return page("<p>This link is for another user of Acme Notes. Nothing was connected.</p>", 403)
    slack = await slack_of(user)
    reconnect = slack["credential_id"] if slack and slack["status"] == "needs_reconnect" else None
    body = {"user": {"id": user, "name": USERS[user]}, "connector": "slack", "reconnect": reconnect}
    body |= {"after": "return", "return_url": RETURN_URL, "client_reference": link.id}  # events name it too
    session = await gangway("POST", "/connect-sessions", body)
    link.sessions.insert(0, session["id"])  # opened once more, the page goes on with what was begun
    return page(f"""<p>Your assistant asks to use Slack for {escape(USERS[user])}.</p>
        <form method="post" action="{urljoin(session['url'], '/start')}">
        <input type="hidden" name="code" value="{session['start_code']}">
        <button>Go on to connect Slack</button></form>""")


async def sign_in(request):
    form = await request.form()
    if request.headers.get("sec-fetch-site") != "same-origin" or form.get("user") not in USERS:
        return Response(status_code=403)
    cookie = secrets.token_urlsafe()
    SIGN_INS[cookie] = form["user"]
    came_for = {name: str(value) for name, value in form.items() if name != "user"}
    path = "/" if "gangway_completion" in came_for else "/connect/slack"
    response = RedirectResponse(f"{path}?{urlencode(came_for)}", 303)
    response.set_cookie("acme_session", cookie, httponly=True, samesite="lax", secure=ACME_URL.startswith("https:"))
    return response


async def returned(request):
    completion = request.query_params.get("gangway_completion")  # host.verify_completion: Gangway asks who came back
    if completion is None:
        return page("<p>You can close this page and go back to your assistant.</p>")
    user = SIGN_INS.get(request.cookies.get("acme_session", ""))
    if user is None:
        return sign_in_page("gangway_completion", completion)
    who = {"completion": completion, "user_id": user}
    return RedirectResponse((await gangway("POST", "/link-attempts/complete", who))["continue_url"], 303)


async def main():
    pages = [Route("/connect/slack", connect), Route("/sign-in", sign_in, methods=["POST"]), Route("/", returned)]
    app = server.streamable_http_app() if OVER_HTTP else Starlette()
    app.router.routes.extend(pages)
    app.add_exception_handler(Exception, lambda *_: page("<p>That did not work. Please try again later.</p>", 502))
    web = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))  # it would log completions
    listener = socket.create_server(("127.0.0.1", PORT))
    # Over stdio, only the protocol may go to standard output.
    print(f"Acme Notes: {RETURN_URL}", file=sys.stdout if OVER_HTTP else sys.stderr, flush=True)
    serving = asyncio.create_task(web.serve(sockets=[listener]))
    if not OVER_HTTP:
        await server.run_stdio_async()
        web.should_exit = True
    await serving


asyncio.run(main())
