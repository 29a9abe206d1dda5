// Acme Notes, a product that lets its users connect apps by Gangway. There is nothing to install: `node host.ts` with
// Node.js 22.18 or newer; with an older one, `npx tsx host.ts`. docs/host-guide.md explains it step by step.
import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from "node:http";

const { GANGWAY_URL = "http://localhost:3000", GANGWAY_API_KEY = "", GANGWAY_WEBHOOK_SECRET = "" } = process.env;
const PORT = Number(process.env.PORT ?? 8080);
const RETURN_URL = `http://localhost:${PORT}/`; // one of Gangway's host.return_urls

type Attempt = { state: string; reason: string | null; connector: string; reference: string; user: { id: string } };
type Connection = { credential_id: string; connector: string; name: string };
type Event = { type: string; data: { user_id: string; connector: string | null } };
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
async function startPage(user: { id: string }): Promise<Answer> {
  const wanted = { user, connector: "slack", after: "return", return_url: RETURN_URL };
  const key = { "idempotency-key": randomUUID() };
  const ask = () => gangway<{ url: string; start_code: string }>("POST", "/connect-sessions", wanted, key);
  const session = await ask().catch(ask); // once more, because an answer can be lost on the way
  const start = new URL("/start", session.url);
  return page(`<form method="post" action="${start}">
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
  return page(`${attempt ? `<p role="status">${text(outcome(user, attempt))}</p>` : ""}
    <h2>Connected</h2><ul>${connections.map(connectionLine).join("") || "<li>Nothing yet</li>"}</ul>
    <form method="post" action="/connect"><button>Connect Slack</button></form>
    <h2>What we were told</h2><ol>${mine.map(eventLine).join("")}</ol>`);
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

const connectionLine = ({ credential_id, name, connector }: Connection) => `<li>${text(name)} (${text(connector)})
  <form method="post" action="/disconnect"><button name="credential" value="${text(credential_id)}">Disconnect</button>
  </form></li>`;
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
  if (asked === "POST /connect") return startPage(signedIn(request));
  if (asked !== "POST /disconnect") return { status: 404 };
  const credential = new URLSearchParams(body.toString()).get("credential") ?? "";
  await gangway("DELETE", `${of(signedIn(request))}/connections/${encodeURIComponent(credential)}`);
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
