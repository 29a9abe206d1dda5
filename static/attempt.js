// Comfort only: follows an attempt while its page waits. It runs before app.js, which clears the fragment.
"use strict";
(() => {
  const watched = document.querySelector("[data-status]");
  if (!watched) return;
  let pause = 1000;
  const { status, again, answer: action, form_token } = watched.dataset;
  // Only the browser knows the fragment. Of it only errors are sent: it may hold a token.
  const fragment = new URLSearchParams(location.hash.slice(1, 2000));
  const errors = [...fragment].filter(([name]) => /err|denied|problem|success|setup/i.test(name));
  // 204 means nothing new. The server holds the answer.
  const ask = async () => {
    try {
      if (errors.length) {
        const body = new URLSearchParams({ form_token, fragment: new URLSearchParams(errors.splice(0)) });
        await fetch(action, { method: "POST", body, redirect: "manual" });
        return location.replace(again);
      }
      const began = Date.now();
      const answer = await fetch(status, { cache: "no-store" });
      if (answer.status === 429 || answer.status >= 500) throw answer;
      // At once: enough other pages of this user wait already.
      pause = Date.now() - began < 500 ? Math.min(pause * 2, 8000) : 1000;
      // The answer that is being given stays.
      const answering = document.activeElement.closest("main form");
      if (answer.status !== 204 && !answering) return location.replace(again);
    } catch {
      pause = Math.min(pause * 2, 30000);
    }
    setTimeout(ask, pause);
  };
  setTimeout(ask, errors.length ? 0 : pause);
})();
