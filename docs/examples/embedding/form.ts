// The page stays as it is, and asks its server what is connected. Its user may go on in the window or the frame after an
// outcome, so that each change counts.
import { connections } from "./session";

const status = document.querySelector("[role=status]")!;

async function refresh() {
  status.textContent = (await connections()).join(", ");
}

document.addEventListener("gangway-outcome", refresh);
document.addEventListener("gangway-event", refresh);
