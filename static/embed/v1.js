// Opens the connect pages in a window of their own, and waits until their server knows the outcome. Types: v1.d.ts.

// Neither exists where a server renders pages.
const { HTMLElement = Object, customElements } = globalThis;

// Ends the wait of the press before.
let stop;

// Tickets of the sessions that were opened: each opens one window, and a second would get the outcome of the first.
const opened = {};

export class ConnectError extends Error {
  constructor(code, cause, message = code) {
    super(message, { cause });
    this.code = code;
  }
}

// The fields are no elements of the form: one may be named like a method of it, and would hide it.
const post = (action, fields, target) => {
  const form = Object.assign(document.createElement("form"), { method: "post", action, target });
  form.addEventListener("formdata", ({ formData }) => fields.map((field) => formData.append(...field)));
  document.body.append(form);
  form.submit();
  form.remove();
};

// Opens an empty window within the press, because browsers block a later one. Returns nothing where the page itself
// must leave: some web views return the page instead of a window.
const openPopup = (mode) => {
  if (mode !== "popup" && (mode === "redirect" || matchMedia("(pointer:coarse),(display-mode:standalone)").matches)) return;
  const target = "gangway" + crypto.getRandomValues(new Uint32Array(4));
  try {
    const left = screenX + outerWidth / 2 - 300;
    const view = open("about:blank", target, "popup,width=600,height=760,left=" + left);
    if (view && view !== self) return [target, "popup", view];
  } catch {}
};

// Opens a session in the target, and waits for its outcome. `frame-v1.js` uses it, too.
export const begin = ({ session, signal, onEvent, origin }, [target, display, view, ended = new AbortController()]) =>
  new Promise(async (resolve, reject) => {
    // `ended` has a signal, and is the options of the listeners and requests that end with it.
    const known = {};
    let failures = 0;
    let seen = "";
    const fail = (...details) => {
      ended.abort();
      // While nothing is in it. Later it is its user's, and a window is out of reach.
      seen || view?.close();
      reject(new ConnectError(...details));
    };
    const abort = () => fail("aborted");
    const tell = (type, value, id) => {
      if (known[id] !== (known[id] = JSON.stringify(value))) queueMicrotask(() => onEvent?.({ type, [type]: value }));
    };

    stop?.();
    stop = abort;
    signal?.addEventListener("abort", abort, ended);
    if (signal?.aborted) return abort();
    try {
      session = await (session.call ? session(ended.signal) : session);
      ended.origin = origin = new URL(origin ?? session.url ?? import.meta.url).origin;
      if (!session.start_code || !session.watch || opened[session.watch]) throw session;
    } catch (cause) {
      return fail("session_failed", cause);
    }
    // Closed while it was still empty. Later, `closed` would say nothing.
    if (ended.signal.aborted || view?.closed) return abort();
    addEventListener(
      "securitypolicyviolation",
      ({ disposition, blockedURI, effectiveDirective }) => {
        if (disposition === "enforce" && blockedURI.startsWith(origin) && /^[cf]/.test(effectiveDirective)) {
          seen = "";
          fail("blocked_by_csp", blockedURI, `Add ${effectiveDirective} ${origin} to the Content-Security-Policy`);
        }
      },
      ended,
    );
    opened[session.watch] = 1;
    post(origin + "/start", Object.entries({ code: session.start_code, display }), target);
    // Another press leaves a frame as it is. Its server says whether that replaced it.
    if (display === "frame") stop = null;
    // The page leaves. Some browsers keep it, and show it again when the user goes back.
    if (!view) return addEventListener("pageshow", (event) => event.persisted && abort(), ended);
    while (!ended.signal.aborted) {
      const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
      const poll = new AbortController();
      let status;
      // A connection that was cut silently answers nothing.
      setTimeout((ended.signal.onabort = () => poll.abort()), 40000);
      try {
        const response = await fetch(`${origin}/embed/outcome?wait=25${seen}`, {
          signal: poll.signal,
          headers: { authorization: "Bearer " + session.watch },
        });
        status = response.status;
        if (status === 401) return fail("expired");
        // A server that is busy or stops says when to ask again.
        await pause(1000 * response.headers.get("retry-after"));
        const news = await response.json();
        news.attempts.map((attempt) => tell("attempt", attempt, attempt.id));
        tell("window", news.window);
        // Its user may go on after the outcome, until it is closed or another session has taken the browser.
        if (news.outcome) resolve(news);
        if (/left|replaced/.test(news.window + news.outcome)) {
          view.close();
          if (news.outcome) ended.abort();
        }
        seen = "&seen=" + news.version;
        failures = 0;
      } catch (cause) {
        // A server that answers is not gone.
        failures += status > 428 ? 0.25 : 1;
        if (failures > 7) fail("unreachable", cause);
        await pause(250 * 2 ** failures);
      }
    }
  });

export const connect = async ({ mode, ...options }) => {
  const popup = openPopup(mode);
  if (!popup && mode === "popup") throw new ConnectError("popup_blocked");
  return begin(options, popup ?? ["_self", "page"]);
};

export class GangwayConnect extends HTMLElement {
  constructor() {
    super();
    this.addEventListener("submit", async (event) => {
      const { target: form, submitter } = event;
      const value = (name) => submitter?.getAttribute("form" + name) ?? form.getAttribute(name);
      if (event.defaultPrevented || !/^post$/i.test(value("method")) || /^[mt]/i.test(value("enctype"))) return;
      const place = this.place(submitter);
      if (!place) return;
      event.preventDefault();
      const action = value("action") || location;
      const fields = [...new FormData(form, submitter)];
      // The page may have replaced this element meanwhile.
      const tell = (name, detail) =>
        (this.isConnected ? this : document).dispatchEvent(
          new CustomEvent("gangway-" + name, { bubbles: true, cancelable: true, detail }),
        );
      const session = async (signal) => {
        const response = await fetch(action, {
          method: "post",
          body: new URLSearchParams(fields),
          headers: { accept: "application/json" },
          credentials: "include",
          redirect: "manual",
          signal,
        });
        return response.json();
      };
      try {
        tell("outcome", await begin({ session, onEvent: (news) => tell("event", news) }, place));
      } catch (error) {
        // No session, or a policy blocks us. The server of the form answers a browser without script, too.
        if (tell("error", error) && /^[bs]/.test(error.code)) post(action, fields, "_self");
      }
    });
  }

  place() {
    return openPopup(this.getAttribute("mode"));
  }
}

customElements?.get("gangway-connect") ?? customElements?.define("gangway-connect", GangwayConnect);
