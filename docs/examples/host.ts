// Acme Notes, a product that lets its users connect apps by Gangway. There is nothing to install: `node host.ts` with
// Node.js 22.18 or newer; with an older one, `npx tsx host.ts`. docs/host-guide.md explains it step by step.
import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from "node:http";

const { GANGWAY_URL = "http://localhost:3000", GANGWAY_API_KEY = "", GANGWAY_WEBHOOK_SECRET = "" } = process.env;
const { ALLOY_URL = "https://production.runalloy.com", ALLOY_API_KEY = "" } = process.env;
const CHANNEL = "#general";
const PORT = Number(process.env.PORT ?? 8080);
const RETURN_URL = `http://localhost:${PORT}/`; // one of Gangway's host.return_urls

type Attempt = { state: string; reason: string | null; connector: string; reference: string; user: { id: string } };
type Connection = {
  credential_id: string;
  alloy_user_id: string | null;
  connector: string;
  name: string;
  account: string | null;
  status: "connected" | "needs_reconnect";
};
type Told = {
  success?: boolean;
  status?: string | number;
  responseData?: { ok?: boolean; error?: string };
  result?: { ok?: boolean; error?: string };
  code?: string;
  error?: { code?: string; statusCode?: number };
};
type Event = {
  type: string;
  data: {
    user_id: string;
    connector: string | null;
    credential_id: string | null;
    replaces: string | null;
    same_account: boolean | null;
  };
};
type Answer = { status: number; location?: string; html?: string };

// Who is signed in to your product in this browser. Yours knows it from its own session, and from nothing else.
const signedIn = (_: IncomingMessage) => ({ id: "user-1", name: "Jane Doe", email: "jane@acme.test" });

async function gangway<T>(method: string, path: string, body?: object, headers = {}): Promise<T> {
  const answer = await fetch(`${GANGWAY_URL}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${GANGWAY_API_KEY}`, "content-type": "application/json", ...headers },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
  const told = answer.status === 204 ? null : await answer.json();
  if (!answer.ok) throw new Error(`Gangway: ${told.title} Reference ${told.reference}.`);
  return told as T;
}

// A session is Gangway's permission for one of your users. With the same key, asking again gives the same session.
async function startPage(user: { id: string }, reconnect?: string): Promise<Answer> {
  const wanted = { user, connector: "slack", reconnect, after: "return", return_url: RETURN_URL };
  const key = { "idempotency-key": randomUUID() };
  const ask = () => gangway<{ url: string; start_code: string }>("POST", "/connect-sessions", wanted, key);
  const session = await ask().catch(ask); // once more, because an answer can be lost on the way
  const start = new URL("/start", session.url);
  const why = reconnect ? '<p role="status">Slack does not accept this connection any more. Connect it again.</p>' : "";
  return page(`${why}<form method="post" action="${start}">
    <input type="hidden" name="code" value="${session.start_code}"><button>Go on to connect Slack</button></form>`);
}

// The browser is back. What stands in its address proves nothing: it is only a question for Gangway.
async function home(user: { id: string }, query: URLSearchParams): Promise<Answer> {
  const completion = query.get("gangway_completion");
  if (completion) {
    // Gangway asks who is signed in here. Is nobody? Then let them sign in first, and come back to this same address.
    const told = { completion, user_id: user.id };
    const done = await gangway<{ continue_url: string }>("POST", "/link-attempts/complete", told);
    return { status: 303, location: done.continue_url };
  }
  const id = query.get("gangway_attempt_id");
  const attempt = id && (await gangway<Attempt>("GET", `/link-attempts/${encodeURIComponent(id)}?wait=10`));
  const { connections } = await gangway<{ connections: Connection[] }>("GET", `${of(user)}/connections`);
  const mine = events.filter((event) => event.data.user_id === user.id);
  const said = attempt ? outcome(user, attempt) : query.has("shared") ? `Your note is in ${CHANNEL}.` : "";
  return page(`${said && `<p role="status">${text(said)}</p>`}
    <form method="post" action="/connect"><button>Connect Slack</button></form>
    <h2>Connected</h2><ul>${connections.map(connectionLine).join("") || "<li>Nothing yet</li>"}</ul>
    <h2>Share a note</h2>${shareForm(user, connections)}
    <h2>What we were told</h2><ol>${mine.map(eventLine).join("")}</ol>`);
}

