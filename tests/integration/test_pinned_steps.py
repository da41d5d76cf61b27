"""A plan whose deploy and check are pinned to an MCP server, on a whole Airflow."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from opsbot.doors.demo.stack import Stack
from opsbot.integrations.kubernetes import client, owners
from tests.integration import road
from tests.kubernetes_mcp import MANAGER, own_server
from tests.mcp_servers import serving

pytestmark = [pytest.mark.airflow, pytest.mark.slow, pytest.mark.timeout(600)]

CONNECTION = "mcp_kubernetes"
PINS = {"apply_deployment": "resources_create_or_update", "get_pods": "pods_list_in_namespace"}
RELEASE = (("Deployment", "web-frontend"), ("Service", "web-frontend-service"))
COMMAND = "deploy web-frontend to development"


@pytest.fixture
def calls(stack: Stack) -> Iterator[list[str]]:
    """Serve the stack's cluster over MCP and connect it; return the names of the called tools."""
    assert stack.systems is not None
    cluster = client.from_kubeconfig(Path(stack.systems.kubernetes.kubeconfig))
    called: list[str] = []
    forget_release(cluster)
    with serving(own_server(cluster, called), token="of-mcp-7341") as url:
        described = {"conn_type": "mcp", "host": url, "password": "of-mcp-7341"}
        connection = {"connection_id": CONNECTION, **described}
        stack.api.call("POST", "/connections", json=connection)
        yield called
    stack.api.call("DELETE", f"/connections/{CONNECTION}")
    forget_release(cluster)


def forget_release(cluster: client.Cluster) -> None:
    """Delete what other tests have released natively: a server may not take that over."""
    for kind, name in RELEASE:
        found = cluster.find(kind, "development", name)
        if found is not None:
            cluster.delete(found)


def pin(edit: Callable[[str, str, str], None], connection: str = CONNECTION) -> None:
    for capability, tool in PINS.items():
        line = f"    tool: {capability}\n"
        pinned = f"{line}    mcp: {{connection: {connection}, tool: {tool}}}\n"
        edit("patterns/deployment.yaml", line, pinned)


def test_a_pinned_deploy_is_applied_and_checked_by_the_server_and_verified_natively(
    stack: Stack, calls: list[str], edit: Callable[[str, str, str], None]
) -> None:
    pin(edit)

    answer = road.ask(stack.api, COMMAND)
    run = road.ended(stack.api, answer["dag_id"], answer["run_id"], 300)

    assert run.state == "success", road.failures(stack.api, answer)
    steps = {step["id"]: step for step in answer["plan"]["steps"]}
    assert steps["deploy"]["tool"] == PINS["apply_deployment"]
    assert steps["verify_pods"]["mcp"]["connection"] == CONNECTION
    assert "resources_get" in calls[: calls.index("resources_create_or_update")]
    assert calls.count("pods_list_in_namespace") == 1
    pods = road.output(stack.api, answer, "verify_pods")
    assert pods["ready"] == pods["pods"] == 2
    assert stack.systems is not None
    cluster = client.from_kubeconfig(Path(stack.systems.kubernetes.kubeconfig))
    live = cluster.find("Deployment", "development", "web-frontend")
    assert {each.manager for each in owners.of(live)} == {MANAGER}


@pytest.mark.usefixtures("calls")
def test_a_pin_to_a_server_that_is_not_connected_starts_nothing(
    stack: Stack, edit: Callable[[str, str, str], None]
) -> None:
    pin(edit, "mcp_elsewhere")

    answer = road.ask(stack.api, COMMAND)

    assert "run_id" not in answer
    assert "Airflow connection mcp_elsewhere (mcp)" in answer["reason"]
