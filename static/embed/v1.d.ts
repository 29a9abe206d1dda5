/** The answer of `POST /api/v1/connect-sessions`, as your server got it. Other fields are ignored. */
export interface Session {
  /** Opens the connect pages, once. */
  start_code: string;
  /** Reads the outcome, and nothing else. */
  watch: string;
  /** The start link. A copy of this script finds its server by it. */
  url?: string;
}

/** A session, or a function that fetches one from your server. The signal is aborted when the wait ends. */
export type SessionSource = Session | PromiseLike<Session> | ((signal: AbortSignal) => Session | PromiseLike<Session>);

/**
 * - `auto`: a window of its own with a mouse; the page itself leaves on touch screens, in installed apps, and where no
 *   window opens.
 * - `popup`: always a window.
 * - `redirect`: always the page itself.
 */
export type Mode = "auto" | "popup" | "redirect";

/** Where the window is, as far as the server knows: not yet opened, on our pages, at the app, or closed. */
export type WindowState = "waiting" | "open" | "away" | "left";

/** One try to connect an app, as in `GET /api/v1/link-attempts/{id}`. */
export interface Attempt {
  id: string;
  connector: string;
  state: "pending" | "linked" | "denied" | "expired" | "failed" | "unverified";
  reason: string | null;
  /** What the user reads out to your support. */
  reference: string;
}

/** News until the window is closed, also after the outcome: its user may try again there, or connect another app. */
export type ConnectEvent = { type: "window"; window: WindowState } | { type: "attempt"; attempt: Attempt };

/**
 * - `linked`: at least one app was connected.
 * - `ended`: every try ended otherwise; `attempts` says how.
 * - `left`: the user closed the window first.
 * - `replaced`: the user started again elsewhere in this browser.
 */
export type Outcome = "linked" | "ended" | "left" | "replaced";

/** The server's word. Ask it again from your own server before you rely on it. */
export interface ConnectResult {
  outcome: Outcome;
  attempts: Attempt[];
  window: WindowState;
}

/**
 * - `popup_blocked`: the browser opened no window, with `mode: "popup"` only. Call `connect` within the press of a button,
 *   before any `await`.
 * - `blocked_by_csp`: your page's Content-Security-Policy is in the way; the message has what to add.
 * - `session_failed`: no session came from your server, or one that was opened before; `cause` has it. An empty window is
 *   closed.
 * - `unreachable`: the server did not answer for a minute, or for some minutes only that it is busy. Is your page's origin one
 *   of `host.origins`?
 * - `expired`: the session is over, and its outcome is not told any more.
 * - `aborted`: by `signal`, by the next press, by closing the window while it was still empty, or by coming back to the page
 *   that had left.
 */
export type ConnectErrorCode =
  | "popup_blocked"
  | "blocked_by_csp"
  | "session_failed"
  | "unreachable"
  | "expired"
  | "aborted";

/** Why a wait ended without an outcome. */
export declare class ConnectError extends Error {
  constructor(code: ConnectErrorCode, cause?: unknown, message?: string);
  readonly code: ConnectErrorCode;
}

export interface ConnectOptions {
  session: SessionSource;
  /** `auto` by default. */
  mode?: Mode;
  /** Ends the wait with `aborted`. A window or a frame that has been opened stays. */
  signal?: AbortSignal;
  /** Called until the window or the frame is closed, also after the outcome. */
  onEvent?: (event: ConnectEvent) => void;
  /** Where the server is: by default the origin of `session.url`, else that of this script. */
  origin?: string;
}

/**
 * Lets the user connect apps. Call it within the press of a button, before any `await`: it opens the window first and
 * fetches the session then. The next call aborts the wait of this one. Where the page itself leaves, the promise settles
 * only if the user comes back to the page as it was.
 *
 * @throws {ConnectError}
 */
export declare function connect(options: ConnectOptions): Promise<ConnectResult>;

/**
 * `<gangway-connect>` round a form that posts to your server, with the attribute `mode`. A press opens the window, and the
 * form is sent with `Accept: application/json`: answer it with a {@link Session}. Without script, on touch screens, and if
 * anything is in the way, the form is submitted as it is.
 */
export declare class GangwayConnect extends HTMLElement {}

/** Events of the elements. They bubble. */
export interface GangwayEventMap {
  "gangway-event": CustomEvent<ConnectEvent>;
  "gangway-outcome": CustomEvent<ConnectResult>;
  /** After `session_failed` and `blocked_by_csp` the form is submitted as it is, unless you cancel the event. */
  "gangway-error": CustomEvent<ConnectError>;
}

declare global {
  interface HTMLElementTagNameMap {
    "gangway-connect": GangwayConnect;
  }
  interface HTMLElementEventMap extends GangwayEventMap {}
  interface DocumentEventMap extends GangwayEventMap {}
}
