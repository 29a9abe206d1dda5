"""Plays an assistant by the official client: calls a tool, shows the user what the server asks for, and prints each
thing that reaches it as a line of JSON. Its one argument says how, as JSON."""

import asyncio, json, sys

import httpx2
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from mcp_types import ElicitCompleteNotification, ElicitResult

how = json.loads(sys.argv[1])


def say(kind, value):
    print(json.dumps({kind: value}), flush=True)


async def asked(context, params):
    say("asked", params.model_dump(by_alias=True, exclude_none=True, mode="json"))
    return ElicitResult(action=how["answer"])


async def heard(message):
    if isinstance(message, ElicitCompleteNotification):
        say("completed", message.params.elicitation_id)


async def main():
    if "url" in how:
        http = httpx2.AsyncClient(headers={"Authorization": f"Bearer {how['token']}"}, timeout=600)
        server = streamable_http_client(how["url"], http_client=http)
    else:
        server = StdioServerParameters(command=how["command"], args=how["args"], env=how["env"])
    ask = {"elicitation_callback": asked} if how["answer"] else {}
    async with Client(server, mode=how["mode"], message_handler=heard, **ask) as client:
        say("tools", [tool.model_dump(by_alias=True, exclude_none=True, mode="json") for tool in (await client.list_tools()).tools])
        for arguments in how["calls"]:
            try:
                result = await client.call_tool("post_to_slack", arguments)
                say("result", result.model_dump(by_alias=True, exclude_none=True, mode="json"))
            except MCPError as error:
                say("error", error.error.model_dump(by_alias=True, exclude_none=True, mode="json"))


asyncio.run(main())
