"""Which of several tools that fit is taken, and what makes one fit or not."""

import pytest

from opsbot.capabilities.matching import match
from opsbot.vocabulary.words import ServerKind
from tests.capabilities.matching import tool_lists

JENKINS, SONARQUBE, DOCKER, KUBERNETES = ServerKind


def _served(kind: ServerKind, capability: str, *lines: str) -> str | None:
    text = "\n".join([*lines, tool_lists.NAMES[kind]])
    return tool_lists.matched(kind, text).get(capability)


def test_a_tool_for_this_is_taken_before_a_tool_for_everything():
    generic = "kubectl_get(resourceType!, namespace)"

    assert _served(KUBERNETES, "get_pods", generic) == "kubectl_get"
    assert _served(KUBERNETES, "get_pods", generic, "list_pods(namespace)") == "list_pods"


def test_a_tool_with_one_purpose_is_taken_before_a_multiplexer():
    area = "image(action=pull|rm!, image)"

    assert _served(DOCKER, "pull_image", area, "docker_pull_image(image!)") == "docker_pull_image"


def test_of_equal_names_the_tool_that_takes_more_of_what_a_call_knows_is_taken():
    less, more = "get_events(namespace)", "list_events(namespace, labelSelector)"

    assert _served(KUBERNETES, "get_events", less, more) == "list_events"


def test_the_tool_that_can_be_told_where_is_taken_before_one_that_cannot():
    everywhere, there = "pods_list(labelSelector)", "pods_list_in_namespace(namespace!)"

    assert _served(KUBERNETES, "get_pods", everywhere, there) == "pods_list_in_namespace"


def test_the_plain_variant_is_taken_before_the_special_one():
    asynchronous = "trigger_build_async(job!)"

    assert _served(JENKINS, "trigger_build", asynchronous) == "trigger_build_async"
    assert _served(JENKINS, "trigger_build", asynchronous, "trigger_build(job!)") == "trigger_build"


def test_a_tool_that_demands_what_no_call_knows_serves_nothing():
    assert _served(JENKINS, "trigger_build", "trigger_build(job!, ticket!)") is None
    assert _served(DOCKER, "push_image", "push_image(image!, password!)") is None
    assert _served(KUBERNETES, "apply_deployment", "apply_yaml(yaml_path!)") is None


def test_a_tool_that_cannot_be_told_which_one_serves_nothing():
    assert _served(JENKINS, "get_build_status", "get_build_status(job!)") is None
    assert _served(KUBERNETES, "scale_deployment", "scale_deployment(name!)") is None


def test_a_multiplexer_serves_what_its_schema_lists_and_nothing_else():
    rollout = (
        "kubectl_rollout(subCommand={}!, resourceType=deployment|daemonset!, name!, namespace)"
    )
    both = rollout.format("undo|restart|status|pause")
    less = rollout.format("status|pause")

    assert _served(KUBERNETES, "rollback_deployment", both) == "kubectl_rollout"
    assert _served(KUBERNETES, "restart_deployment", both) == "kubectl_rollout"
    assert _served(KUBERNETES, "get_rollout_status", less) == "kubectl_rollout"
    assert _served(KUBERNETES, "rollback_deployment", less) is None


def test_a_multiplexer_for_other_objects_serves_nothing():
    rollout = "kubectl_rollout(subCommand=undo!, resourceType={}, name!, namespace)"

    assert (
        _served(KUBERNETES, "rollback_deployment", rollout.format("daemonset|statefulset")) is None
    )
    assert _served(KUBERNETES, "rollback_deployment", rollout.format("Deployment|Job"))


def test_an_action_whose_values_nobody_lists_is_not_guessed():
    assert _served(DOCKER, "pull_image", "docker_image(action!, image)") is None
    assert _served(DOCKER, "pull_image", "docker_image(action=pull|rm!, image)") == "docker_image"


def test_one_name_means_different_things_at_different_kinds_of_server():
    service = "get_service(name!, namespace!)"

    assert _served(KUBERNETES, "get_service", service) == "get_service"
    assert tool_lists.matched(JENKINS, f"{service}\n{tool_lists.NAMES[JENKINS]}") == {}


def test_a_plural_is_no_verb():
    assert _served(JENKINS, "trigger_build", "builds(job!)") is None
    assert _served(JENKINS, "list_builds", "builds(job!)") == "builds"


def test_a_reader_of_builds_is_not_taken_for_a_trigger():
    lone = "jenkins_build(job!, build)"

    assert _served(JENKINS, "get_build_status", lone) == "jenkins_build"
    assert _served(JENKINS, "trigger_build", lone) is None
    assert _served(JENKINS, "trigger_build", "jenkins_build(job!)") == "jenkins_build"


@pytest.mark.parametrize("kind", list(ServerKind))
def test_a_server_without_tools_serves_nothing(kind):
    matching = match.match(kind, ())

    assert set(matching.mapping.values()) == {None}
    assert matching.denied == ()
