// A host on the client that @hey-api/openapi-ts makes: it calls a running Gangway, and prints what it learned.
import { client } from "./client/client.gen";
import { createConnectSession, listConnections, listConnectors, showConnectSession } from "./client/sdk.gen";
import type { Event } from "./client/types.gen";

export const subject = (event: Event): string => {
  if (event.type === "gangway.test") return event.type;
  if (event.type === "connection.linked") return event.data.credential_id;
  return event.data.user_id;
};

async function main(): Promise<void> {
  client.setConfig({ baseUrl: process.env["GANGWAY_URL"] ?? "", auth: () => process.env["GANGWAY_API_KEY"] });
  const session = await createConnectSession({ body: { user: { id: "jane" }, connector: "slack" }, throwOnError: true });
  const shown = await showConnectSession({ path: { session: session.data.id }, throwOnError: true });
  const refused = await createConnectSession({ body: { user: { id: "jane" }, connector: "slak" } });
  const { data: apps } = await listConnectors({ query: { locale: "de" }, throwOnError: true });
  const { data: linked } = await listConnections({ path: { user: "jane" }, throwOnError: true });
  console.log(
    JSON.stringify({
      state: shown.data.state,
      refused: refused.error?.errors?.[0]?.field,
      apps: apps.connectors.filter((app) => app.enabled).map((app) => app.id),
      connections: linked.connections.map((connection) => connection.connector),
    }),
  );
}

void main();
