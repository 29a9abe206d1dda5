"""A host on the client that openapi-python-client makes: it calls a running Gangway, and prints what it learned."""

import json
import os

from gangway_client import AuthenticatedClient
from gangway_client.api.connect_sessions import create_connect_session, show_connect_session
from gangway_client.api.connectors import list_connectors
from gangway_client.api.users import list_connections
from gangway_client.models import ConnectionLinkedEvent, LinkAttemptEndedEvent, NewConnectSession, NewUser, Problem

client = AuthenticatedClient(base_url=os.environ["GANGWAY_URL"], token=os.environ["GANGWAY_API_KEY"])
session = create_connect_session.sync(
    client=client, body=NewConnectSession(user=NewUser(id="jane"), connector="slack")
)
shown = show_connect_session.sync(session.id, client=client)
refused = create_connect_session.sync(client=client, body=NewConnectSession(user=NewUser(id="jane"), connector="slak"))
assert isinstance(refused, Problem)
apps = list_connectors.sync(client=client, locale="de")
linked = list_connections.sync("jane", client=client)

kinds = {"connection.linked": ConnectionLinkedEvent, "link_attempt.ended": LinkAttemptEndedEvent}
events = [kinds[event["type"]].from_dict(event) for event in json.loads(os.environ["EVENTS"])]

print(
    json.dumps(
        {
            "state": shown.state,
            "refused": refused.errors[0].field,
            "apps": [app.id for app in apps.connectors if app.enabled],
            "connections": [connection.connector for connection in linked.connections],
            "events": [event.data.credential_id for event in events],
        }
    )
)
