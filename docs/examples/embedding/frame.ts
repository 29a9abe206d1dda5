// The page stays as it is, because the frame may have more to say. Its user may go on in it after an outcome, so that each
// change of an attempt counts.
import { connections } from "./session";

const status = document.querySelector("[role=status]")!;

async function refresh() {
  status.textContent = (await connections()).join(", ");
}

document.addEventListener("gangway-outcome", refresh);
document.addEventListener("gangway-event", ({ detail }) => {
  if (detail.type === "attempt") refresh();
});
