// Comfort only: every page works without this file.
"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector) => document.querySelector(selector);
  const later = (task, milliseconds) => setTimeout(task, milliseconds);

  // A second press of a form that is on its way is ignored for a while.
  addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.hasAttribute("data-sent")) return event.preventDefault();
    form.toggleAttribute("data-sent", true);
    later(() => form.removeAttribute("data-sent"), 10000);
  });
  addEventListener("pageshow", () => all("[data-sent]").forEach((form) => form.removeAttribute("data-sent")));

  // Days in the zone of this browser.
  for (const time of all("time")) {
    const at = new Date(time.dateTime);
    const year = at.getFullYear() === new Date().getFullYear() ? undefined : "numeric";
    if (!isNaN(at)) time.textContent = at.toLocaleDateString("en-GB", { day: "numeric", month: "long", year });
  }

  // The list gets shorter while one types, if the page holds all of it.
  const field = one("[data-filter]");
  if (field) {
    const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
    const lists = all("[data-rows]");
    const found = one("[data-found]");
    const filter = () => {
      const wanted = plain(field.value.trim());
      let sum = 0;
      for (const list of lists) {
        const rows = all("li", list);
        for (const row of rows) row.hidden = !plain(row.textContent).includes(wanted);
        const shown = rows.filter((row) => !row.hidden).length;
        const count = list.querySelector("[data-count]");
        if (count) [count.textContent, sum] = [shown, shown];
        list.hidden = shown === 0;
      }
      found.textContent = !wanted ? "" : sum ? found.dataset.found.replace("{n}", sum) : found.dataset.none.replace("{q}", () => field.value.trim());
      found.classList.toggle("unseen", !wanted || sum > 0);
    };
    field.addEventListener("input", filter);
    field.form.addEventListener("submit", (event) => event.preventDefault());
    filter();
  }

  for (const button of all("[data-reveal]")) {
    const secret = document.getElementById(button.dataset.reveal);
    const show = button.textContent;
    const turn = (open) => {
      secret.type = open ? "text" : "password";
      button.textContent = open ? button.dataset.hide : show;
    };
    button.hidden = false;
    button.addEventListener("click", () => turn(secret.type === "password"));
    secret.form.addEventListener("submit", () => turn(false));
  }

  for (const button of all("[data-copy]")) {
    const text = document.getElementById(button.dataset.copy);
    button.hidden = false;
    button.addEventListener("click", async () => {
      text.select();
      try {
        await navigator.clipboard.writeText(text.value);
      } catch {
        if (!document.execCommand("copy")) return;
      }
      button.textContent = button.dataset.done;
    });
  }

  // While we are checking: 204 means nothing new; the server holds the answer, so asking again costs little.
  const watched = one("[data-status]");
  if (watched) {
    let pause = 1000;
    const ask = async () => {
      try {
        const answer = await fetch(watched.dataset.status, { cache: "no-store" });
        if (answer.status === 429 || answer.status >= 500) throw answer;
        if (answer.status !== 204) return location.replace(watched.dataset.again);
        pause = 1000;
      } catch {
        pause = Math.min(pause * 2, 30000);
      }
      later(ask, pause);
    };
    later(ask, pause);
  }
})();
