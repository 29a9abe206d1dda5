// The button of a page that hands a user over by a signed token: your server calls nobody, it only has a key.
// `node hand_over.ts` prints it. Make the key once, and give Gangway the public half (host.token_keys):
//   openssl genpkey -algorithm ed25519 -out acme.pem && openssl pkey -in acme.pem -pubout
import { randomUUID, sign } from "node:crypto";
import { readFileSync } from "node:fs";

const { GANGWAY_PUBLIC_URL = "http://localhost:3000", ACME_KEY_FILE = "acme.pem", ACME_URL = "http://localhost:8080" } =
  process.env;

// A JSON Web Token, signed with Ed25519. Gangway takes each one once, and none that lives longer than five minutes.
function handOverToken(user: { id: string; name: string; email: string }, connector: string): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: ACME_URL, // Gangway's host.token_issuer
    aud: GANGWAY_PUBLIC_URL, // Gangway's server.public_url
    sub: user.id,
    name: user.name,
    email: user.email,
    jti: randomUUID(), // this token and no other
    iat: now,
    exp: now + 120,
    connector,
    return_url: `${ACME_URL}/`, // one of Gangway's host.return_urls
  };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg: "EdDSA", typ: "JWT" })}.${part(claims)}`;
  return `${signed}.${sign(null, Buffer.from(signed), readFileSync(ACME_KEY_FILE)).toString("base64url")}`;
}

// Make it when the user presses the button, not before: by then it may be too old.
const token = handOverToken({ id: "user-1", name: "Jane Doe", email: "jane@acme.test" }, "slack");
console.log(`<form method="post" action="${GANGWAY_PUBLIC_URL}/start">
  <input type="hidden" name="token" value="${token}"><button>Go on to connect Slack</button></form>`);
