// Whether the public library for JavaScript takes these deliveries: a line of JSON each, answered by true or false.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const { Webhook } = createRequire(import.meta.url)("standardwebhooks");

for await (const line of createInterface({ input: process.stdin })) {
  const { secret, headers, body } = JSON.parse(line);
  let taken = true;
  try {
    new Webhook(secret).verify(body, headers);
  } catch {
    taken = false;
  }
  console.log(taken);
}
