"""An MCP server as a program on its pipes; what it does is said by its first argument."""

import os
import sys
import time

from mcp.server import MCPServer

server = MCPServer("program")


@server.tool()
def environment() -> list[str]:
    """Tell the names of the variables that the program was given."""
    return sorted(os.environ)


match sys.argv[1]:
    case "serve":
        server.run("stdio")
    case "hang":
        time.sleep(60)
    case "die":
        sys.exit("no kubeconfig; password=hunter2")
    case "babble":
        print("this is no JSON", flush=True)
        time.sleep(60)
