// An MCP server of Acme Notes. Its one tool posts to the Slack that the user has connected by Gangway; without a
// connection it first asks the user to open a page of ours. docs/assistants.md explains it step by step.
//   npm install @modelcontextprotocol/sdk@1.32.2 zod@4
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
const ACME_URL = `http://localhost:${PORT}`; // one of Gangway's host.origins
const RETURN_URL = `${ACME_URL}/`; // one of Gangway's host.return_urls
const LINK_SECONDS = Number(process.env.LINK_SECONDS ?? 600); // how long a link can be opened
const WAIT_SECONDS = Number(process.env.WAIT_SECONDS ?? 50); // many assistants end a call after a minute

type Ids = { credential_id: string; alloy_user_id: string };
type Connection = Ids & { connector: string; status: string; created_at: string };
type Given = { ok?: boolean; error?: string };
type Told = { responseData?: Given; result?: Given; success?: boolean; error?: { code?: string }; code?: string };
type Attempt = { id: string; state: string };
// The link that an assistant shows to its user, by user. Your product keeps these in its database.
type Link = { id: string; user: string; expires: number; sessions: string[]; spoiled?: boolean };
const links = new Map<string, Link>();

// Your product's users, and how they sign in here: yours has a sign-in of its own. So it is with the tokens
// ("token-1=jane,token-2=sam"), which an OAuth server hands out to assistants.
const USERS = new Map([["jane", "Jane Doe"], ["sam", "Sam Lee"]]);
const TOKENS = new Map((process.env.ACME_TOKENS ?? "").split(",").map((pair) => pair.split("=") as [string, string]));
const signIns = new Map<string, string>();
const signedIn = (request: IncomingMessage) =>
  signIns.get(/(?:^|; )acme_session=([^;]+)/.exec(request.headers.cookie ?? "")?.[1] ?? "");

async function call<T>(url: string, key: string, method: string, body?: object, headers = {}): Promise<T> {
  const answer = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(60_000),
  });
  const told = await answer.json().catch(() => ({})); // 204 has no body
  if (!answer.ok) throw new Failure(`${method} ${url}: ${answer.status}`, { cause: told });
  return told as T;
}
class Failure extends Error {}
const gangway = <T>(method: string, path: string, body?: object) =>
  call<T>(`${GANGWAY_URL}/api/v1${path}`, GANGWAY_API_KEY, method, body);
const of = (user: string) => `/users/${encodeURIComponent(user)}/connections`;

async function slacksOf(user: string): Promise<{ usable?: Connection; refused?: Connection }> {
  const { connections } = await gangway<{ connections: Connection[] }>("GET", of(user));
  const slacks = connections.filter(({ connector }) => connector === "slack");
  slacks.sort((one, other) => Date.parse(other.created_at) - Date.parse(one.created_at)); // several? The newest
  const refused = ({ status }: Connection) => status === "needs_reconnect";
  return { usable: slacks.find((one) => !refused(one)), refused: slacks.find(refused) };
}

