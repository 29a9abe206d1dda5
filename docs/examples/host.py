"""Acme Notes, a product that lets its users connect apps by Gangway. It needs Python 3.9 or newer and nothing else:
`python3 host.py`. docs/host-guide.md explains it step by step."""

import base64, hashlib, hmac, json, os, random, re, time, urllib.error, urllib.request, uuid
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, urljoin, urlsplit

GANGWAY_URL = os.environ.get("GANGWAY_URL", "http://localhost:3000")
GANGWAY_API_KEY = os.environ.get("GANGWAY_API_KEY", "")
GANGWAY_WEBHOOK_SECRET = os.environ.get("GANGWAY_WEBHOOK_SECRET", "")
ALLOY_URL = os.environ.get("ALLOY_URL", "https://production.runalloy.com")
ALLOY_API_KEY = os.environ.get("ALLOY_API_KEY", "")
CHANNEL = "#general"
PORT = int(os.environ.get("PORT", "8080"))
RETURN_URL = f"http://localhost:{PORT}/"  # one of Gangway's host.return_urls

REASONS = {
    "access_denied": "It was cancelled on the app's own page. You can begin again at any time.",
    "canceled": "It was cancelled. You can begin again at any time.",
    "admin_approval": "Please ask your administrator there to approve the app, then begin again.",
    "no_return": "It was not finished in time. Please begin again, and go through to the end.",
    "foreign_return": "It was finished in another browser, and for your safety it does not count. Please begin again.",
    "completion_mismatch": "It was finished while somebody else was signed in. Please begin again.",
}


def signed_in(request):
    """Who is signed in to your product in this browser. Yours knows it from its own session, and from nothing else."""
    return {"id": "user-1", "name": "Jane Doe", "email": "jane@acme.test"}


def gangway(method, path, body=None, headers={}):
    headers = {"Authorization": f"Bearer {GANGWAY_API_KEY}", "Content-Type": "application/json", **headers}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{GANGWAY_URL}/api/v1{path}", data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or "null")
    except urllib.error.HTTPError as error:
        problem = json.loads(error.read())
        raise RuntimeError(f"Gangway: {problem['title']} Reference {problem['reference']}.") from None


def start_page(user, reconnect=None):
    """A session is Gangway's permission for one user. With the same key, asking again gives the same session."""
    wanted = {"user": user, "connector": "slack", "reconnect": reconnect, "after": "return", "return_url": RETURN_URL}
    key = {"Idempotency-Key": str(uuid.uuid4())}
    try:
        session = gangway("POST", "/connect-sessions", wanted, key)
    except OSError:  # once more, because an answer can be lost on the way
        session = gangway("POST", "/connect-sessions", wanted, key)
    start = urljoin(session["url"], "/start")
    why = '<p role="status">Slack does not accept this connection any more. Connect it again.</p>' if reconnect else ""
    return 200, page(f"""{why}<form method="post" action="{start}">
        <input type="hidden" name="code" value="{session['start_code']}"><button>Go on to connect Slack</button>
        </form>""")


def home(user, query):
    """The browser is back. What stands in its address proves nothing: it is only a question for Gangway."""
    if "gangway_completion" in query:
        # Gangway asks who is signed in here. Is nobody? Let them sign in first, and come back to this same address.
        who = {"completion": query["gangway_completion"][0], "user_id": user["id"]}
        return 303, gangway("POST", "/link-attempts/complete", who)["continue_url"]
    said = f"Your note is in {CHANNEL}." if "shared" in query else ""
    if "gangway_attempt_id" in query:
        attempt = gangway("GET", f"/link-attempts/{quote(query['gangway_attempt_id'][0], safe='')}?wait=10")
        said = outcome(user, attempt)
    connections = gangway("GET", f"{of(user)}/connections")["connections"]
    mine = [event for event in EVENTS if event["data"]["user_id"] == user["id"]]
    told = [f"<li>{escape(event['type'])} {escape(str(event['data']['connector']))}</li>" for event in mine]
    return 200, page(f"""{said and f'<p role="status">{escape(said)}</p>'}
        <form method="post" action="/connect"><button>Connect Slack</button></form>
        <h2>Connected</h2><ul>{"".join(map(connection_line, connections)) or "<li>Nothing yet</li>"}</ul>
        <h2>Share a note</h2>{share_form(user, connections)}
        <h2>What we were told</h2><ol>{"".join(told)}</ol>""")


