"""An MCP server in plain JSON-RPC, as it spoke in 2025: tests decide each of its answers."""

import json
from typing import Any

from loopback import Reply, Request


def says(asked: dict, result: dict) -> Reply:
    return Reply(200, {"jsonrpc": "2.0", "id": asked["id"], "result": result})


def scripted(asked: dict) -> Reply:
    """Answer as a server of 2025 does."""
    match asked.get("method"):
        case "initialize":
            return says(
                asked,
                {
                    "protocolVersion": "2025-11-25",
                    "capabilities": {"tools": {}},
                    "serverInfo": {"name": "hostile", "version": "1"},
                },
            )
        case None | "notifications/initialized":
            return Reply(202)
        case _:
            error = {"code": -32601, "message": "no such method"}
            return Reply(200, {"jsonrpc": "2.0", "id": asked.get("id"), "error": error})


def said(text: str) -> dict[str, Any]:
    """Return the result of a tool that says something."""
    return {"content": [{"type": "text", "text": text}]}


class ScriptedServer:
    """Lists the tools of the moment, takes every call, listed or not, and remembers it."""

    def __init__(self, *tools: dict[str, Any]) -> None:
        self.tools = list(tools)
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.reply: dict[str, Any] = said("done")
        self.replies: dict[str, dict[str, Any]] = {}
        """Of single tools, by name."""

    def __call__(self, request: Request) -> Reply:
        """Answer one request."""
        asked = json.loads(request.body or b"{}")
        match asked.get("method"):
            case "tools/list":
                return says(asked, {"tools": self.tools})
            case "tools/call":
                name = asked["params"]["name"]
                self.calls.append((name, asked["params"]["arguments"]))
                return says(asked, self.replies.get(name, self.reply))
            case _:
                return scripted(asked)
