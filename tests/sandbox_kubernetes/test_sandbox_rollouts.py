"""Rollouts: pods move between ReplicaSets, and nobody who asks the service notices."""

import threading
from typing import Any

import httpx
from kubernetes.client import DiscoveryV1Api

from tests.sandbox_kubernetes.stage import JSON_PATCH, Stage, deployment, service
from tests.sandbox_kubernetes.yard import Yard

Json = dict[str, Any]
CRASH = "throw new Error('boom')"


def good(yard: Yard, version: str, replicas: int = 2, **spec: Any) -> Json:
    host = {"name": "HOST", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}}
    manifest = deployment(
        yard.node("good"),
        replicas,
        env=[host, {"name": "VERSION", "value": version}],
        lifecycle={"preStop": {"sleep": {"seconds": 1}}},
    )
    manifest["spec"] |= spec
    return manifest


def roll_out(stage: Stage, manifest: Json) -> None:
    stage.apply(manifest)
    stage.wait(stage.is_rolled_out)


def replica_sets(stage: Stage) -> dict[str, Json]:
    """The ReplicaSets by revision."""
    found = stage.call("GET", "replicasets")["items"]
    return {
        each["metadata"]["annotations"]["deployment.kubernetes.io/revision"]: each for each in found
    }


def condition(stage: Stage, type: str) -> Json:
    found = stage.call("GET", "deployments/web")["status"].get("conditions", [])
    return next((each for each in found if each["type"] == type), {})


class Client:
    """Asks the service all the time, with a connection for each request."""

    def __init__(self, port: int) -> None:
        self.answers: list[str] = []
        self._url = f"http://127.0.0.1:{port}/"
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Client":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(0.01):
            try:
                self.answers.append(httpx.get(self._url, timeout=5).text)
            except httpx.HTTPError as error:
                self.answers.append(f"failed: {error!r}")


def test_no_request_fails_while_versions_change(stage: Stage, yard: Yard) -> None:
    port = stage.apply(service())["spec"]["ports"][0]["nodePort"]
    roll_out(stage, good(yard, "one", 3))

    with Client(port) as client:
        roll_out(stage, good(yard, "two", 3))
        stage.wait(
            lambda: client.answers[-1] == "two" and len(stage.call("GET", "pods")["items"]) == 3
        )

    assert set(client.answers) == {"one", "two"}


def test_a_replica_sets_template_is_the_deployments_but_for_the_hash(
    stage: Stage, yard: Yard
) -> None:
    roll_out(stage, good(yard, "one"))

    [made] = replica_sets(stage).values()
    labels = made["spec"]["template"]["metadata"]["labels"]
    hash = labels.pop("pod-template-hash")
    assert made["spec"]["template"] == stage.call("GET", "deployments/web")["spec"]["template"]
    assert made["metadata"]["name"] == f"web-{hash}"
    assert all(pod["metadata"]["name"].startswith(f"web-{hash}-") for pod in stage.pods())


def test_a_stuck_rollout_is_undone_at_once_under_a_new_revision(stage: Stage, yard: Yard) -> None:
    roll_out(stage, good(yard, "one"))
    serving = {pod["metadata"]["name"] for pod in stage.pods()}
    stage.apply(deployment(yard.node("crash", CRASH), 2))
    stage.wait(lambda: len(stage.pods()) == 3)

    roll_out(stage, good(yard, "one"))

    stage.wait(lambda: {pod["metadata"]["name"] for pod in stage.pods()} == serving)
    assert sorted(replica_sets(stage)) == ["2", "3"]
    history = replica_sets(stage)["3"]["metadata"]["annotations"]
    assert history["deployment.kubernetes.io/revision-history"] == "1"


def test_a_rollout_that_cannot_progress_exceeds_its_deadline(stage: Stage, yard: Yard) -> None:
    roll_out(stage, good(yard, "one", progressDeadlineSeconds=2))
    broken = deployment(yard.node("crash", CRASH), 2)
    broken["spec"]["progressDeadlineSeconds"] = 2

    stage.apply(broken)

    stage.wait(lambda: condition(stage, "Progressing")["status"] == "False")
    assert condition(stage, "Progressing")["reason"] == "ProgressDeadlineExceeded"
    assert condition(stage, "Available")["status"] == "True"


