// What the page of a host asks its own server for. Gangway's answers reach the page through it, and only there.
import type { Session } from "https://connect.example.com/embed/v1.js";

// The server makes the session for the user who is signed in to it: the browser names an app, and no user.
export async function newSession(connector: string, signal?: AbortSignal): Promise<Session> {
  const token = document.querySelector<HTMLMetaElement>("meta[name=csrf-token]")?.content ?? "";
  const answer = await fetch("/connect", {
    method: "POST",
    headers: { accept: "application/json" },
    body: new URLSearchParams({ csrf_token: token, connector }),
    signal,
  });
  if (!answer.ok) throw new Error(`POST /connect: ${answer.status}`);
  return answer.json();
}

// The names of what is connected.
export async function connections(): Promise<string[]> {
  const answer = await fetch("/connections");
  if (!answer.ok) throw new Error(`GET /connections: ${answer.status}`);
  return answer.json();
}
