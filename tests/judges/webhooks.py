# Whether the public library for Python takes these deliveries: a line of JSON each, answered by true or false.
import json
import sys

from standardwebhooks.webhooks import Webhook

for line in sys.stdin:
    delivery = json.loads(line)
    try:
        Webhook(delivery["secret"]).verify(delivery["body"], delivery["headers"])
        print("true")
    except Exception:
        print("false")
