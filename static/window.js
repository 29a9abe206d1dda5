// Comfort only, in a window or a frame of the host's page: it closes at once, and the server learns that it was left.
"use strict";
(() => {
  const form = document.getElementById("window");
  // Only the page that says that the window can be closed has none.
  if (!form) return close();
  const { left, page } = form.dataset;
  const tell = (url, more) => {
    const body = new URLSearchParams({ ...Object.fromEntries(new FormData(form)), ...more });
    return navigator.sendBeacon?.(url, body);
  };

  // A page of another session's window has no number. Any later page takes it back. A page from the back/forward cache is loaded again (app.js), and is a later one too.
  const leave = () => page && tell(left, { page });
  addEventListener("pagehide", leave);

  form.addEventListener("submit", (event) => {
    if (!tell(form.action)) return;
    event.preventDefault();
    close();
    // Some windows are closed by their user only: the next page says so.
    setTimeout(() => form.submit(), 500);
  });

  const said = document.querySelector("[data-closes]");
  if (!said) return;
  const stay = () => (said.textContent = said.dataset.stays);
  said.textContent = said.dataset.closes;
  const soon = setTimeout(() => {
    // The host's page removes a frame.
    tell(form.action);
    close();
    setTimeout(stay, 500);
  }, 1500);
  // A person who does something here is not done.
  const act = () => {
    clearTimeout(soon);
    stay();
  };
  for (const kind of ["focusin", "keydown", "pointerdown"]) addEventListener(kind, act, { once: true });
})();
