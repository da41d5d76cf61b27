"""How arguments are told to tools, on the schemas of real servers, and which tools fit."""

from typing import Any

import pytest

from opsbot.capabilities.calling import appliers, fitness
from opsbot.capabilities.mcp_tool import McpTool
from opsbot.vocabulary.errors import Refused
from opsbot.vocabulary.words import ServerKind

TEXT = {"type": "string"}
PODS = {"namespace": "shop", "label_selector": "app=shop", "field_selector": "status.phase=Running"}


def a_tool(name: str, required: tuple[str, ...] = (), /, **properties: Any) -> McpTool:
    schema = {"type": "object", "properties": properties, "required": list(required)}
    return McpTool(name=name, input_schema=schema)


IN_NAMESPACE = a_tool(
    "pods_list_in_namespace",
    ("namespace",),
    namespace=TEXT,
    labelSelector={**TEXT, "pattern": "^([/_.\\-A-Za-z0-9=, ()!])+$"},
    fieldSelector=TEXT,
)
EVERYWHERE = a_tool("pods_list", labelSelector=TEXT, fieldSelector=TEXT)
KUBECTL_GET = a_tool(
    "kubectl_get",
    ("resourceType",),
    resourceType=TEXT,
    name=TEXT,
    namespace={**TEXT, "default": "default"},
    output={**TEXT, "enum": ["json", "yaml"], "default": "json"},
    allNamespaces={"type": "boolean", "default": False},
    labelSelector=TEXT,
    fieldSelector=TEXT,
    context={**TEXT, "default": ""},
)
RESOURCES_GET = a_tool(
    "resources_get",
    ("apiVersion", "kind", "name"),
    apiVersion=TEXT,
    kind=TEXT,
    name=TEXT,
    namespace=TEXT,
)
CREATE_OR_UPDATE = a_tool("resources_create_or_update", ("resource",), resource=TEXT)
KUBECTL_APPLY = a_tool("kubectl_apply", manifest=TEXT, filename=TEXT, namespace=TEXT)
PODS_DELETE = a_tool("pods_delete", ("name",), name=TEXT, namespace=TEXT)
PODS_EXEC = a_tool("pods_exec", ("name", "command"), name=TEXT, command={"type": "array"})
KUBERNETES_TOOLS = (
    IN_NAMESPACE,
    EVERYWHERE,
    RESOURCES_GET,
    CREATE_OR_UPDATE,
    KUBECTL_APPLY,
    PODS_DELETE,
    PODS_EXEC,
)


def told(capability: str, arguments: dict[str, Any], tool: McpTool) -> dict[str, Any]:
    kind = ServerKind.KUBERNETES
    return fitness.inputs_for(kind, capability, arguments, tool)


def test_each_argument_goes_into_the_input_that_means_it():
    assert told("get_pods", PODS, IN_NAMESPACE) == {
        "namespace": "shop",
        "labelSelector": "app=shop",
        "fieldSelector": "status.phase=Running",
    }


def test_a_tool_for_all_kinds_is_told_which_one():
    assert told("get_pods", PODS, KUBECTL_GET)["resourceType"] == "pods"
    assert told(
        "get_deployment", {"deployment_name": "web", "namespace": "shop"}, RESOURCES_GET
    ) == {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web", "namespace": "shop"}


def test_a_tool_that_cannot_be_told_where_to_look_is_not_called():
    with pytest.raises(Refused, match=r"cannot be told namespace .* look elsewhere"):
        told("get_pods", PODS, EVERYWHERE)


def test_a_demanded_input_that_nothing_means_is_no_call():
    tool = a_tool("list_pods", ("namespace", "cluster"), namespace=TEXT, cluster=TEXT)

    with pytest.raises(Refused, match="demands 'cluster'"):
        told("get_pods", PODS, tool)


@pytest.mark.parametrize(
    "taken", [{"type": "integer"}, {"type": "object"}, {**TEXT, "enum": ["default"]}]
)
def test_a_value_that_the_input_does_not_take_is_no_call(taken):
    with pytest.raises(Refused, match="takes no str"):
        told("get_pods", PODS, a_tool("list_pods", namespace=taken))


def test_numbers_are_told_as_numbers_or_as_text():
    arguments = {"job_name": "team/app", "build_number": 7}
    jenkins = (ServerKind.JENKINS, "get_build_status", arguments)

    as_number = a_tool("getBuild", jobFullName=TEXT, buildNumber={"type": "integer"})
    as_text = a_tool("get_build", fullname=TEXT, number=TEXT)

    assert fitness.inputs_for(*jenkins, as_number) == {"jobFullName": "team/app", "buildNumber": 7}
    assert fitness.inputs_for(*jenkins, as_text) == {"fullname": "team/app", "number": "7"}


def test_wrapped_inputs_are_not_guessed():
    inner = {"type": "object", "properties": {"namespace": TEXT}, "required": ["namespace"]}

    with pytest.raises(Refused, match="plain inputs"):
        told("get_pods", PODS, a_tool("list_pods", ("params",), params=inner))


@pytest.mark.parametrize(
    ("capability", "tool"),
    [
        ("get_pods", IN_NAMESPACE),
        ("get_pods", EVERYWHERE),
        ("get_deployment", RESOURCES_GET),
        ("get_service", RESOURCES_GET),
        ("apply_deployment", CREATE_OR_UPDATE),
    ],
)
def test_every_tool_that_serves_a_capability_fits(capability, tool):
    fitness.require(ServerKind.KUBERNETES, capability, KUBERNETES_TOOLS, tool)


@pytest.mark.parametrize(
    ("capability", "tool", "reason"),
    [
        ("get_pods", PODS_DELETE, "is denied"),
        ("get_pods", PODS_EXEC, "is denied"),
        ("get_pods", CREATE_OR_UPDATE, "does not do what get_pods means"),
        ("apply_deployment", IN_NAMESPACE, "does not do what apply_deployment means"),
        ("apply_deployment", KUBECTL_APPLY, "treats what others own is not known"),
    ],
)
def test_a_tool_that_is_denied_or_does_something_else_does_not_fit(capability, tool, reason):
    with pytest.raises(Refused, match=reason):
        fitness.require(ServerKind.KUBERNETES, capability, KUBERNETES_TOOLS, tool)


def test_an_applier_that_takes_more_than_it_did_is_not_known_any_more():
    assert appliers.known(CREATE_OR_UPDATE) is not None
    wider = a_tool("resources_create_or_update", ("resource",), resource=TEXT, context=TEXT)
    assert appliers.known(wider) is None
