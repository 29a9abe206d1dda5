// A page in React.
import { useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { ConnectButton } from "./ConnectButton";
import { connections } from "./session";

function Connections() {
  const [names, setNames] = useState<string[]>([]);
  const load = () => void connections().then(setNames);
  useEffect(load, []);
  return (
    <>
      <h1>Connections</h1>
      <p role="status">{names.join(", ") || "Nothing is connected yet."}</p>
      <ConnectButton connector="slack" name="Slack" onChange={load} />
    </>
  );
}

createRoot(document.getElementById("app")!).render(<Connections />);