// A connection, ready for use. Without `x-alloy-userid` Alloy acts as the owner of the API key, for any user.
// So the header is set here and nowhere else, and a connection that lacks an id cannot be used.
function useConnection({ alloy_user_id, credential_id, connector }: Connection) {
  if (!alloy_user_id || !credential_id) throw new Error("This connection cannot be used: one of its ids is missing.");
  const headers = {
    authorization: `Bearer ${ALLOY_API_KEY}`,
    "content-type": "application/json",
    "x-api-version": "2025-09",
    "x-alloy-userid": alloy_user_id,
  };
  return {
    async execute(action: string, requestBody: object): Promise<object> {
      const path = `/connectors/${encodeURIComponent(connector)}/actions/${encodeURIComponent(action)}/execute`;
      const body = JSON.stringify({ credentialId: credential_id, requestBody });
      for (let wait = 1; ; wait *= 2) {
        const signal = AbortSignal.timeout(30_000);
        const answer = await fetch(ALLOY_URL + path, { method: "POST", headers, body, signal });
        if (answer.status !== 429) return result(answer.status, await answer.json().catch(() => null));
        // Nothing was done, so it may be sent again: when Alloy says, else after about 1, 2 and 4 seconds.
        const seconds = Number(answer.headers.get("retry-after")) || wait * (0.5 + Math.random());
        if (wait > 4 || seconds > 5) throw new Error("Alloy is busy. Please try again in a minute.");
        await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
      }
    },
  };
}

// What an action gave. Alloy answers in more than one form, and a good status can carry a failure of the app.
function result(status: number, told: Told | null): object {
  const given = told?.responseData ?? told?.result;
  const inner = Number(told?.error?.statusCode ?? told?.status) || status;
  if (given && status < 400 && inner < 400 && told?.success !== false && given.ok !== false) return given;
  const code = told?.error?.code ?? told?.code ?? given?.error ?? "";
  // A 404 is no refusal of the credential, and a refusal of your own Alloy key (401 without a code) is none either.
  const refused = status < 500 && status !== 404 && OF_CREDENTIAL.test(code);
  if (refused) throw new CredentialRefused("The app refuses the credential.");
  throw new Error(`Alloy did not confirm the action: ${inner} ${code}`);
}

const OF_CREDENTIAL = /(^|_)(auth|authed|authentication|authorization|credentials?|token)(_|$)|^account_inactive$/i;

// Only the user can mend it, by connecting again.
class CredentialRefused extends Error {}

// Shares a note to the Slack that the user chose. Not connected, or not any more? Then it leads to connecting.
async function share(user: { id: string }, credential: string | null, note: string): Promise<Answer> {
  const { connections } = await gangway<{ connections: Connection[] }>("GET", `${of(user)}/connections`);
  const connection = connections.find((one) => one.connector === "slack" && one.credential_id === credential);
  if (!connection) return startPage(user);
  shareTo.set(user.id, connection.credential_id);
  try {
    await useConnection(connection).execute("chat_postMessage", { channel: CHANNEL, text: note });
    return { status: 303, location: "/?shared" };
  } catch (error) {
    if (!(error instanceof CredentialRefused)) throw error;
    await gangway("POST", `${of(user)}/connections/${encodeURIComponent(connection.credential_id)}/refused`);
    return startPage(user, connection.credential_id);
  }
}

// Which of their accounts each user shares to. Your product keeps it in its database.
const shareTo = new Map<string, string>();

// What is stored by a credential_id follows the events.
function follow({ type, data }: Event): void {
  if (type === "connection.replaced" && data.credential_id && shareTo.get(data.user_id) === data.replaces) {
    // Another account than before? Then let the user choose again.
    if (data.same_account === false) shareTo.delete(data.user_id);
    else shareTo.set(data.user_id, data.credential_id);
  }
  const over = type === "connection.removed" || type === "connection.unverified";
  if (over && shareTo.get(data.user_id) === data.credential_id) shareTo.delete(data.user_id);
}

function outcome(user: { id: string }, attempt: Attempt): string {
  const app = attempt.connector === "slack" ? "Slack" : attempt.connector;
  if (attempt.user.id !== user.id) return "That was begun by another user. Nothing was connected for you.";
  if (attempt.state === "linked") return `${app} is connected.`;
  if (attempt.state === "pending") return `We do not know yet whether ${app} is connected. Look again in a minute.`;
  const why = REASONS[attempt.reason ?? ""] ?? "It did not work. Please try again later.";
  return `${app} is not connected. ${why} (${attempt.reason}, reference ${attempt.reference})`;
}

const REASONS: Record<string, string> = {
  access_denied: "It was cancelled on the app's own page. You can begin again at any time.",
  canceled: "It was cancelled. You can begin again at any time.",
  admin_approval: "Please ask your administrator there to approve the app, then begin again.",
  no_return: "It was not finished in time. Please begin again, and go through to the end.",
  foreign_return: "It was finished in another browser, and for your safety it does not count. Please begin again.",
  completion_mismatch: "It was finished while somebody else was signed in. Please begin again.",
};

