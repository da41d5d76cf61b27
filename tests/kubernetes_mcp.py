"""MCP servers for Kubernetes: the real kubernetes-mcp-server from npm, and one of the SDK's own.

The own one does what the real one does where it matters here: it lists pods as text, and applies
by server-side apply that always forces, in a name of its own.
"""

import json
import os
import platform
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from mcp.server import MCPServer

from opsbot.integrations.kubernetes.client import Cluster
from tests.mcp_servers import a_server

VERSION = "0.0.67"
MANAGER = "kubernetes-mcp-server"
CACHE = Path(__file__).parent.parent / ".opsbot" / "npm"
MACHINES = {"x86_64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


def program() -> Path:
    """Return the real server's program, fetched once by npm; skip the test where that fails."""
    system, machine = platform.system().lower(), MACHINES.get(platform.machine(), "")
    package = f"kubernetes-mcp-server-{system}-{machine}"
    place = CACHE / f"{package}-{VERSION}"
    if not place.exists():
        _fetch(package, place)
    return place / "node_modules" / package / "bin" / package


def _fetch(package: str, place: Path) -> None:
    """Install into a folder beside, then give it its name: two may do so at once."""
    if shutil.which("npm") is None:
        pytest.skip("no npm to fetch kubernetes-mcp-server with")
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE, ignore_cleanup_errors=True) as folder:
        command = ["npm", "install", "--prefix", folder, "--ignore-scripts", "--no-audit"]
        done = subprocess.run(
            [*command, "--no-fund", f"{package}@{VERSION}"], capture_output=True, timeout=240
        )
        if done.returncode:
            pytest.skip(f"npm cannot fetch {package}@{VERSION}: is there a registry?")
        with suppress(OSError):
            Path(folder).rename(place)
    assert place.exists()


@contextmanager
def real_server(kubeconfig: Path, *options: str) -> Iterator[str]:
    """Serve a cluster by the real server over HTTP; return the URL."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    served = ["--kubeconfig", str(kubeconfig), "--port", str(port), "--bind-address", "127.0.0.1"]
    process = subprocess.Popen(
        [str(program()), *served, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}/mcp"
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as asking:
            if asking.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("kubernetes-mcp-server does not listen")


def on_pipes(kubeconfig: Path, *options: str) -> dict[str, Any]:
    """Return the extra of a connection that starts the real server as a program."""
    args = ["--kubeconfig", str(kubeconfig), *options]
    command = {"command": str(program()), "args": args, "env": {"HOME": os.environ["HOME"]}}
    return {"transport": "stdio", "timeout": 20, **command}


def own_server(cluster: Cluster, calls: list[str] | None = None) -> MCPServer:
    """Make a server of a cluster with the tools that are used here; calls are noted by name."""
    server, applied = a_server("own"), cluster.in_the_name_of(MANAGER)
    noted = [] if calls is None else calls

    @server.tool()
    def pods_list_in_namespace(
        namespace: str, labelSelector: str = "", fieldSelector: str = ""
    ) -> str:
        """List the pods of a namespace."""
        noted.append("pods_list_in_namespace")
        found = cluster.list("Pod", namespace, labels=labelSelector, fields=fieldSelector)
        return "\n".join(f"{each['metadata']['name']} {each['status']['phase']}" for each in found)

    @server.tool()
    def resources_get(apiVersion: str, kind: str, name: str, namespace: str = "") -> str:
        """Get one object."""
        noted.append("resources_get")
        return json.dumps(cluster.find(kind, namespace, name))

    @server.tool()
    def resources_create_or_update(resource: str) -> str:
        """Create or update an object."""
        noted.append("resources_create_or_update")
        return json.dumps(applied.apply(json.loads(resource), force=True))

    return server
