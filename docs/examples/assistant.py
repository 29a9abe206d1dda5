"""An MCP server of Acme Notes. Its one tool posts to the Slack that the user has connected by Gangway; without a
connection it first asks the user to open a page of ours. docs/assistants.md explains it step by step.

    pip install mcp==2.3.0
    python3 assistant.py          over stdio, for the user of ACME_USER
    python3 assistant.py --http   over Streamable HTTP at /mcp, for the user of each bearer token (ACME_TOKENS)

It needs Python 3.10 or newer."""

import asyncio, json, os, re, secrets, socket, sys, time, urllib.error, urllib.request, uuid
from html import escape
from urllib.parse import quote, urljoin

import uvicorn
from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.auth.provider import AccessToken
from mcp.server.auth.settings import AuthSettings
from mcp.server.mcpserver import Context, MCPServer
from mcp.shared.exceptions import UrlElicitationRequiredError
from mcp_types import CallToolResult, ElicitRequest, ElicitRequestURLParams, InputRequiredResult, TextContent
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

GANGWAY_URL = os.environ.get("GANGWAY_URL", "http://localhost:3000")
GANGWAY_API_KEY = os.environ.get("GANGWAY_API_KEY", "")
ALLOY_URL = os.environ.get("ALLOY_URL", "https://production.runalloy.com")
ALLOY_API_KEY = os.environ.get("ALLOY_API_KEY", "")
PORT = int(os.environ.get("PORT", "8080"))
ACME_URL = f"http://localhost:{PORT}"  # one of Gangway's host.origins
RETURN_URL = f"{ACME_URL}/"  # one of Gangway's host.return_urls
LINK_SECONDS = float(os.environ.get("LINK_SECONDS", "600"))  # how long a link can be opened
WAIT_SECONDS = float(os.environ.get("WAIT_SECONDS", "50"))  # many assistants end a call after a minute
OVER_HTTP = "--http" in sys.argv

# Your product's users, and how they sign in here: yours has a sign-in of its own. So it is with the tokens
# ("token-1=jane,token-2=sam"), which an OAuth server hands out to assistants.
USERS = {"jane": "Jane Doe", "sam": "Sam Lee"}
TOKENS = dict(pair.split("=") for pair in os.environ.get("ACME_TOKENS", "").split(",") if pair)
SIGN_INS = {}


class Link:
    """The link that an assistant shows to its user."""

    def __init__(self, user):
        self.id, self.user, self.expires = str(uuid.uuid4()), user, time.time() + LINK_SECONDS
        self.sessions, self.spoiled = [], False


LINKS = {}  # by user; your product keeps these in its database


def call(url, key, method, body=None, headers={}):
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json", **headers}
    data = None if body is None else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, headers, method=method), timeout=60) as answer:
            return json.loads(answer.read() or "null")
    except urllib.error.HTTPError as error:
        raise Failure(f"{method} {error.url}: {error.code}", error.read()) from None


class Failure(RuntimeError):
    """What it says, and the body of the answer."""


async def gangway(method, path, body=None):
    return await asyncio.to_thread(call, f"{GANGWAY_URL}/api/v1{path}", GANGWAY_API_KEY, method, body)


def of(user):
    return f"/users/{quote(user, safe='')}/connections"


async def slacks_of(user):
    """The user's Slack that can be used, and the one that Slack refuses; each of them can be None."""
    slacks = [one for one in (await gangway("GET", of(user)))["connections"] if one["connector"] == "slack"]
    slacks.sort(key=lambda one: one["created_at"], reverse=True)  # several? The newest
    refused = [one for one in slacks if one["status"] == "needs_reconnect"]
    return next((one for one in slacks if one not in refused), None), next(iter(refused), None)


async def post(user, slack, channel, text):
    """Posts by Alloy; False if Slack does not take this credential any more. Without x-alloy-userid, Alloy would act
    as the owner of the key. Both ids come from Gangway, never from a model."""
    if not slack["alloy_user_id"]:
        raise Failure("The connection names no user of Alloy.")
    headers = {"x-api-version": "2025-09", "x-alloy-userid": slack["alloy_user_id"]}
    body = {"credentialId": slack["credential_id"], "requestBody": {"channel": channel, "text": text}}
    url = f"{ALLOY_URL}/connectors/slack/actions/chat_postMessage/execute"
    try:
        told = await asyncio.to_thread(call, url, ALLOY_API_KEY, "POST", body, headers)
    except Failure as failure:
        told = json.loads(failure.args[1])
    given = told.get("responseData") or told.get("result") or {}  # a good status can carry a failure of the app
    if given and given.get("ok") is not False and told.get("success") is not False:
        return True
    code = (told.get("error") or {}).get("code") or told.get("code") or given.get("error") or ""
    if not re.search("(^|_)(auth|authentication|credentials?|token)(_|$)|^account_inactive$", code, re.IGNORECASE):
        raise Failure(f"Alloy did not post: {code}")
    await gangway("POST", f"{of(user)}/{quote(slack['credential_id'], safe='')}/refused")
    return False


