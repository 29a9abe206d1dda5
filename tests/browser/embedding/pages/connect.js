import { connect } from "{gangway}/embed/v1.js";

const query = new URLSearchParams(location.search);

function write(list, value) {
  const line = document.createElement("li");
  line.textContent = JSON.stringify(value);
  document.getElementById(list).append(line);
}

async function session() {
  const answer = await fetch(`/sessions${location.search}`, { method: "POST" });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.json();
}

if (query.has("open")) {
  // As in some web views, and as pop-up blockers do.
  const found = { itself: window, nothing: null };
  window.open = () => found[query.get("open")];
}

document.getElementById("connect").addEventListener("click", () => {
  const onEvent = (event) => write("events", event);
  connect({ session, mode: query.get("mode") ?? "popup", onEvent }).then(
    (result) => write("results", result),
    (error) => write("results", { code: error.code, message: error.message }),
  );
});
document.body.dataset.ready = "yes";