const connectionLine = ({ credential_id, name, connector, status }: Connection) => `<li>
  ${text(name)} (${text(connector)})
  <form method="post" action="/disconnect"><button name="credential" value="${text(credential_id)}">Disconnect</button>
  </form>${status === "needs_reconnect" ? `<strong>Needs attention</strong><form method="post" action="/connect">
  <button name="reconnect" value="${text(credential_id)}">Connect again</button></form>` : ""}</li>`;

// It is there before the first connection too: then it leads to connecting. With several accounts the user says which.
function shareForm(user: { id: string }, connections: Connection[]): string {
  const accounts = connections.filter(({ connector, status }) => connector === "slack" && status === "connected");
  const chosen = accounts.find((one) => one.credential_id === shareTo.get(user.id)) ?? accounts[0];
  const option = (one: Connection) => `<option value="${text(one.credential_id)}"${one === chosen ? " selected" : ""}>
    ${text(one.account ?? one.name)}</option>`;
  const choice = `<label>Slack <select name="credential">${accounts.map(option).join("")}</select></label>`;
  return `<form method="post" action="/share"><label>Note <input name="note" required></label>
    ${chosen ? choice : ""}<button>Share to Slack</button></form>`;
}

const eventLine = ({ type, data }: Event) => `<li>${text(`${type} ${data.connector}`)}</li>`;
const of = (user: { id: string }) => `/users/${encodeURIComponent(user.id)}`;
const text = (raw: string) => raw.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
const page = (body: string, status = 200): Answer => ({
  status,
  html: `<!doctype html><html lang="en"><title>Acme Notes</title><h1>Acme Notes</h1>${body}</html>`,
});

// Whether Gangway made this event, in the last five minutes. Any of the signatures may be the right one.
function isGenuine(headers: IncomingHttpHeaders, body: Buffer): boolean {
  const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures } = headers;
  const inTime = Math.abs(Date.now() / 1000 - Number(timestamp)) <= 300;
  if (!inTime || !GANGWAY_WEBHOOK_SECRET.startsWith("whsec_")) return false;
  const key = Buffer.from(GANGWAY_WEBHOOK_SECRET.slice("whsec_".length), "base64");
  const right = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest();
  return String(signatures).split(" ").some((signature) => {
    const given = Buffer.from(signature.startsWith("v1,") ? signature.slice(3) : "", "base64");
    return given.length === right.length && timingSafeEqual(given, right);
  });
}

// Your product keeps both in its database: an event may come more than once, and with the same id each time.
const seen = new Set<string>();
const events: Event[] = [];

function hook(headers: IncomingHttpHeaders, body: Buffer): Answer {
  if (!isGenuine(headers, body)) return { status: 401 };
  const id = String(headers["webhook-id"]);
  if (!seen.has(id)) {
    seen.add(id);
    const event = JSON.parse(body.toString()) as Event;
    if (event.data.user_id) events.push(event);
    follow(event);
  }
  return { status: 204 };
}

async function answer(request: IncomingMessage): Promise<Answer> {
  const { pathname, searchParams } = new URL(request.url ?? "/", RETURN_URL);
  const asked = `${request.method} ${pathname}`;
  if (asked === "GET /") return home(signedIn(request), searchParams);
  if (request.method !== "POST") return { status: 404 };
  const body = await bodyOf(request);
  if (asked === "POST /hooks") return hook(request.headers, body);
  // Only your own pages may ask for a change. Your framework has a protection for that; this is the shortest one.
  if (request.headers["sec-fetch-site"] !== "same-origin") return { status: 403 };
  const [user, form] = [signedIn(request), new URLSearchParams(body.toString())];
  if (asked === "POST /connect") return startPage(user, form.get("reconnect") ?? undefined);
  if (asked === "POST /share") return share(user, form.get("credential"), form.get("note") ?? "");
  if (asked !== "POST /disconnect") return { status: 404 };
  await gangway("DELETE", `${of(user)}/connections/${encodeURIComponent(form.get("credential") ?? "")}`);
  return { status: 303, location: "/" };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) if (parts.push(part) > 64) throw new Error("The body is too large.");
  return Buffer.concat(parts);
}

createServer(async (request, response) => {
  const sorry = ({ message }: Error) => page(`<p role="alert">${text(message)}</p><a href="/">Back</a>`, 502);
  const { status, location, html } = await answer(request).catch(sorry);
  response.setHeader("cache-control", "no-store").setHeader("content-type", "text/html; charset=utf-8");
  response.writeHead(status, location ? { location } : {}).end(html);
}).listen(PORT, "127.0.0.1", () => console.log(`Acme Notes: ${RETURN_URL}`));
