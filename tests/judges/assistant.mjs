// Plays an assistant by the official client: calls a tool, shows the user what the server asks for, and prints each thing
// that reaches it as a line of JSON. Its one argument says how, as JSON.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport, getDefaultEnvironment } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ElicitRequestSchema, ElicitationCompleteNotificationSchema } from "@modelcontextprotocol/sdk/types.js";

const how = JSON.parse(process.argv[2]);
const say = (kind, value) => console.log(JSON.stringify({ [kind]: value }));

const capabilities = how.answer ? { elicitation: { url: {} } } : {};
const client = new Client({ name: "judge", version: "1.0.0" }, { capabilities });
const cancellation = new AbortController();
if (how.answer) {
  client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
    say("asked", params);
    if (how.answer !== "abandon") return { action: how.answer };
    // The user has agreed, and waiting goes on: then the assistant cancels the call.
    setTimeout(() => cancellation.abort("The user does something else"), 500);
    return { action: "accept" };
  });
}
client.setNotificationHandler(ElicitationCompleteNotificationSchema, ({ params }) => say("completed", params.elicitationId));

const authorized = { requestInit: { headers: { authorization: `Bearer ${how.token}` } } };
const transport = how.url
  ? new StreamableHTTPClientTransport(new URL(how.url), authorized)
  : new StdioClientTransport({ ...how, env: { ...getDefaultEnvironment(), ...how.env } });
await client.connect(transport);
say("tools", (await client.listTools()).tools);
for (const call of how.calls) {
  try {
    const options = { timeout: 600_000, signal: cancellation.signal };
    say("result", await client.callTool({ name: "post_to_slack", arguments: call }, undefined, options));
  } catch ({ code, message, data }) {
    say("error", { code, message, data });
  }
}
if (cancellation.signal.aborted) await client.ping(); // closing would end the notice of it on its way
await client.close();
