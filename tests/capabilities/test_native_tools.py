"""The native tools, as planning sees them."""

from importlib import import_module
from typing import Any

import pytest
from pydantic import ValidationError

from opsbot.capabilities import catalog
from opsbot.capabilities.capability import Capability
from opsbot.capabilities.catalog import NATIVE
from opsbot.vocabulary.words import Compliance, Risk, ServerKind

TOOLS = tuple(catalog.native())


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_tool_is_carried_out_by_the_module_of_its_name(tool: Capability) -> None:
    module = import_module(f"opsbot.integrations.{tool.server.value}.{tool.name}")

    assert callable(module.run)


@pytest.mark.parametrize(("server", "name"), [(s, n) for s in NATIVE for n in NATIVE[s]])
def test_tool_stands_where_the_catalog_looks_for_it(server: ServerKind, name: str) -> None:
    tool = catalog.native().find(server, name)

    assert tool is not None
    assert (tool.server, tool.name) == (server, name)


def test_tool_is_found_by_server_and_name_and_never_by_name_alone() -> None:
    tools = catalog.native()

    assert tools.find(ServerKind.KUBERNETES, "get_service") is not None
    assert tools.find(ServerKind.JENKINS, "get_service") is None


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_unknown_argument_is_refused(tool: Capability) -> None:
    with pytest.raises(ValidationError, match="skip_everything"):
        tool.params.model_validate({"skip_everything": True})


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_tool_that_changes_something_says_how_to_take_it_back_or_why_not(tool: Capability) -> None:
    assert tool.undo.startswith("nothing to undo") != tool.changes
    assert tool.reversible == (tool.changes and not tool.undo.startswith("irreversible:"))


def test_of_high_risk_are_changes_of_the_cluster_and_what_a_build_cannot_take_back() -> None:
    high = [each for each in TOOLS if each.risk is Risk.HIGH]

    assert all(each.changes for each in high)
    elsewhere = {each.name for each in high if each.server is not ServerKind.KUBERNETES}
    assert elsewhere == {"stop_build", "answer_build_input"}


def test_tool_that_changes_something_proves_nothing() -> None:
    assert [each.name for each in TOOLS if each.changes and each.proves] == []


def test_words_that_tools_prove() -> None:
    assert {word: each.name for each in TOOLS for word in each.proves} == {
        Compliance.QUALITY_GATE_PASSED: "analyze_project",
        Compliance.SECURITY_SCAN_PASSED: "get_vulnerabilities",
        Compliance.MONITORING_ENABLED: "get_service",
    }


@pytest.mark.parametrize(
    ("server", "name", "wish"),
    [
        (ServerKind.JENKINS, "run_tests", {"fail_on_error": False}),
        (ServerKind.SONARQUBE, "get_vulnerabilities", {"block_on_critical": False}),
        (ServerKind.DOCKER, "verify_image", {"check_layers": False}),
    ],
)
def test_check_cannot_be_switched_off(server: ServerKind, name: str, wish: dict[str, bool]) -> None:
    tool = catalog.native().find(server, name)
    assert tool is not None

    with pytest.raises(ValidationError, match=next(iter(wish))):
        tool.params.model_validate(wish)


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_check_is_a_boolean_argument_that_is_on_unless_it_is_switched_off(
    tool: Capability,
) -> None:
    defaults = [tool.params.model_fields[each].default for each in tool.checks]

    assert defaults == [True for _ in tool.checks]


def test_tools_that_answer_as_well_as_check() -> None:
    assert {each.name: each.checks for each in TOOLS if each.checks} == {
        "get_pods": ("must_be_ready",),
        "get_pod_logs": ("check_errors",),
        "get_service": ("verify_endpoints",),
    }


@pytest.mark.parametrize(
    ("name", "wish", "problem"),
    [
        ("get_pod_logs", {"previous": True}, "set check_errors to false"),
        (
            "get_service",
            {"verify_endpoints": False, "observe_seconds": 5},
            "only a check goes on observing",
        ),
    ],
)
def test_argument_that_means_nothing_beside_another_is_refused(
    name: str, wish: dict[str, Any], problem: str
) -> None:
    tool = catalog.native().find(ServerKind.KUBERNETES, name)
    assert tool is not None
    whole = {
        "namespace": "production",
        **({"pod_selector": "a=b", "container": "app"} if name == "get_pod_logs" else {}),
        **({"service_name": "a"} if name == "get_service" else {}),
    }

    with pytest.raises(ValidationError, match=problem):
        tool.params.model_validate({**whole, **wish})
