// <gangway-frame title="…">: the connect pages within a page of the same site. Types: frame-v1.d.ts.
import { begin, GangwayConnect } from "./v1.js";

export class GangwayFrame extends GangwayConnect {
  #ended;

  // Opens a session in the frame, without a form.
  connect(options) {
    return begin(options, this.place(document.activeElement));
  }

  // Puts a frame in the place of the children. They come back when it is closed, and the focus with them.
  place(opener) {
    const { title } = this;
    if (!title) throw new TypeError("<gangway-frame> needs a title, which screen readers say");
    this.#ended?.abort();
    const name = "gangway" + crypto.getRandomValues(new Uint32Array(4)).join("");
    const frame = document.createElement("iframe");
    Object.assign(frame, { name, title, width: "100%", height: 480, frameBorder: 0 });
    const children = [...this.children].filter((child) => !child.hidden);
    const ended = (this.#ended = new AbortController());
    const { signal } = ended;
    // Its user may go on in it, unless another session has taken the browser.
    ended.stays = ({ window, outcome }) => window !== "left" && outcome !== "replaced";

    // Only the page in the frame says how high it is, and that is all that it can say.
    addEventListener(
      "message",
      ({ source, origin, data }) => {
        if (source !== frame.contentWindow || origin !== ended.origin || data?.gangway !== "height") return;
        if (data.height > 0) frame.height = Math.min(Math.ceil(data.height), 10000);
      },
      { signal },
    );
    signal.addEventListener("abort", () => {
      const had = [frame, document.body].includes(document.activeElement);
      frame.remove();
      for (const child of children) child.hidden = false;
      if (had) opener?.focus();
    });

    for (const child of children) child.hidden = true;
    this.append(frame);
    if (opener && opener !== document.body) frame.focus();
    return [name, "frame", { close() {} }, ended];
  }
}

const { customElements } = globalThis;
customElements?.get("gangway-frame") ?? customElements?.define("gangway-frame", GangwayFrame);
