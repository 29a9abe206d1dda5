for (const kind of ["event", "outcome", "error"])
  document.addEventListener(`gangway-${kind}`, ({ detail }) => {
    const line = document.createElement("li");
    line.textContent = JSON.stringify({ kind, code: detail.code, message: detail.message, ...detail });
    document.querySelector("ol").append(line);
  });
document.body.dataset.ready = "yes";
