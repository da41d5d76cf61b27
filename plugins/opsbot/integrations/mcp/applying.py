"""Apply objects by the tool of a server that is proven to work on the same cluster.

A server has a cluster of its own configuration, and nothing in its tools says which. So before
anything is applied, it must name the uid of an object that was made a moment ago, the plan's lease:
who can tell it sees the same cluster. A wrong cluster, and the word of a server that lies, end the
change before it begins.
"""

import json
from collections.abc import Sequence
from typing import Any

from mcp import Client

from opsbot.capabilities.calling import appliers
from opsbot.capabilities.calling.appliers import Applier
from opsbot.capabilities.mcp_tool import McpTool
from opsbot.integrations.kubernetes.lease import Lease
from opsbot.integrations.mcp import asking, calling, origin, session
from opsbot.integrations.mcp.calling import Approved
from opsbot.integrations.mcp.registration import Registered
from opsbot.vocabulary.errors import Refused
from opsbot.vocabulary.progress import Say

Json = dict[str, Any]


def apply(
    server: Registered,
    approved: Approved,
    manifests: Sequence[Json],
    witness: Lease,
    *,
    say: Say,
    resolve: origin.Resolve = origin.resolve,
) -> None:
    """Let the approved tool apply the objects, one after the other."""

    async def work(client: Client) -> None:
        listed = await asking.list_tools(client)
        tool = calling.still_approved(approved, listed)
        applier = appliers.named(tool.name)
        calling.refuse_secrets(list(manifests))
        await _prove_cluster(client, applier, listed, witness)
        for each in manifests:
            reply = await asking.call(client, tool.name, {applier.manifest: json.dumps(each)})
            say(f"The tool {tool.name!r} of {server.label} replied: {reply.shown!r}")

    limit = server.limit + calling.CALL_SECONDS
    session.visit(server, work, limit=limit, resolve=resolve)


async def _prove_cluster(
    client: Client, applier: Applier, listed: Sequence[McpTool], witness: Lease
) -> None:
    """Refuse a server that does not see the witness as it is."""
    if not any(each.name == applier.reader for each in listed):
        raise Refused(
            f"The server does not list {applier.reader!r}, so nobody knows on which cluster it "
            "works. Nothing was applied; let it offer that tool, or take the pin out."
        )
    inputs = {
        "apiVersion": "coordination.k8s.io/v1",
        "kind": "Lease",
        "namespace": witness.namespace,
        "name": witness.name,
    }
    reply = await asking.call(client, applier.reader, inputs)
    if witness.uid not in reply.text:
        raise Refused(
            f"The server sees another Lease {witness.name!r} in {witness.namespace!r} than OPS Bot "
            "does, so it works on another cluster. Nothing was applied; correct the connection."
        )
