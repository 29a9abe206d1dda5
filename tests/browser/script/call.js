import { connect } from "{gangway}/embed/v1.js";

const stop = new AbortController();
const mode = new URLSearchParams(location.search).get("mode") ?? "popup";

async function session(signal) {
  const body = new URLSearchParams({ connector: "slack" });
  return (await fetch("/connect", { method: "POST", body, headers: { accept: "application/json" }, signal })).json();
}

function write(news) {
  const line = document.createElement("li");
  line.textContent = JSON.stringify(news);
  document.querySelector("ol").append(line);
}

document.getElementById("stop").addEventListener("click", () => stop.abort());
document.getElementById("connect").addEventListener("click", () => {
  const onEvent = (event) => write({ kind: "event", ...event });
  connect({ session, mode, signal: stop.signal, onEvent }).then(
    (result) => write({ kind: "outcome", ...result }),
    ({ code, message }) => write({ kind: "error", code, message }),
  );
});
document.body.dataset.ready = "yes";
