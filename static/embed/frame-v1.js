// <gangway-frame title="…">: the connect pages within a page of the same site. Types: frame-v1.d.ts.
import { begin, GangwayConnect } from "./v1.js";

export class GangwayFrame extends GangwayConnect {
  #view;
  // Shows the children, or the frame in their place: no style of the host's page shows both.
  #slot = this.attachShadow({ mode: "open" }).appendChild(document.createElement("slot"));

  // Opens a session in the frame, without a form.
  connect(options) {
    return begin(options, this.place(document.activeElement));
  }

  // Puts a frame in the place of the children. They come back when it is closed, and the focus with them.
  place(opener) {
    const { title } = this;
    if (!title) throw new TypeError("<gangway-frame> needs a title, which screen readers say");
    this.#view?.close();
    const name = "gangway" + crypto.getRandomValues(new Uint32Array(4));
    const frame = document.createElement("iframe");
    Object.assign(frame, { name, title, slot: "frame", width: "100%", height: 480, frameBorder: 0 });
    const ended = new AbortController();
    const closing = new AbortController();
    const view = {
      close() {
        view.closed = true;
        closing.abort();
      },
    };

    // Only the page in the frame says how high it is, and that is all that it can say. It has no height once it is closed.
    addEventListener(
      "message",
      ({ source, origin, data }) => {
        if (source !== frame.contentWindow || origin !== ended.origin || data?.gangway !== "height") return;
        if (data.height === 0) view.close();
        if (data.height > 0) frame.height = Math.min(Math.ceil(data.height), 10000);
      },
      closing,
    );
    closing.signal.addEventListener("abort", () => {
      const had = [frame, document.body].includes(document.activeElement);
      frame.remove();
      this.#slot.name = "";
      if (had) opener?.focus();
    });

    this.#view = view;
    this.#slot.name = "frame";
    this.append(frame);
    if (opener && opener !== document.body) frame.focus();
    return [name, "frame", view, ended];
  }
}

const { customElements } = globalThis;
customElements?.get("gangway-frame") ?? customElements?.define("gangway-frame", GangwayFrame);
