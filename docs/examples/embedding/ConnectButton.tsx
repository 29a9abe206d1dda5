import { useState } from "react";
import { connect, ConnectError } from "https://connect.example.com/embed/v1.js";
import { newSession } from "./session";

export function ConnectButton(props: { connector: string; name: string; onChange: () => void }) {
  const [trouble, setTrouble] = useState("");

  async function press() {
    setTrouble("");
    try {
      // The window may go on after the outcome: another try, another app.
      await connect({ session: (signal) => newSession(props.connector, signal), onEvent: props.onChange });
    } catch (error) {
      if (error instanceof ConnectError && error.code === "aborted") return; // pressed again
      setTrouble(`We could not open ${props.name}. Please try again.`);
    }
    props.onChange(); // in each case your server says what is connected
  }

  return (
    <>
      <button type="button" onClick={press}>Connect {props.name}</button>
      <p role="alert">{trouble}</p>
    </>
  );
}
