// An MCP server of Acme Notes. Its one tool posts to the Slack that the user has connected by Gangway; without a
// connection it first asks the user to open a page of ours. docs/assistants.md explains it step by step.
//   echo '{"type":"module"}' > package.json && npm install @modelcontextprotocol/sdk@1.32.2 zod@4
//   node assistant.ts          over stdio, for the user of ACME_USER
//   node assistant.ts --http   over Streamable HTTP at /mcp, for the user of each bearer token (ACME_TOKENS)
// It needs Node.js 22.18 or newer; with an older one, `npx tsx assistant.ts`.
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { UrlElicitationRequiredError, type ElicitRequestURLParams } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";

const { GANGWAY_URL = "http://localhost:3000", GANGWAY_API_KEY = "" } = process.env;
const { ALLOY_URL = "https://production.runalloy.com", ALLOY_API_KEY = "" } = process.env;
const PORT = Number(process.env.PORT ?? 8080);
const ACME_URL = process.env.ACME_URL ?? `http://localhost:${PORT}`; // one of host.origins; https in production
const RETURN_URL = `${ACME_URL}/`; // one of host.return_urls
const LINK_SECONDS = Number(process.env.LINK_SECONDS ?? 600); // how long a link can be opened
const WAIT_SECONDS = Number(process.env.WAIT_SECONDS ?? 50); // many assistants end a call after a minute

type Connection = {
  connector: string;
  status: "connected" | "needs_reconnect";
  created_at: string | null;
  credential_id: string;
  alloy_user_id: string | null;
};
type ActionResult = { ok?: boolean; error?: string };
type AlloyAnswer = {
  responseData?: ActionResult;
  result?: ActionResult;
  success?: boolean;
  status?: string | number;
  code?: string;
  error?: { code?: string; statusCode?: number };
};
type Attempt = { id: string; state: string };
// The link that an assistant shows to its user, by user. Your product keeps these in its database, by client too.
type Link = { id: string; user: string; expires: number; sessions: string[]; spoiled?: boolean };
const links = new Map<string, Link>();

// Your product's users, and how they sign in here: yours has a sign-in of its own. So it is with the tokens
// ("token-1=jane,token-2=sam"), which an OAuth server hands out to assistants.
const USERS = new Map([["jane", "Jane Doe"], ["sam", "Sam Lee"]]);
const TOKENS = new Map((process.env.ACME_TOKENS ?? "").split(",").map((pair) => pair.split("=") as [string, string]));
const signIns = new Map<string, string>();
const signedIn = (request: IncomingMessage) =>
  signIns.get(/(?:^|; )acme_session=([^;]+)/.exec(request.headers.cookie ?? "")?.[1] ?? "");

async function call(url: string, key: string, method: string, body?: object, headers = {}) {
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(60_000),
  });
  const json: unknown = await response.json().catch(() => null); // 204 has no body, and an outage may answer HTML
  return { status: response.status, json };
}
async function gangway<T>(method: string, path: string, body?: object): Promise<T> {
  const { status, json } = await call(`${GANGWAY_URL}/api/v1${path}`, GANGWAY_API_KEY, method, body);
  if (status >= 400) throw new Error(`${method} ${path}: ${status}`, { cause: json });
  return json as T;
}
const of = (user: string) => `/users/${encodeURIComponent(user)}/connections`;

// The user's Slack: of several, the newest. If it needs a reconnect, no older one takes its place, because a message
// for one workspace must not go to another.
async function slackOf(user: string): Promise<Connection | undefined> {
  const { connections } = await gangway<{ connections: Connection[] }>("GET", of(user));
  const created = (one: Connection) => Date.parse(one.created_at ?? "") || 0;
  const slacks = connections.filter(({ connector }) => connector === "slack");
  return slacks.sort((one, other) => created(other) - created(one))[0];
}

const OF_CREDENTIAL = /(^|_)(auth|authed|authentication|authorization|credentials?|token)(_|$)|^account_inactive$/i;