def test_recreate_ends_the_old_before_it_starts_the_new(stage: Stage, yard: Yard) -> None:
    recreate = {"strategy": {"type": "Recreate"}}
    roll_out(stage, good(yard, "one", **recreate))
    before = {pod["metadata"]["uid"] for pod in stage.pods()}
    seen: list[set[str]] = []

    stage.apply(good(yard, "two", **recreate))

    def is_done() -> bool:
        seen.append({pod["metadata"]["uid"] for pod in stage.call("GET", "pods")["items"]})
        return stage.is_rolled_out()

    stage.wait(is_done)
    assert not any(uids & before and uids - before for uids in seen)


def test_scaling_to_nothing_and_back_makes_no_new_replica_set(stage: Stage, yard: Yard) -> None:
    roll_out(stage, good(yard, "one"))

    roll_out(stage, good(yard, "one", 0))
    stage.wait(lambda: not stage.call("GET", "pods")["items"])
    roll_out(stage, good(yard, "one", 1))

    assert len(replica_sets(stage)) == 1


def test_a_paused_deployment_waits(stage: Stage, yard: Yard) -> None:
    roll_out(stage, good(yard, "one"))
    stage.apply(good(yard, "two", paused=True))
    stage.wait(lambda: condition(stage, "Progressing")["reason"] == "DeploymentPaused")
    assert len(replica_sets(stage)) == 1

    roll_out(stage, good(yard, "two"))

    assert len(replica_sets(stage)) == 2


def test_a_rollback_by_json_patch_takes_ownership_of_the_template(stage: Stage, yard: Yard) -> None:
    roll_out(stage, good(yard, "one"))
    template = stage.call("GET", "deployments/web")["spec"]["template"]
    roll_out(stage, good(yard, "two"))

    patch = [{"op": "replace", "path": "/spec/template", "value": template}]
    stage.call("PATCH", "deployments/web", patch, JSON_PATCH, fieldManager="kubectl")

    status = stage.refusal(lambda: stage.apply(good(yard, "three")))
    assert 'conflict with "kubectl" using apps/v1' in status["message"]


def test_only_so_many_old_replica_sets_are_kept(stage: Stage, yard: Yard) -> None:
    for version in ("one", "two", "three"):
        roll_out(stage, good(yard, version, 1, revisionHistoryLimit=1))

    stage.wait(lambda: sorted(replica_sets(stage)) == ["2", "3"])


def test_deleting_a_deployment_takes_everything_along(stage: Stage, yard: Yard) -> None:
    roll_out(stage, good(yard, "one"))

    stage.call("DELETE", "deployments/web")

    stage.wait(lambda: not replica_sets(stage) and not stage.call("GET", "pods")["items"])


def test_endpoints_leave_before_their_pods_do(stage: Stage, yard: Yard) -> None:
    stage.apply(service())
    roll_out(stage, good(yard, "one", 1))

    stage.call("DELETE", "deployments/web")

    def endpoints() -> list[Json]:
        [found] = DiscoveryV1Api(stage.api).list_namespaced_endpoint_slice(stage.namespace).items
        plain: list[Json] = stage.api.sanitize_for_serialization(found.endpoints) or []
        return plain

    stage.wait(lambda: any(each["conditions"]["terminating"] for each in endpoints()))
    assert [each["conditions"] for each in endpoints()] == [
        {"ready": False, "serving": True, "terminating": True}
    ]
    stage.wait(lambda: not endpoints())


def test_a_new_size_is_dealt_with_before_a_new_template(stage: Stage, yard: Yard) -> None:
    roll_out(stage, good(yard, "one", 3))

    roll_out(stage, good(yard, "two", 1))

    told = [event["message"] for event in stage.events("ScalingReplicaSet")]
    sizes = [text.partition(" from ")[2] for text in told]
    assert sorted(sizes) == ["0 to 1", "0 to 3", "1 to 0", "3 to 1"]


def test_similar_events_are_folded_from_the_tenth_on(stage: Stage) -> None:
    for size in (*range(1, 12), 11, 12):
        stage.apply(deployment(replicas=size))
        stage.wait(stage.is_counted)

    told = {event["message"]: event["count"] for event in stage.events("ScalingReplicaSet")}
    folded = {text: count for text, count in told.items() if text.startswith("(combined")}
    assert len(told) == 10
    [(text, count)] = folded.items()
    assert text.endswith("from 11 to 12")
    assert count == 3
