import type { ConnectOptions, ConnectResult } from "./v1.js";

/**
 * `<gangway-frame title="Connect your apps">`: the connect pages in a frame, for pages of the server's own site that it lists
 * in `host.origins`, with `host.frames = true`. Its `title` is required: screen readers say it.
 *
 * Round a form that posts to your server, it works as `<gangway-connect>` does; the frame takes the place of what is in it.
 * It stays after the outcome until the user closes it, its page does so after `linked`, or another session takes the
 * browser; until then events go on. Then the focus returns to what had it.
 */
export declare class GangwayFrame extends HTMLElement {
  /** Opens the frame without a form. See `connect` of `v1.js`. */
  connect(options: Omit<ConnectOptions, "mode">): Promise<ConnectResult>;
}

declare global {
  interface HTMLElementTagNameMap {
    "gangway-frame": GangwayFrame;
  }
}