// Posts by Alloy, if Slack is connected. Without x-alloy-userid, Alloy would act as the owner of the key. Both ids come
// from Gangway, never from a model.
type Outcome = "posted" | "not connected" | "refused" | "busy";
async function post(user: string, channel: string, text: string, signal: AbortSignal): Promise<Outcome> {
  const slack = await slackOf(user);
  if (slack?.status !== "connected") return "not connected";
  if (!slack.alloy_user_id) throw new Error("The connection names no user of Alloy.");
  signal.throwIfAborted(); // a cancelled call posts nothing
  const headers = { "x-api-version": "2025-09", "x-alloy-userid": slack.alloy_user_id };
  const action = { credentialId: slack.credential_id, requestBody: { channel, text } };
  const url = `${ALLOY_URL}/connectors/slack/actions/chat_postMessage/execute`;
  const { status, json } = await call(url, ALLOY_API_KEY, "POST", action, headers);
  if (status === 429) return "busy";
  const answer = (json ?? {}) as AlloyAnswer;
  const result = answer.responseData ?? answer.result; // a good status can carry a failure of the app
  const inner = Number(answer.error?.statusCode ?? answer.status) || status;
  const isGood = status < 400 && inner < 400 && answer.success !== false && result?.ok !== false;
  if (result && isGood) return links.delete(user), "posted";
  const code = answer.error?.code ?? answer.code ?? result?.error ?? "";
  // A 404 is no refusal of the credential, and a refusal of your own Alloy key (401 without a code) is none either.
  if (status >= 500 || status === 404 || !OF_CREDENTIAL.test(code)) {
    throw new Error(`Alloy did not confirm the message: ${inner} ${code}`);
  }
  await gangway("POST", `${of(user)}/${encodeURIComponent(slack.credential_id)}/refused`);
  return "refused";
}

const WORDS = {
  linked: "Slack is connected, but does not take the message. Nothing was posted.",
  declined: "The user does not want to connect Slack now. Nothing was posted.",
  cancelled: "The user closed the request to connect Slack. Nothing was posted; ask them whether to try again.",
  open: "Slack is not connected yet. Nothing was posted. When the user has done it in the browser, call this again.",
  expired: "The link to connect Slack was not used in time. Nothing was posted. Calling this again makes a new one.",
  another: "Another person opened the link. Nothing was connected or posted. Calling this again makes a new link.",
  denied: "Slack was not connected, because it was refused on Slack's page. Nothing was posted.",
  unverified: "Slack was connected by another person or in another browser, and does not count. Nothing was posted.",
  failed: "Slack could not be connected. Nothing was posted.",
  busy: "Slack takes no more messages right now. Nothing was posted. Try again in a minute.",
};

// How a link ended: "open" if it has not within that many seconds.
async function endOf(link: Link, seconds: number, signal: AbortSignal): Promise<keyof typeof WORDS> {
  const until = Date.now() + seconds * 1000;
  for (;;) {
    signal.throwIfAborted();
    let last: Attempt | undefined;
    for (const session of link.sessions) {
      const path = `/link-attempts?session=${session}&limit=1`;
      last ??= (await gangway<{ link_attempts: Attempt[] }>("GET", path)).link_attempts[0];
    }
    if (last) {
      // Gangway answers when the attempt ends. A webhook tells it too, to a server that is not waiting.
      const left = Math.max(0, Math.min(30, Math.ceil((until - Date.now()) / 1000)));
      const { state } = await gangway<Attempt>("GET", `/link-attempts/${last.id}?wait=${left}`);
      if (state !== "pending") return state as keyof typeof WORDS;
    }
    if (link.spoiled) return "another";
    if (!last && Date.now() > link.expires) return "expired";
    if (Date.now() >= until) return "open";
    await sleep(500);
  }
}

function linkOf(user: string): Link {
  const created = { id: randomUUID(), user, expires: Date.now() + LINK_SECONDS * 1000, sessions: [] };
  const link = links.get(user) ?? created; // the same one as long as it is open
  links.set(user, link);
  return link;
}

