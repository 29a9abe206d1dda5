// A host's own code with the copy that `gangway embed` makes: it compiles, and what is wrong does not.
import { connect, ConnectError, type ConnectEvent, type ConnectResult, type Session } from "gangway-embed";
import type { GangwayFrame } from "gangway-embed/frame";
import "gangway-embed/frame";

const session: Session = { start_code: "a", watch: "b" };

export async function press(signal: AbortSignal): Promise<string> {
  const news: ConnectEvent[] = [];
  try {
    const result: ConnectResult = await connect({
      session: async (ended) => (await fetch("/connect", { method: "POST", signal: ended })).json() as Promise<Session>,
      mode: "auto",
      signal,
      onEvent: (event) => news.push(event),
    });
    const last = result.attempts.at(-1);
    return result.outcome === "linked" && last?.state === "linked" ? last.connector : (last?.reference ?? "");
  } catch (error) {
    if (error instanceof ConnectError && error.code === "blocked_by_csp") return error.message;
    throw error;
  }
}

export function told(event: ConnectEvent): string {
  return event.type === "window" ? event.window : event.attempt.id;
}

const frame: GangwayFrame = document.createElement("gangway-frame");
void frame.connect({ session, onEvent: told });
frame.addEventListener("gangway-outcome", ({ detail }) => detail.outcome satisfies string);
document.addEventListener("gangway-error", ({ detail }) => detail.code satisfies string);
document.querySelector("gangway-connect")?.addEventListener("gangway-event", ({ detail }) => told(detail));

// @ts-expect-error a session has a ticket
void connect({ session: { start_code: "a" } });
// @ts-expect-error no such mode
void connect({ session, mode: "frame" });
// @ts-expect-error a frame has no mode
void frame.connect({ session, mode: "popup" });
// @ts-expect-error no such code
export const wrong = (error: ConnectError) => error.code === "closed";
