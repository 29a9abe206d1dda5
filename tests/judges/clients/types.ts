// A host's webhook and its calls, on the types of openapi-typescript: it compiles if the API's document says enough.
import type { components, operations, paths } from "./schema";

type Event = components["schemas"]["Event"];
type Session = paths["/api/v1/connect-sessions"]["post"];

export function told(event: Event): string {
  switch (event.type) {
    case "connection.linked":
    case "connection.unverified":
      return `${event.data.user_id} ${event.data.credential_id.length} ${event.data.attempt_id.length}`;
    case "connection.replaced":
      return `${event.data.replaces.length} ${event.data.same_account === false}`;
    case "link_attempt.ended":
      // @ts-expect-error: an attempt may end without a connection
      return `${event.data.state} ${event.data.credential_id.length}`;
    case "gangway.test":
      // @ts-expect-error: it is about nobody
      return event.data.user_id.length;
    default:
      return event.data.credential_id;
  }
}

export const wanted: Session["requestBody"]["content"]["application/json"] = {
  user: { id: "user-1" },
  connector: "slack",
  after: "return",
};

// @ts-expect-error: `user` is missing
export const lacking: Session["requestBody"]["content"]["application/json"] = { connector: "slack" };

export const opened = (answer: Session["responses"][201]["content"]["application/json"]): string =>
  answer.url + answer.start_code;

type Apps = operations["listConnectors"]["responses"][200]["content"]["application/json"];

export const offered = (apps: Apps): string[] =>
  apps.connectors.filter((app) => app.enabled && !apps.stale).map((app) => `${app.name} ${app.icon_url}`);
