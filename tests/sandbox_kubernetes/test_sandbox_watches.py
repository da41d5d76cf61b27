"""Watches, lists, tokens: what a client can rely on between two requests."""

import stat

import httpx
import pytest
from kubernetes import watch
from kubernetes.client.exceptions import ApiException

from opsbot.sandbox.kubernetes.server import Handle
from tests.sandbox_kubernetes.stage import Stage


def config_map(name: str, **labels: str) -> dict[str, object]:
    return {"metadata": {"name": name, "labels": labels}}


def test_a_watch_goes_on_where_the_list_was(stage: Stage) -> None:
    stage.call("POST", "configmaps", config_map("before"))
    version = stage.core.list_namespaced_config_map(stage.namespace).metadata.resource_version
    stage.call("POST", "configmaps", config_map("after"))
    stage.call("DELETE", "configmaps/before")

    seen = watch.Watch().stream(
        stage.core.list_namespaced_config_map,
        stage.namespace,
        resource_version=version,
        timeout_seconds=1,
    )

    assert [(each["type"], each["object"].metadata.name) for each in seen] == [
        ("ADDED", "after"),
        ("DELETED", "before"),
    ]


def test_an_object_that_leaves_the_selection_is_deleted_for_the_watcher(stage: Stage) -> None:
    made = stage.call("POST", "configmaps", config_map("one", app="web"))
    change = {"metadata": {"labels": {"app": "other"}}}
    stage.call("PATCH", "configmaps/one", change, "application/merge-patch+json")

    seen = watch.Watch().stream(
        stage.core.list_namespaced_config_map,
        stage.namespace,
        label_selector="app=web",
        resource_version=made["metadata"]["resourceVersion"],
        timeout_seconds=1,
    )

    assert [each["type"] for each in seen] == ["DELETED"]


def test_a_forgotten_version_is_an_error_event_in_a_good_stream(stage: Stage) -> None:
    stream = watch.Watch().stream(
        stage.core.list_namespaced_pod, stage.namespace, resource_version="5", timeout_seconds=1
    )

    with pytest.raises(ApiException) as caught:
        next(stream)

    assert caught.value.status == 410
    assert "too old resource version: 5 (" in str(caught.value.reason)


def test_field_and_label_selectors_choose(stage: Stage) -> None:
    for name, app in (("a", "web"), ("b", "web"), ("c", "api")):
        stage.call("POST", "configmaps", config_map(name, app=app))

    listed = stage.core.list_namespaced_config_map(
        stage.namespace, label_selector="app in (web), app", field_selector="metadata.name!=a"
    )

    assert [each.metadata.name for each in listed.items] == ["b"]


def test_a_list_in_an_unknown_namespace_is_empty_and_a_write_is_not_found(stage: Stage) -> None:
    assert stage.core.list_namespaced_pod("nowhere").items == []

    status = stage.refusal(
        lambda: stage.core.create_namespaced_config_map("nowhere", config_map("a"))
    )

    assert (status["code"], status["message"]) == (404, 'namespaces "nowhere" not found')


def test_a_replacement_of_a_stale_state_is_refused(stage: Stage) -> None:
    made = stage.call("POST", "configmaps", config_map("one"))
    stage.call("PUT", "configmaps/one", {**made, "data": {"a": "1"}})

    status = stage.refusal(lambda: stage.call("PUT", "configmaps/one", made))

    assert status["message"] == (
        'Operation cannot be fulfilled on configmaps "one": the object has been modified; '
        "please apply your changes to the latest version and try again"
    )


def test_nothing_is_answered_without_the_token(handle: Handle) -> None:
    answer = httpx.get(f"{handle.url}/version")

    assert (answer.status_code, answer.json()["message"]) == (401, "Unauthorized")
    assert stat.S_IMODE(handle.kubeconfig.stat().st_mode) == 0o600


def test_a_port_or_address_is_given_once(stage: Stage) -> None:
    spec = {"type": "NodePort", "ports": [{"port": 80}]}
    first = stage.call("POST", "services", {"metadata": {"name": "a"}, "spec": spec})["spec"]
    port = first["ports"][0]["nodePort"]
    again = {"type": "NodePort", "ports": [{"port": 80, "nodePort": port}]}

    status = stage.refusal(
        lambda: stage.call("POST", "services", {"metadata": {"name": "b"}, "spec": again})
    )

    assert status["message"] == (
        f'Service "b" is invalid: spec.ports[0].nodePort: Invalid value: {port}: '
        "provided port is already allocated"
    )


def test_the_user_of_the_sandbox_may_do_everything(stage: Stage) -> None:
    answer = httpx.post(
        f"{stage.handle.url}/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
        headers={"Authorization": f"Bearer {stage.handle.token}"},
        json={"spec": {"resourceAttributes": {"verb": "get", "resource": "pods"}}},
    )

    assert answer.json()["status"]["allowed"] is True
