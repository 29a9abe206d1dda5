"""The button of a page that hands a user over by a signed token: your server calls nobody, it only has a key.
`python3 hand_over.py` prints it. Python's own library cannot sign such tokens: `pip install 'pyjwt[crypto]'`. Make the
key once, and give Gangway the public half (host.token_keys):
  openssl genpkey -algorithm ed25519 -out acme.pem && openssl pkey -in acme.pem -pubout
"""

import os
import time
import uuid
from pathlib import Path

import jwt

GANGWAY_PUBLIC_URL = os.environ.get("GANGWAY_PUBLIC_URL", "http://localhost:3000")
ACME_KEY_FILE = os.environ.get("ACME_KEY_FILE", "acme.pem")
ACME_URL = os.environ.get("ACME_URL", "http://localhost:8080")


def hand_over_token(user, connector):
    """Gangway takes each token once, and none that lives longer than five minutes."""
    now = int(time.time())
    claims = {
        "iss": ACME_URL,  # Gangway's host.token_issuer
        "aud": GANGWAY_PUBLIC_URL,  # Gangway's server.public_url
        "sub": user["id"],
        "name": user["name"],
        "email": user["email"],
        "jti": str(uuid.uuid4()),  # this token and no other
        "iat": now,
        "exp": now + 120,
        "connector": connector,
        "return_url": f"{ACME_URL}/",  # one of Gangway's host.return_urls
    }
    return jwt.encode(claims, Path(ACME_KEY_FILE).read_text(), algorithm="EdDSA")


# Make it when the user presses the button, not before: by then it may be too old.
token = hand_over_token({"id": "user-1", "name": "Jane Doe", "email": "jane@acme.test"}, "slack")
print(f"""<form method="post" action="{GANGWAY_PUBLIC_URL}/start">
  <input type="hidden" name="token" value="{token}"><button>Go on to connect Slack</button></form>""")
