"""S5: tools that are never called, and the one way to change that."""

import pytest

from opsbot.capabilities.matching import match
from opsbot.vocabulary.words import ServerKind
from tests.capabilities.matching import tool_lists

KUBERNETES = ServerKind.KUBERNETES
PLAIN = "get_pods(namespace!) R\nget_nodes() R\ntop_pods(namespace) R"


def _denied(*lines: str, allowed: tuple[str, ...] = ()) -> tuple[str, ...]:
    tools = tool_lists.tools("\n".join([PLAIN, *lines]))
    return match.match(KUBERNETES, tools, allowed=allowed).denied


@pytest.mark.parametrize(
    "line",
    [
        "exec_in_pod(name!, command!)",
        "kubectl_generic(command!)",
        "kubectl(args!)",
        "get_output_of(script!)",
        "query_cluster(expression!)",
        "list_output(cmd!)",
        "show_result(args!)",
        "run_command(command!, service)",
        "execute_tool(tool_name!, arguments:object)",
        "run_query(query!)",
        "api_get(path!)",
        "helm(flags!)",
        "delete_pod(name!, namespace!)",
        "cleanup()",
        "prune_images()",
        "list_and_delete_pods(namespace!)",
        "list_then_run_pods(namespace!)",
        "drain_node(node!)",
        "node_management(operation=cordon|drain!)",
        "get_secrets(namespace!)",
        "read_kubeconfig()",
        "list_service_account_tokens(namespace!)",
        "install_helm_chart(name!, chart!)",
        "patch_resource(kind!, name!, patch!)",
        "port_forward(pod!, port!)",
        "frobnicate(name!)",
    ],
)
def test_s05_what_destroys_runs_anything_hands_out_secrets_or_is_not_understood_is_denied(line):
    assert _denied(line) == (line.partition("(")[0],)


def test_s05_plain_readers_and_understood_tools_are_not_denied():
    assert _denied("scale_deployment(name!, replicas!)", "kubectl_apply(manifest!)") == ()


@pytest.mark.parametrize("hint", ["", " R"])
def test_s05_a_hint_makes_no_tool_harmless(hint):
    assert _denied(f"delete_pod(name!, namespace!){hint}") == ("delete_pod",)


def test_s05_a_reader_that_calls_itself_destructive_is_denied_and_serves_nothing():
    tools = tool_lists.tools("list_pods(namespace!) D")

    matching = match.match(KUBERNETES, tools)

    assert matching.mapping["get_pods"] is None
    assert matching.denied == ("list_pods",)


def test_s05_an_administrator_may_allow_a_tool_by_its_name_and_no_other():
    lines = ("delete_pod(name!, namespace!)", "kubectl_generic(command!)")

    assert _denied(*lines, allowed=("delete_pod", "delete")) == ("kubectl_generic",)


def test_s05_two_tools_of_one_name_are_denied_also_if_that_name_is_allowed():
    twice = ("list_events(namespace!)", "list_events(namespace!, query)")
    tools = tool_lists.tools("\n".join([PLAIN, *twice]))

    matching = match.match(KUBERNETES, tools, allowed=("list_events",))

    assert matching.mapping["get_events"] is None
    assert matching.denied == ("list_events",)


@pytest.mark.parametrize("name", ["get_рods", "get\u200b_pods", "get_pods\u202e", "get_pods" * 30])
def test_s05_a_name_that_only_looks_like_another_is_denied(name):
    tools = tool_lists.tools(f"{name}(namespace!)\nkubectl_version()")

    matching = match.match(KUBERNETES, tools)

    assert matching.mapping["get_pods"] is None
    assert name in matching.denied