WORDS = {
    "linked": "Slack is connected, but does not take the message. Nothing was posted.",
    "decline": "The user does not want to connect Slack now. Nothing was posted.",
    "cancel": "The user closed the request to connect Slack. Nothing was posted; ask them whether to try again.",
    "open": "Slack is not connected yet. Nothing was posted. When the user has done it in the browser, call this "
    "again.",
    "expired": "The link to connect Slack was not used in time. Nothing was posted. Calling this again makes a new "
    "one.",
    "another": "Another person opened the link. Nothing was connected or posted. Calling this again makes a new link.",
    "denied": "Slack was not connected, because it was refused on Slack's page. Nothing was posted.",
    "unverified": "Slack was connected by another person or in another browser, and does not count. Nothing was "
    "posted.",
    "failed": "Slack could not be connected. Nothing was posted.",
}


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
    return LINKS.setdefault(user, Link(user))  # the same one as long as it is open


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

    async def posted():
        usable, _ = await slacks_of(user)
        if usable is None or not await post(user, usable, channel, text):
            return False
        LINKS.pop(user, None)
        return True

    try:
        if await posted():
            return says(f"Posted to {channel} in Slack.")
        link = link_of(user)
        end = await end_of(link, 0)  # an earlier call may have shown the link
        if end == "open":
            end = await ask(link, ctx)
        if not isinstance(end, str):
            return end
        if end != "open":
            LINKS.pop(user, None)
        if end == "linked" and await posted():
            return says(f"Slack is connected now. Posted to {channel} in Slack.")
        return says(WORDS[end], is_error=True)
    except (OSError, ValueError, Failure) as error:  # what it says stays here: it is not for a model
        print(error.args[:1], file=sys.stderr)
        return says("That did not work. Please try again later.", is_error=True)


async def ask(link, ctx):
    """Asks the user to open the link; gives its end, or what has to be answered first."""
    message = "Acme Notes needs your Slack to post for you. Please connect it in your browser."
    url = f"{ACME_URL}/connect/slack?elicitation={link.id}"  # it opens nothing by itself: it is no secret
    elicitation = ElicitRequestURLParams(message=message, url=url, elicitation_id=link.id)
    stateless = ctx.protocol_version >= "2026-07-28"
    can = ctx.client_capabilities and ctx.client_capabilities.elicitation
    if not can or can.url is None:
        # This assistant cannot be asked meanwhile: the call fails (with -32042 where the revision has it), and is made
        # again afterwards.
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


async def connect(request: Request) -> Response:
    """The page behind the link. It signs the user in, compares, and hands over to Gangway."""
    asked = request.query_params.get("elicitation")
    link = next((link for link in LINKS.values() if link.id == asked), None)
    if link is None or link.spoiled or time.time() > link.expires:
        return page("<p>This link has expired. Ask your assistant for a new one.</p>", 410)
    user = SIGN_INS.get(request.cookies.get("acme_session", ""))
    if user is None:
        buttons = [f'<button name="user" value="{one}">Sign in as {name}</button>' for one, name in USERS.items()]
        return page(f"""<form method="post" action="/sign-in">
            <input type="hidden" name="elicitation" value="{link.id}">{"".join(buttons)}</form>""")
    if user != link.user:
        # Passed on: what this person connects must not be the other one's.
        link.spoiled = not link.sessions
        return page("<p>This link is for another user of Acme Notes. Nothing was connected.</p>", 403)
    _, refused = await slacks_of(user)
    who = {"id": user, "name": USERS[user]}
    wanted = {"user": who, "connector": "slack", "after": "return", "return_url": RETURN_URL}
    wanted["client_reference"] = link.id  # events name it too
    if refused:
        wanted["reconnect"] = refused["credential_id"]
    session = await gangway("POST", "/connect-sessions", wanted)
    link.sessions.insert(0, session["id"])  # opened once more, the page goes on with what was begun
    return page(f"""<p>Your assistant asks to use Slack for {escape(USERS[user])}.</p>
        <form method="post" action="{urljoin(session['url'], '/start')}">
        <input type="hidden" name="code" value="{session['start_code']}">
        <button>Go on to connect Slack</button></form>""")


async def sign_in(request: Request) -> Response:
    form = await request.form()
    if request.headers.get("sec-fetch-site") != "same-origin" or form.get("user") not in USERS:
        return Response(status_code=403)
    cookie = secrets.token_urlsafe()
    SIGN_INS[cookie] = form["user"]
    response = RedirectResponse(f"/connect/slack?elicitation={quote(str(form.get('elicitation')), safe='')}", 303)
    response.set_cookie("acme_session", cookie, httponly=True, samesite="lax")
    return response


async def returned(request: Request) -> Response:
    completion = request.query_params.get("gangway_completion")  # host.verify_completion: Gangway asks who came back
    if completion is None:
        return page("<p>You can close this page and go back to your assistant.</p>")
    who = {"completion": completion, "user_id": SIGN_INS.get(request.cookies.get("acme_session", ""), "")}
    return RedirectResponse((await gangway("POST", "/link-attempts/complete", who))["continue_url"], 303)


async def main():
    pages = [Route("/connect/slack", connect), Route("/sign-in", sign_in, methods=["POST"]), Route("/", returned)]
    app = server.streamable_http_app() if OVER_HTTP else Starlette()
    app.router.routes.extend(pages)
    # An access log would have completions in it.
    web = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    listener = socket.create_server(("127.0.0.1", PORT))
    # Over stdio, only the protocol may go to standard output.
    print(f"Acme Notes: {RETURN_URL}", file=sys.stdout if OVER_HTTP else sys.stderr, flush=True)
    serving = asyncio.create_task(web.serve(sockets=[listener]))
    if OVER_HTTP:
        await serving
    else:
        await server.run_stdio_async()
        web.should_exit = True
        await serving


asyncio.run(main())
