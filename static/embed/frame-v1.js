// <gangway-frame title="…">: the connect pages within a page of the same site. Types: frame-v1.d.ts.
import { begin, GangwayConnect } from "./v1.js";

export class GangwayFrame extends GangwayConnect {
  #ended;

  // Opens a session in the frame, without a form.
  connect(options) {
    return begin(options, this.place(document.activeElement));
  }

  // Puts a frame in the place of the children. They come back at the end, and the focus with them.
  place(opener) {
    const { title } = this;
    if (!title) throw new TypeError("<gangway-frame> needs a title, which screen readers say");
    this.#ended?.abort();
    for (const frame of this.querySelectorAll("iframe")) frame.remove();
    const name = "gangway" + crypto.getRandomValues(new Uint32Array(4)).join("");
    const frame = document.createElement("iframe");
    Object.assign(frame, { name, title, width: "100%", height: 480, frameBorder: 0 });
    const children = [...this.children].filter((child) => !child.hidden);
    const ended = (this.#ended = new AbortController());
    const { signal } = ended;

    // Only the page in the frame says how high it is, and that is all that it can say.
    addEventListener(
      "message",
      ({ source, origin, data }) => {
        if (source !== frame.contentWindow || origin !== ended.origin || data?.gangway !== "height") return;
        if (data.height > 0) frame.height = Math.min(Math.ceil(data.height), 10000);
      },
      { signal },
    );
    const remove = () => {
      const had = [frame, document.body].includes(document.activeElement);
      frame.remove();
      if (had) opener?.focus();
    };
    signal.addEventListener("abort", () => {
      for (const child of children) child.hidden = false;
      // The last page is read first: for a moment, or for as long as it says what went wrong.
      if (signal.reason === "linked") setTimeout(remove, 1500);
      else if (signal.reason !== "ended") remove();
    });

    for (const child of children) child.hidden = true;
    this.append(frame);
    if (opener && opener !== document.body) frame.focus();
    return [name, "frame", { close() {} }, ended];
  }
}

const { customElements } = globalThis;
customElements?.get("gangway-frame") ?? customElements?.define("gangway-frame", GangwayFrame);
