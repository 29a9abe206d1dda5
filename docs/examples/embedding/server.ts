// A host with pages that do the same: a form that the server writes, one with a frame, React, and Vue. There is nothing to
// install for the first two; the others want their bundles in ASSETS. docs/embedding.md explains it.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { join } from "node:path";

const { GANGWAY_URL = "http://localhost:3000", GANGWAY_API_KEY = "", ASSETS = "." } = process.env;
const PORT = Number(process.env.PORT ?? 8080);
// One of Gangway's host.origins. The pages are at its public_url's origin, here the same as where servers reach it.
const ORIGIN = process.env.ORIGIN ?? `http://localhost:${PORT}`;
const GANGWAY = process.env.GANGWAY_PUBLIC_URL ?? GANGWAY_URL;

const POLICY = [
  "default-src 'self'",
  `script-src 'self' ${GANGWAY}`,
  `connect-src 'self' ${GANGWAY}`,
  `img-src 'self' ${GANGWAY}`,
  `form-action 'self' ${GANGWAY}`,
  `frame-src ${GANGWAY}`, // for /frame alone
].join("; ");

// Your framework has a protection of its own against forged forms; its field stays as it is.
const CSRF_TOKEN = randomUUID();
const user = { id: "user-1", name: "Jane Doe", email: "jane@acme.test" };

type Answer = { status: number; type?: string; body?: string };

async function gangway(method: string, path: string, body?: object) {
  const answer = await fetch(`${GANGWAY_URL}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${GANGWAY_API_KEY}`, "content-type": "application/json" },
    body: body && JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`Gangway answered ${answer.status}.`);
  return answer.json();
}

// The one place of your server that changes: the script gets Gangway's answer as it is, a browser without it goes on in
// this tab.
async function connect(request: IncomingMessage, connector: string): Promise<Answer> {
  const session = await gangway("POST", "/connect-sessions", { user, connector });
  if (request.headers.accept === "application/json") return json(session);
  return html(START_PAGE.replace("START_CODE", session.start_code));
}

const START_PAGE = `<!doctype html><html lang="en"><title>Acme Notes</title><h1>Acme Notes</h1>
  <form method="post" action="https://connect.example.com/start">
    <input type="hidden" name="code" value="START_CODE"><button>Go on to connect</button></form></html>`;

async function connected(): Promise<string[]> {
  const { connections } = await gangway("GET", `/users/${user.id}/connections`);
  return connections.map(({ name }: { name: string }) => name);
}

const names = async () => (await connected()).join(", ");

async function answer(request: IncomingMessage): Promise<Answer> {
  const { pathname } = new URL(request.url ?? "/", ORIGIN);
  if (request.method === "POST") {
    const form = new URLSearchParams(await bodyOf(request));
    const allowed = pathname === "/connect" && form.get("csrf_token") === CSRF_TOKEN;
    return allowed ? connect(request, form.get("connector") ?? "") : { status: 403 };
  }
  if (pathname === "/connections") return json(await connected());
  if (["/form", "/frame"].includes(pathname)) return html(file(`${pathname}.html`).replace("CONNECTED", await names()));
  if (pathname === "/react" || pathname === "/vue") return html(shell(pathname));
  return { status: 200, type: "text/javascript; charset=utf-8", body: file(pathname.slice(1)) };
}

const shell = (name: string) => `<!doctype html><html lang="en"><meta name="csrf-token" content="CSRF_TOKEN">
  <title>Connections – Acme Notes</title><div id="app"></div><script type="module" src="${name}.js"></script></html>`;
const file = (name: string) => readFileSync(join(ASSETS, name.replaceAll("/", "")), "utf8");
const html = (body: string): Answer => {
  const text = body.replace("CSRF_TOKEN", CSRF_TOKEN).replaceAll("https://connect.example.com", GANGWAY);
  return { status: 200, type: "text/html; charset=utf-8", body: text };
};
const json = (body: object): Answer => ({ status: 200, type: "application/json", body: JSON.stringify(body) });

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) if (parts.push(part) > 64) throw new Error("The body is too large.");
  return Buffer.concat(parts).toString();
}

createServer(async (request, response) => {
  const sorry = ({ message }: Error): Answer => ({ status: 502, type: "text/plain; charset=utf-8", body: message });
  const { status, type, body } = await answer(request).catch(sorry);
  response.setHeader("content-security-policy", POLICY).setHeader("cache-control", "no-store");
  if (type) response.setHeader("content-type", type);
  response.writeHead(status).end(body);
}).listen(PORT, "127.0.0.1", () => console.log(`Acme Notes: ${ORIGIN}/form`));