class UsableConnection:
    """A connection, ready for use. Without `x-alloy-userid` Alloy acts as the owner of the API key, for any user.
    So the header is set here and nowhere else, and a connection that lacks an id cannot be used."""

    def __init__(self, connection):
        if not connection.get("alloy_user_id") or not connection.get("credential_id"):
            raise ValueError("This connection cannot be used: one of its ids is missing.")
        self.connector, self.credential_id = connection["connector"], connection["credential_id"]
        self.headers = {
            "Authorization": f"Bearer {ALLOY_API_KEY}",
            "Content-Type": "application/json",
            "x-api-version": "2025-09",
            "x-alloy-userid": connection["alloy_user_id"],
        }

    def execute(self, action, request_body):
        url = f"{ALLOY_URL}/connectors/{quote(self.connector, safe='')}/actions/{quote(action, safe='')}/execute"
        body = json.dumps({"credentialId": self.credential_id, "requestBody": request_body}).encode()
        for wait in (1, 2, 4, None):
            try:
                request = urllib.request.Request(url, body, self.headers, method="POST")
                with urllib.request.urlopen(request, timeout=30) as answer:
                    return result(answer.status, answer.read())
            except urllib.error.HTTPError as error:
                if error.code != 429:
                    return result(error.code, error.read())
                # Nothing was done, so it may be sent again: when Alloy says, else after about 1, 2 and 4 seconds.
                said = error.headers.get("retry-after", "")
                seconds = int(said) if said.isdecimal() else (wait or 0) * random.uniform(0.5, 1.5)
            if wait is None or seconds > 5:
                raise RuntimeError("Alloy is busy. Please try again in a minute.")
            time.sleep(seconds)


def result(status, body):
    """What an action gave. Alloy answers in more than one form, and a good status can carry a failure of the app."""
    try:
        told = dictionary(json.loads(body))
    except ValueError:
        told = {}
    given = told.get("responseData", told.get("result"))
    error, app = dictionary(told.get("error")), dictionary(given)
    inner = error.get("statusCode") or told.get("status")
    inner = inner if isinstance(inner, int) else status
    failed = told.get("success") is False or app.get("ok") is False or max(status, inner) >= 400
    if given is not None and not failed:
        return given
    code = str(error.get("code") or told.get("code") or app.get("error") or "")
    # A 404 is no refusal of the credential, and a refusal of your own Alloy key (401 without a code) is none either.
    if status < 500 and status != 404 and OF_CREDENTIAL.search(code):
        raise CredentialRefused("The app refuses the credential.")
    raise RuntimeError(f"Alloy did not confirm the action: {inner} {code}")


def dictionary(value):
    return value if isinstance(value, dict) else {}


OF_CREDENTIAL = re.compile(
    r"(^|_)(auth|authed|authentication|authorization|credentials?|token)(_|$)|^account_inactive$", re.IGNORECASE
)


class CredentialRefused(RuntimeError):
    """Only the user can mend it, by connecting again."""


def share(user, credential, note):
    """Shares a note to the Slack that the user chose. Not connected, or not any more? Then it leads to connecting."""
    connections = gangway("GET", f"{of(user)}/connections")["connections"]
    mine = [one for one in connections if one["connector"] == "slack" and one["credential_id"] == credential]
    if not mine:
        return start_page(user)
    SHARE_TO[user["id"]] = credential
    try:
        UsableConnection(mine[0]).execute("chat_postMessage", {"channel": CHANNEL, "text": note})
        return 303, "/?shared=1"
    except CredentialRefused:
        gangway("POST", f"{of(user)}/connections/{quote(credential, safe='')}/refused")
        return start_page(user, credential)


# Which of their accounts each user shares to. Your product keeps it in its database.
SHARE_TO = {}


def follow(event):
    """What is stored by a credential_id follows the events."""
    kind, data = event["type"], event["data"]
    chosen = SHARE_TO.get(data.get("user_id"))
    if not chosen:
        return
    if kind == "connection.replaced" and chosen == data["replaces"] and data["same_account"] is not False:
        SHARE_TO[data["user_id"]] = data["credential_id"]
    elif kind == "connection.replaced" and chosen == data["replaces"]:
        del SHARE_TO[data["user_id"]]  # another account than before: the user chooses again
    elif kind in ("connection.removed", "connection.unverified") and chosen == data["credential_id"]:
        del SHARE_TO[data["user_id"]]


def outcome(user, attempt):
    app = "Slack" if attempt["connector"] == "slack" else attempt["connector"]
    if attempt["user"]["id"] != user["id"]:
        return "That was begun by another user. Nothing was connected for you."
    if attempt["state"] == "linked":
        return f"{app} is connected."
    if attempt["state"] == "pending":
        return f"We do not know yet whether {app} is connected. Look again in a minute."
    why = REASONS.get(attempt["reason"], "It did not work. Please try again later.")
    return f"{app} is not connected. {why} ({attempt['reason']}, reference {attempt['reference']})"


