"""Acme Notes, a product that lets its users connect apps by Gangway. It needs Python 3.9 or newer and nothing else:
`python3 host.py`. docs/host-guide.md explains it step by step."""

import base64, hashlib, hmac, json, os, time, urllib.error, urllib.request, uuid
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, urljoin, urlsplit

GANGWAY_URL = os.environ.get("GANGWAY_URL", "http://localhost:3000")
GANGWAY_API_KEY = os.environ.get("GANGWAY_API_KEY", "")
GANGWAY_WEBHOOK_SECRET = os.environ.get("GANGWAY_WEBHOOK_SECRET", "")
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


def start_page(user):
    """A session is Gangway's permission for one user. With the same key, asking again gives the same session."""
    wanted = {"user": user, "connector": "slack", "after": "return", "return_url": RETURN_URL}
    key = {"Idempotency-Key": str(uuid.uuid4())}
    try:
        session = gangway("POST", "/connect-sessions", wanted, key)
    except OSError:  # once more, because an answer can be lost on the way
        session = gangway("POST", "/connect-sessions", wanted, key)
    start = urljoin(session["url"], "/start")
    return 200, page(f"""<form method="post" action="{start}">
        <input type="hidden" name="code" value="{session['start_code']}"><button>Go on to connect Slack</button>
        </form>""")


def home(user, query):
    """The browser is back. What stands in its address proves nothing: it is only a question for Gangway."""
    if "gangway_completion" in query:
        # Gangway asks who is signed in here. Is nobody? Let them sign in first, and come back to this same address.
        who = {"completion": query["gangway_completion"][0], "user_id": user["id"]}
        return 303, gangway("POST", "/link-attempts/complete", who)["continue_url"]
    said = ""
    if "gangway_attempt_id" in query:
        attempt = gangway("GET", f"/link-attempts/{quote(query['gangway_attempt_id'][0], safe='')}?wait=10")
        said = f'<p role="status">{escape(outcome(user, attempt))}</p>'
    connections = gangway("GET", f"{of(user)}/connections")["connections"]
    mine = [event for event in EVENTS if event["data"]["user_id"] == user["id"]]
    told = [f"<li>{escape(event['type'])} {escape(str(event['data']['connector']))}</li>" for event in mine]
    return 200, page(f"""{said}<h2>Connected</h2>
        <ul>{"".join(map(connection_line, connections)) or "<li>Nothing yet</li>"}</ul>
        <form method="post" action="/connect"><button>Connect Slack</button></form>
        <h2>What we were told</h2><ol>{"".join(told)}</ol>""")


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
    return f"""<li>{name} ({connector}) <form method="post" action="/disconnect">
        <button name="credential" value="{credential}">Disconnect</button></form></li>"""


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
    if asked == "POST /connect":
        return start_page(signed_in(request))
    if asked != "POST /disconnect":
        return 404, ""
    credential = parse_qs(body.decode()).get("credential", [""])[0]
    gangway("DELETE", f"{of(signed_in(request))}/connections/{quote(credential, safe='')}")
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
