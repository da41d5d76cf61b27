"""`opsbot tools`: what there is, counted from the catalog."""

import json

import pytest

from opsbot.capabilities import catalog
from opsbot.doors import cli
from opsbot.vocabulary.words import ServerKind


@pytest.fixture
def listed(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    assert cli.main(["tools", "--json"]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_every_tool_of_the_catalog_is_listed_once_under_its_server(listed):
    named = [(s["kind"], tool["name"]) for s in listed["servers"] for tool in s["tools"]]

    assert named == [(each.server.value, each.name) for each in catalog.native()]


def test_counts_are_those_of_the_lists(listed):
    assert [each["kind"] for each in listed["servers"]] == list(ServerKind)
    assert all(each["count"] == len(each["tools"]) for each in listed["servers"])
    assert listed["count"] == sum(each["count"] for each in listed["servers"])


def test_each_tool_has_capability_risk_and_origin(listed):
    tools = {tool["name"]: tool for each in listed["servers"] for tool in each["tools"]}

    assert tools["apply_deployment"] == {
        "name": "apply_deployment",
        "capability": "apply_deployment",
        "risk": "high",
        "changes": True,
        "from": "native",
        "summary": "Deploy application",
    }


def test_people_read_the_counts(capsys):
    assert cli.main(["tools"]) == 0

    shown = capsys.readouterr().out
    total = len(tuple(catalog.native()))
    assert "Kubernetes - 12 tools" in shown
    assert f"Total: {total} tools of 4 kinds of servers" in shown
