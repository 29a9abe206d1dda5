// Comfort only, in a frame of the host's page: its height, the window in which a sign-in goes on, and the focus.
"use strict";
(() => {
  const known = document.currentScript.dataset.origins.split(" ");
  // Firefox does not say which page is around the frame: each that may be is told, and the browser delivers to that one only.
  const around = parent === window ? [] : location.ancestorOrigins;
  const told = around ? known.filter((origin) => origin === around[0]) : known;
  const report = (height) => {
    for (const origin of told) parent.postMessage({ gangway: "height", height }, origin);
  };
  // A frame that the page around it hides has none.
  const measure = () => report(Math.ceil(document.body.getBoundingClientRect().height) || 1);
  new ResizeObserver(measure).observe(document.body);
  // No height: the page around it removes the frame, also where it has lost touch with the server.
  document.getElementById("window").addEventListener("submit", () => report(0));

  // A press into a frame also gives it the focus, after which no press counts for a while (app.js). This one does if the
  // pointer came 700 ms before it: then no window closed between them. A finger does not come before it presses. Firefox
  // may give the focus after the click, so that a click which does not count is stopped here, too.
  let [came, meant, counts] = [Infinity, false, true];
  const root = document.documentElement;
  root.addEventListener("pointerenter", (event) => (came = event.pointerType === "touch" ? -Infinity : event.timeStamp));
  root.addEventListener("pointerleave", () => ([came, meant] = [Infinity, false]));
  addEventListener(
    "pointerdown",
    (event) => {
      meant = event.timeStamp - came >= 700;
      counts = meant || document.hasFocus();
    },
    true,
  );
  addEventListener(
    "click",
    (event) => {
      // A key clicks without a pointer.
      if (event.detail && !counts) event.preventDefault();
      meant = false;
    },
    true,
  );
  for (const end of ["pointercancel", "blur"]) addEventListener(end, () => (meant = false));
  addEventListener("focus", (event) => meant && event.stopImmediatePropagation());

  // The form that leaves opens a window. The server knows which attempt began there.
  const form = document.querySelector("[data-follow]");
  let tries = 0;
  const follow = async () => {
    try {
      // An attempt that was open before goes on without a new beginning.
      const answer = await fetch(form.dataset.follow + (++tries > 5 ? "&open=1" : ""), { cache: "no-store" });
      if (answer.status === 200) return location.replace((await answer.json()).url);
    } catch {}
    setTimeout(follow, Math.min(500 * tries, 5000));
  };
  form?.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    form.querySelector("[data-opened]").hidden = false;
    if (!tries) setTimeout(follow, 500);
  });
})();
