// The page is made anew by the server, which asks Gangway what is connected.
addEventListener("gangway-outcome", () => location.reload());
