"""What becomes of the API server's answers, and of having none."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from kubeconfigs import kubeconfig
from loopback import Answer, Reply, Request

from opsbot.integrations.kubernetes import client, faults, rights
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.rights import Right
from opsbot.vocabulary.errors import Refused, StepFailed, TryAgain

ClusterOf = Callable[[Answer], Cluster]
MAP = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c", "namespace": "n"}}


def status(code: int, message: str, **changes: Any) -> Reply:
    body = {"kind": "Status", "status": "Failure", "message": message, "code": code, **changes}
    return Reply(code, body)


def test_an_apply_is_sent_as_our_manager_and_without_force(cluster_of: ClusterOf) -> None:
    seen: list[Request] = []
    cluster = cluster_of(lambda request: seen.append(request) or Reply(200, MAP))

    cluster.apply(MAP)

    assert (seen[0].method, seen[0].path) == ("PATCH", "/api/v1/namespaces/n/configmaps/c")
    assert seen[0].query == {"fieldManager": "opsbot", "force": "false"}
    assert seen[0].headers["Content-Type"] == "application/apply-patch+yaml"
    assert seen[0].headers["authorization"] == "Bearer 0123456789abcdef"
    assert json.loads(seen[0].body) == MAP


def test_a_name_cannot_leave_its_path(cluster_of: ClusterOf) -> None:
    seen: list[Request] = []
    cluster = cluster_of(lambda request: seen.append(request) or Reply(200, MAP))

    cluster.find("ConfigMap", "n", "../../secrets/x")

    assert seen[0].path == "/api/v1/namespaces/n/configmaps/..%2F..%2Fsecrets%2Fx"


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (status(401, "Unauthorized"), StepFailed, "renew it"),
        (
            status(403, 'configmaps "c" is forbidden: User "bot" cannot patch'),
            StepFailed,
            'User "bot" cannot patch (HTTP 403). Give the user of the connection that right',
        ),
        (status(404, 'namespaces "n" not found'), faults.Missing, "that the namespace exists"),
        (status(422, "spec.replicas: Invalid value: -1"), StepFailed, "Correct the manifest"),
        (
            status(500, "failed to create typed patch object (n/c): .spec.x: field not declared"),
            StepFailed,
            ".spec.x: field not declared. Correct that field in the manifest",
        ),
        (status(500, "etcdserver: request timed out"), TryAgain, "the API server failed (500"),
        (status(503, "service unavailable"), TryAgain, "not available"),
        (status(429, "too many requests"), TryAgain, "not available"),
        (Reply(502, "<html>bad gateway</html>"), TryAgain, "not available"),
        (Reply(200, "<html>login</html>"), StepFailed, "does not answer in JSON"),
        (
            status(409, "the object has been modified", reason="Conflict"),
            faults.Changed,
            "the object has been modified",
        ),
        (status(409, "already exists", reason="AlreadyExists"), faults.Changed, "already exists"),
    ],
)
def test_an_answer_becomes_an_error_that_says_what_to_do(
    cluster_of: ClusterOf, reply: Reply, kind: type[Exception], words: str
) -> None:
    cluster = cluster_of(lambda _: reply)

    with pytest.raises(kind) as caught:
        cluster.apply(MAP)

    assert words in str(caught.value)
    assert str(caught.value).startswith("Could not apply ConfigMap 'c' in 'n'")


def test_a_field_conflict_names_every_field_and_its_owner(cluster_of: ClusterOf) -> None:
    causes = [
        {
            "reason": "FieldManagerConflict",
            "message": 'conflict with "kubectl" with subresource "scale" using apps/v1',
            "field": ".spec.replicas",
        },
        {
            "reason": "FieldManagerConflict",
            "message": 'conflict with "kubectl-set" using apps/v1',
            "field": '.spec.template.spec.containers[name="app"].image',
        },
    ]
    reply = status(409, "Apply failed", reason="Conflict", details={"causes": causes})
    cluster = cluster_of(lambda _: reply)

    with pytest.raises(faults.FieldConflict) as caught:
        cluster.apply(MAP)

    assert caught.value.fields == (
        ".spec.replicas belongs to 'kubectl' (through scale); "
        ".spec.template.spec.containers[name=\"app\"].image belongs to 'kubectl-set'"
    )


def test_a_secret_in_an_answer_stays_out_of_the_error(cluster_of: ClusterOf) -> None:
    cluster = cluster_of(lambda _: status(422, "Invalid value: DB_PASSWORD=hunter2secret"))

    with pytest.raises(StepFailed) as caught:
        cluster.apply(MAP)

    assert "hunter2secret" not in str(caught.value)


@pytest.mark.parametrize(
    "reply",
    [
        status(
            422,
            'data[PIN]: Invalid value: "Zm9vYmFyYmF6"',
            details={"causes": [{"field": "data[PIN]"}]},
        ),
        status(400, 'illegal base64 data at input byte 4: "Zm9vYmFyYmF6"'),
        status(
            500,
            "failed to create typed patch object (n/s; /v1, Kind=Secret): .data.PIN: expected "
            "string, got &value.valueUnstructured{Value:Zm9vYmFyYmF6}",
        ),
        status(500, "failed to convert new object (n/s): illegal value Zm9vYmFyYmF6"),
        Reply(422, "Zm9vYmFyYmF6"),
    ],
)
def test_s10_an_error_about_a_secret_quotes_no_value(cluster_of: ClusterOf, reply: Reply) -> None:
    cluster = cluster_of(lambda _: reply)

    with pytest.raises(StepFailed) as caught:
        cluster.apply({**MAP, "kind": "Secret", "data": {"PIN": "Zm9vYmFyYmF6"}})

    assert "Zm9vYmFyYmF6" not in str(caught.value)
    assert "words are left out" in str(caught.value)
    if "PIN" in str(reply.body):
        assert "PIN" in str(caught.value)


def test_a_cut_connection_is_tried_again_and_then_told(cluster_of: ClusterOf) -> None:
    seen: list[Request] = []
    cluster = cluster_of(seen.append)

    with pytest.raises(TryAgain, match="no answer from the API server"):
        cluster.apply(MAP)

    assert len(seen) == 3


def test_one_lost_answer_does_no_harm(cluster_of: ClusterOf) -> None:
    replies = iter([None, status(503, "busy"), Reply(200, MAP)])
    cluster = cluster_of(lambda _: next(replies))

    assert cluster.apply(MAP) == MAP


def test_a_refused_connection_is_a_fault_of_the_road(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "PAUSES", ())
    cluster = client.from_kubeconfig(kubeconfig("http://127.0.0.1:9"))

    with pytest.raises(TryAgain, match="no answer"):
        cluster.list("Pod", "n")


def test_an_answer_of_no_is_not_tried_again(cluster_of: ClusterOf) -> None:
    seen: list[Request] = []
    cluster = cluster_of(lambda request: seen.append(request) or status(403, "forbidden"))

    with pytest.raises(StepFailed):
        cluster.list("Pod", "n")

    assert len(seen) == 1


def test_deleting_what_is_gone_is_done(cluster_of: ClusterOf) -> None:
    seen: list[Request] = []
    cluster = cluster_of(lambda request: seen.append(request) or status(404, "not found"))

    cluster.delete({**MAP, "metadata": {**MAP["metadata"], "uid": "u"}})

    assert json.loads(seen[0].body)["preconditions"] == {"uid": "u"}


def test_a_missing_right_is_named_with_its_user(cluster_of: ClusterOf) -> None:
    def answer(request: Request) -> Reply:
        if request.path.endswith("selfsubjectreviews"):
            return Reply(201, {"status": {"userInfo": {"username": "system:bot"}}})
        asked = json.loads(request.body)["spec"]["resourceAttributes"]
        return Reply(201, {"status": {"allowed": asked["verb"] != "delete"}})

    cluster = cluster_of(answer)

    asked = (Right("apps", "replicasets", "list"), Right("apps", "replicasets", "delete"))
    assert rights.missing(cluster, "n", asked) == asked[1:]
    with pytest.raises(StepFailed, match=r"User 'system:bot' may not deploy to 'n'.*delete repl"):
        rights.require(cluster, "n", asked)


def test_the_default_connection_is_refused() -> None:
    with pytest.raises(Refused, match="may be any cluster"):
        client.connect("kubernetes_default")


def test_a_connection_that_names_no_cluster_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_OPSBOT_EMPTY", '{"conn_type": "kubernetes"}')

    with pytest.raises(Refused, match="names no cluster"):
        client.connect("opsbot_empty")


def test_a_connection_with_a_kubeconfig_reaches_its_own_cluster(
    monkeypatch: pytest.MonkeyPatch, cluster_of: ClusterOf
) -> None:
    server = cluster_of(lambda _: Reply(200, MAP)).server
    extra = {"kube_config": json.dumps(kubeconfig(server))}
    connection = json.dumps({"conn_type": "kubernetes", "extra": extra})
    monkeypatch.setenv("AIRFLOW_CONN_OPSBOT_TEST", connection)

    cluster = client.connect("opsbot_test")

    assert cluster.server == server
    assert cluster.find("ConfigMap", "n", "c") == MAP


def test_a_kubeconfig_that_cannot_be_read_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    extra = {"kube_config_path": "/nowhere/kubeconfig"}
    connection = json.dumps({"conn_type": "kubernetes", "extra": extra})
    monkeypatch.setenv("AIRFLOW_CONN_OPSBOT_WRONG", connection)

    with pytest.raises(StepFailed, match="'opsbot_wrong' cannot be used"):
        client.connect("opsbot_wrong")
