import "{gangway}/embed/frame-v1.js";

function write(list, value) {
  const line = document.createElement("li");
  line.textContent = JSON.stringify(value);
  document.getElementById(list).append(line);
}

async function session() {
  return (await fetch(`/sessions${location.search}`, { method: "POST" })).json();
}

document.getElementById("connect").addEventListener("click", () => {
  const onEvent = (event) => write("events", event);
  document.querySelector("gangway-frame").connect({ session, onEvent }).then(
    (result) => write("results", result),
    (error) => write("results", { code: error.code, message: error.message }),
  );
});
document.body.dataset.ready = "yes";