def connection_line(connection):
    name, connector, credential = (escape(connection[key]) for key in ("name", "connector", "credential_id"))
    again = f"""<strong>Needs attention</strong><form method="post" action="/connect">
        <button name="reconnect" value="{credential}">Connect again</button></form>"""
    return f"""<li>{name} ({connector}) <form method="post" action="/disconnect">
        <button name="credential" value="{credential}">Disconnect</button></form>
        {again if connection["status"] == "needs_reconnect" else ""}</li>"""


def share_form(user, connections):
    """It is there before the first connection too: then it leads to connecting. With several accounts the user says
    which."""
    accounts = [one for one in connections if one["connector"] == "slack" and one["status"] == "connected"]
    ids = [one["credential_id"] for one in accounts]
    chosen = SHARE_TO.get(user["id"]) if SHARE_TO.get(user["id"]) in ids else next(iter(ids), None)
    options = [
        f"""<option value="{escape(one['credential_id'])}"{" selected" if one["credential_id"] == chosen else ""}>
        {escape(one["account"] or one["name"])}</option>"""
        for one in accounts
    ]
    choice = f'<label>Slack <select name="credential">{"".join(options)}</select></label>'
    return f"""<form method="post" action="/share"><label>Note <input name="note" required></label>
        {choice if accounts else ""}<button>Share to Slack</button></form>"""


def of(user):
    return f"/users/{quote(user['id'], safe='')}"


def page(body):
    return f'<!doctype html><html lang="en"><title>Acme Notes</title><h1>Acme Notes</h1>{body}</html>'


def is_genuine(headers, body):
    """Whether Gangway made this event, in the last five minutes. Any of the signatures may be the right one."""
    identifier, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    in_time = timestamp.isascii() and timestamp.isdigit() and abs(time.time() - int(timestamp)) <= 300
    if not in_time or not GANGWAY_WEBHOOK_SECRET.startswith("whsec_"):
        return False
    key = base64.b64decode(GANGWAY_WEBHOOK_SECRET.removeprefix("whsec_"))
    right = hmac.new(key, f"{identifier}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    right = b"v1," + base64.b64encode(right)
    given = headers.get("webhook-signature", "").encode().split(b" ")
    return any([hmac.compare_digest(right, signature) for signature in given])


# Your product keeps both in its database: an event may come more than once, and with the same id each time.
SEEN, EVENTS = set(), []


def hook(headers, body):
    if not is_genuine(headers, body):
        return 401, ""
    if headers["webhook-id"] not in SEEN:
        SEEN.add(headers["webhook-id"])
        event = json.loads(body)
        if event["data"].get("user_id"):
            EVENTS.append(event)
        follow(event)
    return 204, ""


def answer(request):
    address = urlsplit(request.path)
    asked = f"{request.command} {address.path}"
    if asked == "GET /":
        return home(signed_in(request), parse_qs(address.query))
    if request.command != "POST":
        return 404, ""
    body = request.rfile.read(min(int(request.headers.get("content-length", 0)), 65_536))
    if asked == "POST /hooks":
        return hook(request.headers, body)
    # Only your own pages may ask for a change. Your framework has a protection for that; this is the shortest one.
    if request.headers.get("sec-fetch-site") != "same-origin":
        return 403, ""
    user, form = signed_in(request), parse_qs(body.decode())
    credential, note, reconnect = (form.get(name, [""])[0] for name in ("credential", "note", "reconnect"))
    if asked == "POST /connect":
        return start_page(user, reconnect or None)
    if asked == "POST /share":
        return share(user, credential, note)
    if asked != "POST /disconnect":
        return 404, ""
    gangway("DELETE", f"{of(user)}/connections/{quote(credential, safe='')}")
    return 303, "/"


class AcmeNotes(BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            status, said = answer(self)
        except (OSError, RuntimeError, ValueError) as error:
            status, said = 502, page(f'<p role="alert">{escape(str(error))}</p><a href="/">Back</a>')
        self.send_response(status)
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Type", "text/html; charset=utf-8")
        if status == 303:
            self.send_header("Location", said)
        self.end_headers()
        self.wfile.write(said.encode())

    do_POST = do_GET


server = ThreadingHTTPServer(("127.0.0.1", PORT), AcmeNotes)
print(f"Acme Notes: {RETURN_URL}", flush=True)
server.serve_forever()
