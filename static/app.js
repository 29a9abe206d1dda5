// Comfort only: every page works without this file.
"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector, root = document) => root.querySelector(selector);
  const later = setTimeout;
  // English days are written 3 March and 14:05, as the server writes them.
  const lang = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;

  // What was pressed says so, aloud too, and is sent once: for a while, a short one where it opens a window, which may be
  // closed again. A field may hide a property of its form, such as `method`.
  const sent = new WeakSet();
  const status = document.createElement("p");
  status.className = "unseen";
  status.role = "status";
  document.body.append(status);
  let settle = () => {};
  const press = (event, what, control, time) => {
    if (sent.has(what)) return event.preventDefault();
    sent.add(what);
    settle();
    const label = control.matches(".button") && [...control.childNodes];
    const { wait, still } = { ...one("main").dataset, ...control.dataset };
    const say = (words) => {
      control.toggleAttribute("data-busy", true);
      status.textContent = words;
      if (label) control.replaceChildren(words);
    };
    const timers = [later(say, 100, wait), later(say, 5000, still)];
    const rest = (settle = () => {
      timers.forEach(clearTimeout);
      if (label) control.replaceChildren(...label);
      control.removeAttribute("data-busy");
      status.textContent = "";
    });
    later(() => {
      sent.delete(what);
      rest();
    }, time);
  };
  addEventListener("submit", (event) => {
    const form = event.target;
    const control = event.submitter ?? one("button", form);
    if (event.defaultPrevented || !control || form.getAttribute("method") !== "post") return;
    press(event, form, control, form.getAttribute("target") ? 1000 : 20000);
  });
  addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const elsewhere = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (!link || event.defaultPrevented || elsewhere || link.target || !/^http[^#]*$/.test(link.href)) return;
    press(event, link, link, 20000);
  });
  // What is corrected after the browser's own Stop can be sent.
  addEventListener("input", (event) => sent.delete(event.target.form) && settle());

  // No pointer press for 700 ms after the page gets the focus: it may be meant for a window that has just closed
  // (double-clickjacking). The stylesheet guards the time after loading.
  let guarded = 0;
  const accept = (presses) => all("main, .closing").forEach((part) => (part.style.pointerEvents = presses));
  const guard = () => {
    clearTimeout(guarded);
    accept("none");
    guarded = later(accept, 700, "");
  };
  addEventListener("focus", guard);
  document.addEventListener("visibilitychange", guard);

  // The back/forward cache outlives the session: it gets an empty page, and Back loads a fresh one.
  addEventListener("pagehide", (event) => event.persisted && document.body.replaceChildren());
  addEventListener("pageshow", (event) => event.persisted && location.replace(location.pathname + location.search));

  // What a provider puts behind the `#` survives the redirects; it may be a token, and stays in no address.
  if (location.hash.includes("=")) history.replaceState(history.state, "", location.pathname + location.search);

  // Days and times in the zone of this browser.
  const local = (time) => {
    const at = new Date(time.dateTime);
    const year = at.getFullYear() === new Date().getFullYear() ? undefined : "numeric";
    if (isNaN(at)) return;
    time.textContent = time.hasAttribute("data-clock")
      ? at.toLocaleTimeString(lang, { hour: "numeric", minute: "2-digit" })
      : at.toLocaleDateString(lang, { day: "numeric", month: "long", year });
  };
  all("time").forEach(local);

  // Typing shortens the list, if the page holds all of it.
  const field = one("[data-filter]");
  if (field) {
    const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
    const lists = all("[data-rows]").map((list) => ({
      list,
      count: one("[data-count]", list),
      rows: all("li", list).map((row) => ({ row, text: plain(`${row.textContent} ${row.dataset.words ?? ""}`) })),
    }));
    const found = one("[data-found]");
    const next = one("[data-none-next]");
    const filter = () => {
      const words = plain(field.value).split(/\s+/).filter(Boolean);
      let sum = 0;
      for (const { list, count, rows } of lists) {
        let shown = 0;
        for (const { row, text } of rows) {
          const fits = words.every((word) => text.includes(word));
          if (row.hidden === fits) row.hidden = !fits;
          shown += fits;
        }
        if (count) count.textContent = shown.toLocaleString(lang);
        sum = shown;
        list.hidden = !shown;
      }
      const some = !words.length || sum > 0;
      const none = found.dataset.none.replace("{q}", () => field.value.trim());
      found.textContent = !words.length ? "" : some ? found.dataset.found.replace("{n}", sum.toLocaleString(lang)) : none;
      found.classList.toggle("unseen", some);
      if (next) next.hidden = some;
    };
    field.addEventListener("input", filter);
    field.form?.addEventListener("submit", (event) => event.preventDefault());
    one("a", next ?? field)?.addEventListener("click", (event) => {
      if (location.search) return;
      event.preventDefault();
      field.value = "";
      filter();
      field.focus();
    });
    filter();
  }

  for (const button of all("[data-reveal]")) {
    const secret = document.getElementById(button.dataset.reveal);
    const word = one("span", button);
    const show = word.textContent;
    const turn = (open) => {
      secret.type = open ? "text" : "password";
      word.textContent = open ? button.dataset.hide : show;
    };
    button.hidden = false;
    button.addEventListener("click", () => turn(secret.type === "password"));
    secret.form.addEventListener("submit", () => turn(false));
  }

  for (const button of all("[data-copy]")) {
    const text = document.getElementById(button.dataset.copy);
    const [label, said] = [button.textContent, button.nextElementSibling];
    button.hidden = false;
    button.addEventListener("click", async () => {
      text.select();
      try {
        await navigator.clipboard.writeText(text.value);
      } catch {
        if (!document.execCommand("copy")) return;
      }
      button.textContent = said.textContent = button.dataset.done;
      later(() => ([button.textContent, said.textContent] = [label, ""]), 4000);
    });
  }

  // Five minutes before the time on this page ends it offers more. All windows of this browser learn of it.
  const closing = one("[data-seconds]");
  if (closing) {
    const [time, said, windows] = [one("time", closing), one("[data-longer]"), new BroadcastChannel("time")];
    const low = matchMedia("(max-height: 20rem)");
    let [end, focused, quiet, over] = [0, one("main"), 0, false];
    const look = () => {
      const left = end - Date.now();
      if (closing.hidden && left <= 300000) {
        closing.hidden = false;
        if (low.matches) closing.scrollIntoView({ block: "nearest" });
      }
      if (left > 300000) closing.hidden = true;
      if (left < -1000 && !over) {
        over = true;
        location.assign(closing.dataset.over);
      }
    };
    // The end: when, as a time to read, and whether it is the last.
    const until = (known) => {
      if (known.end <= end) return;
      end = known.end;
      time.dateTime = known.at;
      local(time);
      one("[data-last]", closing).hidden = !known.last;
      all("button", closing).forEach((button) => (button.hidden = known.last));
      look();
    };
    const tell = (known) => {
      until(known);
      windows.postMessage(known);
    };
    const say = (words, bad) => {
      clearTimeout(quiet);
      said.textContent = words;
      said.classList.toggle("bad-text", bad);
      quiet = later(() => (said.textContent = ""), 8000);
    };
    tell({ end: Date.now() + closing.dataset.seconds * 1000, at: time.dateTime, last: !one("button", closing) });
    setInterval(look, 1000);
    windows.onmessage = (event) => until(event.data);
    addEventListener("focusin", (event) => closing.contains(event.target) || (focused = event.target));
    closing.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        const body = new URLSearchParams(new FormData(closing));
        const answer = await fetch(closing.action, { method: "POST", body, headers: { accept: "application/json" } });
        if (!answer.ok) throw answer;
        const { seconds, ends_at, last } = await answer.json();
        tell({ end: Date.now() + seconds * 1000, at: ends_at, last });
        one("main").tabIndex = -1;
        focused.focus();
        say(said.dataset.longer.replace("{t}", time.textContent), false);
      } catch {
        say(said.dataset.failed, true);
      }
    });
  }
})();