// Posts by Alloy; "refused" if Slack does not take this credential any more. Without x-alloy-userid, Alloy would act as
// the owner of the key. Both ids come from Gangway, never from a model.
async function post(user: string, slack: Connection, channel: string, text: string): Promise<"posted" | "refused"> {
  if (!slack.alloy_user_id) throw new Error("The connection names no user of Alloy.");
  const headers = { "x-api-version": "2025-09", "x-alloy-userid": slack.alloy_user_id };
  const body = { credentialId: slack.credential_id, requestBody: { channel, text } };
  const url = `${ALLOY_URL}/connectors/slack/actions/chat_postMessage/execute`;
  const told = await call<Told>(url, ALLOY_API_KEY, "POST", body, headers).catch((error) => {
    if (error instanceof Failure) return error.cause as Told;
    throw error;
  });
  const given = told.responseData ?? told.result; // a good status can carry a failure of the app
  if (given && given.ok !== false && told.success !== false) return "posted";
  const code = told.error?.code ?? told.code ?? given?.error ?? "";
  if (!/(^|_)(auth|authentication|credentials?|token)(_|$)|^account_inactive$/i.test(code)) {
    throw new Failure(`Alloy did not post: ${code}`);
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
};

// How a link ended: "open" if it has not within that many seconds.
async function endOf(link: Link, seconds: number): Promise<keyof typeof WORDS> {
  const until = Date.now() + seconds * 1000;
  for (;;) {
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
  const made = { id: randomUUID(), user, expires: Date.now() + LINK_SECONDS * 1000, sessions: [] };
  const link = links.get(user) ?? made; // the same one as long as it is open
  links.set(user, link);
  return link;
}

// The server of one user, whom our own authentication has named. Not even the model can name another one.
function assistantOf(user: string): McpServer {
  const server = new McpServer({ name: "acme-notes", version: "1.0.0" });
  const description = "Posts a message to the user's Slack. Without a connection, the user is asked to connect it.";
  const inputSchema = { channel: z.string().describe("Such as #general"), text: z.string() };
  server.registerTool("post_to_slack", { description, inputSchema }, async ({ channel, text }, { requestId }) => {
    const says = (words: string, isError = false) => ({ content: [{ type: "text" as const, text: words }], isError });
    try {
      const posted = async () => {
        const { usable } = await slacksOf(user);
        if (!usable || (await post(user, usable, channel, text)) === "refused") return false;
        return links.delete(user), true;
      };
      if (await posted()) return says(`Posted to ${channel} in Slack.`);
      const link = linkOf(user);
      let end = await endOf(link, 0); // an earlier call may have shown the link
      if (end === "open") end = await ask(link, requestId);
      if (end !== "open") links.delete(user);
      if (end === "linked" && (await posted())) return says(`Slack is connected now. Posted to ${channel} in Slack.`);
      return says(WORDS[end], true);
    } catch (error) {
      if (error instanceof UrlElicitationRequiredError) throw error;
      console.error(error);
      return says("That did not work. Please try again later.", true);
    }
  });

  async function ask(link: Link, relatedRequestId: string | number): Promise<keyof typeof WORDS> {
    const message = "Acme Notes needs your Slack to post for you. Please connect it in your browser.";
    const url = `${ACME_URL}/connect/slack?elicitation=${link.id}`; // it opens nothing by itself: it is no secret
    const elicitation: ElicitRequestURLParams = { mode: "url", elicitationId: link.id, url, message };
    if (!server.server.getClientCapabilities()?.elicitation?.url) {
      // This assistant cannot be asked meanwhile: the call fails with -32042, and is made again afterwards.
      throw new UrlElicitationRequiredError([elicitation], `${message} ${url} Then call this again.`);
    }
    const options = { relatedRequestId, timeout: 600_000 };
    const { action } = await server.server.elicitInput(elicitation, options);
    if (action !== "accept") return action === "decline" ? "declined" : "cancelled";
    const end = await endOf(link, WAIT_SECONDS); // accepted is the opening of the page, and no more
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

// The page behind the link. It signs the user in, compares, and hands over to Gangway.
async function connectPage(request: IncomingMessage, id: string): Promise<Page> {
  const link = [...links.values()].find((one) => one.id === id);
  const isOver = !link || link.spoiled || Date.now() > link.expires;
  if (isOver) return page("<p>This link has expired. Ask your assistant for a new one.</p>", 410);
  const user = signedIn(request);
  if (!user) {
    const buttons = [...USERS].map(([one, name]) => `<button name="user" value="${one}">Sign in as ${name}</button>`);
    return page(`<form method="post" action="/sign-in"><input type="hidden" name="elicitation" value="${escape(id)}">
      ${buttons.join("")}</form>`);
  }
  if (user !== link.user) {
    link.spoiled = !link.sessions.length; // passed on: what this person connects must not be the other one's
    return page("<p>This link is for another user of Acme Notes. Nothing was connected.</p>", 403);
  }
  const reconnect = (await slacksOf(user)).refused?.credential_id;
  const who = { id: user, name: USERS.get(user) };
  const back = { after: "return", return_url: RETURN_URL, client_reference: link.id }; // events name it too
  const wanted = { user: who, connector: "slack", reconnect, ...back };
  type Session = { id: string; url: string; start_code: string };
  const session = await gangway<Session>("POST", "/connect-sessions", wanted);
  link.sessions.unshift(session.id); // opened once more, the page goes on with what was begun
  return page(`<p>Your assistant asks to use Slack for ${escape(USERS.get(user) ?? user)}.</p>
    <form method="post" action="${new URL("/start", session.url)}"><input type="hidden" name="code"
      value="${session.start_code}"><button>Go on to connect Slack</button></form>`);
}

async function pages(request: IncomingMessage): Promise<Page> {
  const { pathname, searchParams } = new URL(request.url ?? "/", ACME_URL);
  const asked = `${request.method} ${pathname}`;
  if (asked === "GET /connect/slack") return connectPage(request, searchParams.get("elicitation") ?? "");
  if (asked === "POST /sign-in" && request.headers["sec-fetch-site"] === "same-origin") {
    const form = new URLSearchParams(await bodyOf(request));
    const [user, cookie] = [form.get("user") ?? "", randomUUID()];
    if (!USERS.has(user)) return { status: 403 };
    signIns.set(cookie, user);
    const location = `/connect/slack?elicitation=${encodeURIComponent(form.get("elicitation") ?? "")}`;
    const session = `acme_session=${cookie}; HttpOnly; SameSite=Lax; Path=/`; // and Secure, over https
    return { status: 303, headers: { location, "set-cookie": session } };
  }
  if (asked !== "GET /") return { status: 404 };
  const completion = searchParams.get("gangway_completion"); // host.verify_completion: Gangway asks who came back
  if (!completion) return page("<p>You can close this page and go back to your assistant.</p>");
  const who = { completion, user_id: signedIn(request) ?? "" };
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
    const onsessioninitialized = (made: string) => void sessions.set(made, { user, transport });
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