// The server of one user, whom our own authentication has named. Not even the model can name another one.
function assistantOf(user: string): McpServer {
  const server = new McpServer({ name: "acme-notes", version: "1.0.0" });
  const description = "Posts a message to the user's Slack. Without a connection, the user is asked to connect it.";
  const inputSchema = { channel: z.string().describe("Such as #general"), text: z.string() };
  server.registerTool("post_to_slack", { description, inputSchema }, async ({ channel, text }, extra) => {
    const { requestId, signal } = extra; // aborted when the assistant cancels the call
    const says = (words: string, isError = false) => ({ content: [{ type: "text" as const, text: words }], isError });
    try {
      let outcome = await post(user, channel, text, signal);
      if (outcome === "posted") return says(`Posted to ${channel} in Slack.`);
      if (outcome === "busy") return says(WORDS.busy, true);
      const link = linkOf(user);
      let end = await endOf(link, 0, signal); // an earlier call may have shown the link
      if (end === "open") end = await ask(link, requestId, signal);
      if (end !== "open") links.delete(user);
      // Slack may be connected without this link, too: on another page of the product meanwhile.
      if (["linked", "open", "expired"].includes(end)) outcome = await post(user, channel, text, signal);
      if (outcome === "posted") return says(`Slack is connected now. Posted to ${channel} in Slack.`);
      return says(WORDS[outcome === "busy" ? outcome : end], true);
    } catch (error) {
      if (error instanceof UrlElicitationRequiredError) throw error;
      console.error(error);
      return says("That did not work. Please try again later.", true);
    }
  });

  async function ask(link: Link, relatedRequestId: string | number, signal: AbortSignal): Promise<keyof typeof WORDS> {
    const message = "Acme Notes needs your Slack to post for you. Please connect it in your browser.";
    const url = `${ACME_URL}/connect/slack?elicitation=${link.id}`; // it opens nothing by itself: it is no secret
    const elicitation: ElicitRequestURLParams = { mode: "url", elicitationId: link.id, url, message };
    if (!server.server.getClientCapabilities()?.elicitation?.url) {
      // This assistant cannot be asked meanwhile: the call fails with -32042, and is made again afterwards.
      throw new UrlElicitationRequiredError([elicitation], `${message} ${url} Then call this again.`);
    }
    const options = { relatedRequestId, signal, timeout: 600_000 };
    const { action } = await server.server.elicitInput(elicitation, options);
    if (action !== "accept") return action === "decline" ? "declined" : "cancelled";
    const end = await endOf(link, WAIT_SECONDS, signal); // accepted is the opening of the page, and no more
    if (end !== "open") await server.server.createElicitationCompletionNotifier(link.id, { relatedRequestId })();
    return end;
  }
  return server;
}

const escape = (raw: string) => raw.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
type Page = { status: number; html?: string; headers?: Record<string, string> };
const page = (body: string, status = 200): Page => ({
  status,
  html: `<!doctype html><html lang="en"><title>Acme Notes</title><h1>Acme Notes</h1>${body}</html>`,
});

// It goes on to the page that the user came for, which is known by one parameter.
function signInPage(name: "elicitation" | "gangway_completion", value: string): Page {
  const buttons = [...USERS].map(([id, full]) => `<button name="user" value="${id}">Sign in as ${full}</button>`);
  return page(`<form method="post" action="/sign-in"><input type="hidden" name="${name}" value="${escape(value)}">
    ${buttons.join("")}</form>`);
}

