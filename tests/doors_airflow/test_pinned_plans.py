"""The front door asks MCP servers only for plans that use them, and plans with what they answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from opsbot.capabilities.mcp_found import McpFound
from opsbot.capabilities.mcp_tool import McpTool
from opsbot.doors import answer as answers
from opsbot.doors.answer import Knowledge
from opsbot.planning import gaps
from opsbot.planning.pattern import McpPin, Pattern

INCLUDE = Path(__file__).parent.parent.parent / "include"
MCP = "mcp_kubernetes"
LISTS = McpTool(
    name="pods_list_in_namespace",
    input_schema={
        "type": "object",
        "properties": {"namespace": {"type": "string"}, "labelSelector": {"type": "string"}},
        "required": ["namespace"],
    },
)


@dataclass
class Servers:
    """MCP servers that remember who was asked."""

    tools: tuple[McpTool, ...] = (LISTS,)
    asked: list[str] = field(default_factory=list)

    def discover(self, connections: Sequence[str]) -> tuple[McpFound, ...]:
        self.asked += connections
        return tuple(McpFound(connection=each, tools=self.tools) for each in connections)


def pinned(pattern: Pattern) -> Pattern:
    """Pin the counting of pods in the answer to a question of status."""
    if pattern.name != "status":
        return pattern
    pin = McpPin(connection=MCP, tool=LISTS.name)
    steps = tuple(
        each.model_copy(update={"mcp": pin}) if each.tool == "get_pods" else each
        for each in pattern.steps
    )
    return pattern.model_copy(update={"steps": steps})


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    found = answers.load(INCLUDE)
    return Knowledge(found.organisation, tuple(map(pinned, found.patterns)), found.catalog)


def ask(command: str, knowledge: Knowledge, servers: Servers) -> dict:
    has = gaps.Airflow(connections=knowledge.connections, fernet_key=True)
    airflow = answers.Airflow(has=has, discover=servers.discover)
    return answers.answer(command, knowledge, at=1, airflow=airflow)


def test_a_plan_with_a_pin_carries_what_its_server_lists_now(knowledge):
    servers = Servers()

    plan = ask("status of my-application in production", knowledge, servers)["plan"]

    (step,) = [each for each in plan["steps"] if each["capability"] == "get_pods"]
    assert servers.asked == [MCP]
    assert step["tool"] == LISTS.name
    assert step["mcp"] == {"connection": MCP, "schema_sha256": LISTS.schema_sha256}
    assert plan["missing_mcp_tools"] == []


def test_a_plan_without_a_pin_asks_no_server(knowledge):
    servers = Servers()

    assert ask("restart my-application in staging", knowledge, servers)["outcome"] == "plan"
    assert ask("deploy", knowledge, servers)["outcome"] == "question"
    assert servers.asked == []


def test_a_server_without_the_tool_leaves_a_gap_that_other_programs_can_read(knowledge):
    plan = ask("status of my-application in production", knowledge, Servers(tools=()))["plan"]

    (missing,) = plan["missing_mcp_tools"]
    assert (missing["connection"], missing["tool"]) == (MCP, LISTS.name)


def test_a_tool_that_does_something_else_is_a_refusal(knowledge):
    other = LISTS.model_copy(update={"input_schema": {"type": "object", "properties": {}}})

    answer = ask("status of my-application in production", knowledge, Servers(tools=(other,)))

    assert (answer["outcome"], answer["code"]) == ("refusal", "policy")
    assert "pinned to an MCP tool" in answer["reason"]


def test_the_connections_of_pins_are_among_those_that_a_plan_may_use(knowledge):
    assert MCP in knowledge.connections
    assert "opsbot_kubernetes" in knowledge.connections
