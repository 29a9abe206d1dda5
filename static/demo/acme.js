// Comfort only: every page works without it.

// Copy buttons appear where copying works.
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  const source = document.getElementById(button.dataset.copy);
  const words = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(source.value ?? source.textContent);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Not allowed";
    }
    setTimeout(() => (button.textContent = words), 2000);
  });
}

// The notice of a return is read once: a reload shows the plain page.
if (location.search.includes("gangway_attempt_id") && document.querySelector(".notice:not(.open)")) {
  history.replaceState(null, "", location.pathname);
}

// Gangway's script opened a window, and it is done. The browser only says which attempt to ask for: what is connected
// is the server's word, as after a return in this tab.
const ask = (attempt) =>
  location.assign(attempt ? `/connections?${new URLSearchParams({ gangway_attempt_id: attempt.id })}` : "/connections");

// Where nothing was connected the user may try again in the window: this page stays until that is closed.
let ended;
document.addEventListener("gangway-outcome", ({ detail: { outcome, attempts, window } }) => {
  const attempt = attempts.findLast(({ state }) => state === "linked") ?? attempts.at(-1);
  if (outcome === "linked" || (outcome === "ended" && window === "left")) return ask(attempt);
  ended = outcome === "ended" && { attempt };
});
document.addEventListener("gangway-event", ({ detail: { attempt, window } }) => {
  // Another press opened another window.
  if (window === "waiting") ended = null;
  if (!ended) return;
  ended.attempt = attempt ?? ended.attempt;
  if (attempt?.state === "linked" || window === "left") ask(ended.attempt);
});

// A press that cannot open a window submits its form in this tab, so little is left that can go wrong.
document.addEventListener("gangway-error", ({ detail }) => {
  if (!["unreachable", "expired"].includes(detail.code)) return;
  const trouble = document.getElementById("trouble");
  trouble.textContent = "We lost touch with our connection service. Reload this page to see what is connected.";
  trouble.hidden = false;
});

// The user menu closes like a menu. Where nobody is signed in, there is none.
for (const menu of document.querySelectorAll(".menu")) {
  document.addEventListener("click", (event) => menu.contains(event.target) || (menu.open = false));
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