// The page behind the link. It signs the user in, compares, and hands over to Gangway.
async function connectPage(request: IncomingMessage, id: string): Promise<Page> {
  const link = [...links.values()].find((one) => one.id === id);
  const isOver = !link || link.spoiled || Date.now() > link.expires;
  if (isOver) return page("<p>This link has expired. Ask your assistant for a new one.</p>", 410);
  const user = signedIn(request);
  if (!user) return signInPage("elicitation", id);
  if (user !== link.user) {
    link.spoiled = !link.sessions.length; // passed on: what this person connects must not be the other one's
    return page("<p>This link is for another user of Acme Notes. Nothing was connected.</p>", 403);
  }
  const slack = await slackOf(user);
  const reconnect = slack?.status === "needs_reconnect" ? slack.credential_id : undefined;
  const who = { id: user, name: USERS.get(user) };
  const back = { after: "return", return_url: RETURN_URL, client_reference: link.id }; // events name it too
  const body = { user: who, connector: "slack", reconnect, ...back };
  type Session = { id: string; url: string; start_code: string };
  const session = await gangway<Session>("POST", "/connect-sessions", body);
  link.sessions.unshift(session.id); // opened once more, the page goes on with what was begun
  return page(`<p>Your assistant asks to use Slack for ${escape(USERS.get(user) ?? user)}.</p>
    <form method="post" action="${new URL("/start", session.url)}"><input type="hidden" name="code"
      value="${session.start_code}"><button>Go on to connect Slack</button></form>`);
}

async function pages(request: IncomingMessage): Promise<Page> {
  const { pathname, searchParams } = new URL(request.url ?? "/", ACME_URL);
  const route = `${request.method} ${pathname}`;
  if (route === "GET /connect/slack") return connectPage(request, searchParams.get("elicitation") ?? "");
  if (route === "POST /sign-in" && request.headers["sec-fetch-site"] === "same-origin") {
    const form = new URLSearchParams(await bodyOf(request));
    const [user, cookie] = [form.get("user") ?? "", randomUUID()];
    if (!USERS.has(user)) return { status: 403 };
    signIns.set(cookie, user);
    form.delete("user");
    const location = `${form.has("gangway_completion") ? "/" : "/connect/slack"}?${form}`;
    const session = `acme_session=${cookie}; HttpOnly; SameSite=Lax; Path=/`; // and Secure, over https
    return { status: 303, headers: { location, "set-cookie": session } };
  }
  if (route !== "GET /") return { status: 404 };
  const completion = searchParams.get("gangway_completion"); // host.verify_completion: Gangway asks who came back
  if (!completion) return page("<p>You can close this page and go back to your assistant.</p>");
  const user_id = signedIn(request);
  if (!user_id) return signInPage("gangway_completion", completion);
  const who = { completion, user_id };
  const { continue_url } = await gangway<{ continue_url: string }>("POST", "/link-attempts/complete", who);
  return { status: 303, headers: { location: continue_url } };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const part of request) if ((body += part).length > 4096) throw new Error("The body is too large.");
  return body;
}

const sessions = new Map<string, { user: string; transport: StreamableHTTPServerTransport }>();

async function mcp(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
  const user = TOKENS.get(/^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "");
  const id = String(request.headers["mcp-session-id"] ?? "");
  let session = sessions.get(id);
  if (request.headers.origin) return response.writeHead(403).end(); // no web page calls this
  if (!user) return response.writeHead(401, { "www-authenticate": "Bearer" }).end();
  if (id && session?.user !== user) return response.writeHead(404).end(); // a session belongs to its user
  if (!session) {
    const onsessioninitialized = (opened: string) => void sessions.set(opened, { user, transport });
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: randomUUID, onsessioninitialized });
    transport.onclose = () => void sessions.delete(transport.sessionId ?? "");
    await assistantOf(user).connect(transport);
    session = { user, transport };
  }
  return session.transport.handleRequest(request, response);
}

const overHttp = process.argv.includes("--http");
createServer(async (request, response) => {
  if (overHttp && request.url?.split("?")[0] === "/mcp") return void (await mcp(request, response));
  const { status, html, headers } = await pages(request).catch((error): Page => {
    console.error(error);
    return page("<p>That did not work. Please try again later.</p>", 502);
  });
  response.setHeader("cache-control", "no-store").setHeader("content-type", "text/html; charset=utf-8");
  response.writeHead(status, headers).end(html);
  // Over stdio, only the protocol may go to standard output.
}).listen(PORT, "127.0.0.1", () => (overHttp ? console.log : console.error)(`Acme Notes: ${RETURN_URL}`));
if (!overHttp) {
  process.stdin.once("end", () => process.exit()); // the assistant is gone
  await assistantOf(process.env.ACME_USER ?? "jane").connect(new StdioServerTransport());
}
