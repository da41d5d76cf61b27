"""Applying by a foreign server: what must be so before it is told anything."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from scripted_server import ScriptedServer, said

from opsbot.capabilities.mcp_tool import read_tools
from opsbot.integrations.kubernetes.lease import Lease
from opsbot.integrations.mcp import applying, registration
from opsbot.integrations.mcp.calling import Approved
from opsbot.integrations.mcp.registration import Registered
from opsbot.vocabulary.errors import Refused, StepFailed
from opsbot.vocabulary.words import ServerKind

TEXT = {"type": "string"}
UID = "6c1f8d0e-0000-4000-8000-c0ffee000001"
WITNESS = Lease(namespace="shop", name="opsbot-web", uid=UID)
OBJECTS = (
    {"kind": "ConfigMap", "metadata": {"name": "web", "namespace": "shop"}, "data": {"a": "b"}},
    {"kind": "Deployment", "metadata": {"name": "web", "namespace": "shop"}, "spec": {}},
)


def a_tool(name: str, *inputs: str, **changes: Any) -> dict[str, Any]:
    properties = dict.fromkeys(inputs, TEXT)
    schema = {"type": "object", "properties": properties, "required": list(inputs), **changes}
    return {"name": name, "inputSchema": schema}


APPLIES = a_tool("resources_create_or_update", "resource")
READS = a_tool("resources_get", "apiVersion", "kind", "name", "namespace")
LISTS = a_tool("pods_list_in_namespace", "namespace")


@pytest.fixture
def stranger(serve) -> tuple[ScriptedServer, Registered]:
    server = ScriptedServer(APPLIES, READS, LISTS)
    server.replies["resources_get"] = said(f"metadata:\n  uid: {UID}")
    return server, registration.registered("mcp_test", f"{serve(server)}/mcp", "", {})


def apply(server: Registered, manifests: Sequence[dict[str, Any]] = OBJECTS) -> list[str]:
    """Apply as a plan says that was made while the server listed the tools above."""
    approved = Approved(
        kind=ServerKind.KUBERNETES,
        capability="apply_deployment",
        tool=APPLIES["name"],
        schema_sha256=read_tools({"tools": [APPLIES]})[0].schema_sha256,
    )
    told: list[str] = []
    applying.apply(server, approved, manifests, WITNESS, say=told.append)
    return told


def test_the_objects_are_told_in_their_order_once_the_server_has_named_the_witness(stranger):
    server, registered = stranger

    told = apply(registered)

    names = [name for name, _ in server.calls]
    assert names == ["resources_get", APPLIES["name"], APPLIES["name"]]
    assert server.calls[0][1]["kind"] == "Lease"
    assert [json.loads(given["resource"]) for _, given in server.calls[1:]] == list(OBJECTS)
    assert "replied: 'done'" in told[0]


@pytest.mark.parametrize("answer", ["", "metadata:\n  uid: another", "not found"])
def test_a_server_that_cannot_name_the_witness_is_told_nothing(stranger, answer):
    server, registered = stranger
    server.replies["resources_get"] = said(answer)

    with pytest.raises(Refused, match="works on another cluster"):
        apply(registered)

    assert [name for name, _ in server.calls] == ["resources_get"]


def test_a_server_without_the_reader_is_told_nothing(stranger):
    server, registered = stranger
    server.tools = [APPLIES, LISTS]

    with pytest.raises(Refused, match="does not list 'resources_get'"):
        apply(registered)

    assert server.calls == []


@pytest.mark.parametrize(
    "tools",
    [
        [READS, LISTS],
        [a_tool("resources_create_or_update", "resource", "context"), READS, LISTS],
        [a_tool("resources_create_or_update", "resource", description="anything"), READS, LISTS],
    ],
)
def test_s05_an_applier_that_changed_after_the_plan_is_told_nothing(stranger, tools):
    server, registered = stranger
    server.tools = tools

    with pytest.raises(Refused, match="Nothing was called"):
        apply(registered)

    assert server.calls == []


@pytest.mark.parametrize(
    "manifest",
    [
        {"kind": "Secret", "metadata": {"name": "s"}, "data": {"key": "aHVudGVyMg=="}},
        {"kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"DB_PASSWORD": "hunter2"}},
        {"kind": "Deployment", "spec": {"env": [{"name": "API_TOKEN", "value": "hunter2hunter2"}]}},
    ],
)
def test_no_secret_leaves_for_a_foreign_server(stranger, manifest):
    server, registered = stranger

    with pytest.raises(Refused, match="looks like a secret"):
        apply(registered, (*OBJECTS, manifest))

    assert server.calls == []


def test_the_first_no_ends_it(stranger):
    server, registered = stranger
    server.replies[APPLIES["name"]] = {**said("forbidden"), "isError": True}

    with pytest.raises(StepFailed, match="says no: 'forbidden'"):
        apply(registered)

    assert len(server.calls) == 2
