// The page is made anew by the server, which asks Gangway what is connected.
document.addEventListener("gangway-outcome", ({ detail }) => {
  if (["linked", "ended"].includes(detail.outcome)) location.reload();
});
