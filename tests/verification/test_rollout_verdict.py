"""The abort rule, on observations as Kubernetes 1.34 makes them."""

from typing import Any

import pytest

from opsbot.verification.observation import Observation, observe
from opsbot.verification.rollout import Abort, Complete, Limits, Verdict, Waiting, verdict

LIMITS = Limits(ends=3, grace=15, deadline=60)
CRASHED = {"reason": "Error", "exitCode": 1, "finishedAt": "2026-11-23T05:52:33Z"}


def a_deployment(**changes: Any) -> dict[str, Any]:
    """Make a Deployment in the middle of a rollout of 2 replicas."""
    status = {
        "observedGeneration": 2,
        "updatedReplicas": 1,
        "replicas": 3,
        "availableReplicas": 2,
        **changes.pop("status", {}),
    }
    return {"metadata": {"generation": 2}, "spec": {"replicas": 2}, "status": status, **changes}


COMPLETE = {"updatedReplicas": 2, "replicas": 2, "availableReplicas": 2}
TIMED_OUT = {
    "conditions": [
        {
            "type": "Progressing",
            "status": "False",
            "reason": "ProgressDeadlineExceeded",
            "message": 'ReplicaSet "x" has timed out progressing.',
        }
    ]
}


def a_container(state: dict[str, Any], restarts: int = 0, **changes: Any) -> dict[str, Any]:
    return {"name": "app", "state": state, "restartCount": restarts, "lastState": {}, **changes}


def a_pod(*containers: dict[str, Any], name: str = "new-1", **changes: Any) -> dict[str, Any]:
    metadata = {"name": name, "uid": f"uid-{name}", **changes.pop("metadata", {})}
    status = {"containerStatuses": list(containers), **changes.pop("status", {})}
    return {"metadata": metadata, "spec": changes.pop("spec", {}), "status": status}


def terminated(number: int, **changes: Any) -> dict[str, Any]:
    return {"terminated": {**CRASHED, "containerID": f"containerd://{number}", **changes}}


def waiting(reason: str, message: str = "") -> dict[str, Any]:
    return {"waiting": {"reason": reason, "message": message}}


RUNNING = {"running": {"startedAt": "2026-11-23T05:52:33Z"}}
BACK_OFF = waiting("CrashLoopBackOff", "back-off 10s restarting failed container")


def seen(*pods: dict[str, Any], at: float = 0, before: Observation | None = None) -> Observation:
    return observe(a_deployment(), None, pods, at=at, before=before)


def judge(observation: Observation) -> Verdict:
    return verdict(observation, LIMITS)


def test_a_rollout_is_complete_when_only_available_new_replicas_are_left() -> None:
    assert judge(observe(a_deployment(status=COMPLETE), None, (), at=0)) == Complete()


@pytest.mark.parametrize("field", ["updatedReplicas", "replicas", "availableReplicas"])
def test_a_rollout_is_not_complete_while_a_count_differs(field: str) -> None:
    status = {**COMPLETE, field: COMPLETE[field] + 1}

    assert isinstance(judge(observe(a_deployment(status=status), None, (), at=0)), Waiting)


def test_the_status_of_the_old_version_completes_nothing() -> None:
    stale = a_deployment(status={**COMPLETE, "observedGeneration": 1})

    assert isinstance(judge(observe(stale, None, (), at=0)), Waiting)


def test_the_deadline_of_an_earlier_rollout_aborts_nothing() -> None:
    stale = a_deployment(status={**TIMED_OUT, "observedGeneration": 1})

    assert isinstance(judge(observe(stale, None, (), at=0)), Waiting)


@pytest.mark.parametrize(
    ("container", "ends"),
    [
        (a_container(RUNNING), 0),
        (a_container(terminated(1)), 1),
        (a_container(RUNNING, 1, lastState=terminated(1)), 1),
        (a_container(terminated(2), 1, lastState=terminated(1)), 2),
        (a_container(BACK_OFF, 1, lastState=terminated(2)), 2),
        (a_container(RUNNING, 2, lastState=terminated(2)), 2),
        (a_container(terminated(3), 2, lastState=terminated(2)), 3),
        (a_container(BACK_OFF, 2, lastState=terminated(3)), 3),
        (a_container(RUNNING, 3, lastState=terminated(3)), 3),
        (a_container(waiting("ContainerCreating")), 0),
        (a_container(waiting("ErrImagePull")), 0),
        (a_container(waiting("RunContainerError"), 0, lastState=terminated(1)), 1),
    ],
)
def test_the_ends_of_a_container_are_counted_from_one_look(
    container: dict[str, Any], ends: int
) -> None:
    assert seen(a_pod(container)).containers[0].ends == ends


def test_ends_are_counted_by_container_where_the_restart_count_is_behind() -> None:
    first = seen(a_pod(a_container(terminated(1))))
    second = seen(a_pod(a_container(terminated(2), lastState=terminated(1))), before=first)

    third = seen(a_pod(a_container(terminated(3), lastState=terminated(2))), before=second)

    assert third.containers[0].ends == 3


def test_the_third_end_of_a_container_aborts() -> None:
    ended = a_container(BACK_OFF, 2, lastState=terminated(3))

    assert judge(seen(a_pod(ended))) == Abort(
        reason="it ended 3 times (Error, exit code 1)", pod="new-1", container="app", exit_code=1
    )


def test_a_container_that_runs_again_after_its_third_end_aborts_too() -> None:
    again = a_container(RUNNING, 3, lastState=terminated(3))
    complete = a_deployment(status=COMPLETE)

    assert isinstance(judge(observe(complete, None, [a_pod(again)], at=0)), Abort)


@pytest.mark.parametrize(
    "ended",
    [
        terminated(3, reason="OOMKilled", exitCode=137),
        terminated(3, reason="Completed", exitCode=0),
        terminated(3, reason="StartError", exitCode=128, message='exec: "next" not found'),
    ],
)
def test_an_end_counts_whatever_its_exit_code(ended: dict[str, Any]) -> None:
    assert isinstance(judge(seen(a_pod(a_container(BACK_OFF, 2, lastState=ended)))), Abort)


def test_a_back_off_after_two_ends_proves_nothing() -> None:
    backing_off = a_container(BACK_OFF, 1, lastState=terminated(2))

    assert isinstance(judge(seen(a_pod(backing_off))), Waiting)


def test_replicas_that_crash_twice_each_are_not_added_up() -> None:
    twice = a_container(BACK_OFF, 1, lastState=terminated(2))
    pods = [a_pod(twice, name=f"new-{number}") for number in range(3)]

    assert isinstance(judge(seen(*pods)), Waiting)


def test_a_pod_that_is_being_deleted_aborts_nothing() -> None:
    ended = a_container(BACK_OFF, 5, lastState=terminated(6))
    leaving = a_pod(ended, metadata={"deletionTimestamp": "2026-11-23T05:52:33Z"})

    assert isinstance(judge(seen(leaving)), Waiting)


def test_an_image_name_that_cannot_be_parsed_aborts_at_once() -> None:
    invalid = a_container(waiting("InvalidImageName", "must be lowercase"))

    assert judge(seen(a_pod(invalid))) == Abort(
        reason="InvalidImageName: must be lowercase", pod="new-1", container="app"
    )


@pytest.mark.parametrize("reason", ["ErrImagePull", "CreateContainerConfigError"])
def test_what_somebody_may_still_bring_gets_a_grace(reason: str) -> None:
    first = seen(a_pod(a_container(waiting(reason))), at=100)
    almost = seen(a_pod(a_container(waiting(reason))), at=114, before=first)
    over = seen(a_pod(a_container(waiting(reason))), at=115, before=almost)

    assert isinstance(judge(first), Waiting)
    assert isinstance(judge(almost), Waiting)
    assert isinstance(judge(over), Abort)


def test_the_grace_of_an_image_begins_with_the_first_of_its_changing_reasons() -> None:
    first = seen(a_pod(a_container(waiting("ErrImagePull"))), at=100)
    over = seen(a_pod(a_container(waiting("ImagePullBackOff"))), at=116, before=first)

    assert isinstance(judge(over), Abort)


def test_an_image_that_arrives_ends_the_grace() -> None:
    first = seen(a_pod(a_container(waiting("ErrImagePull"))), at=100)
    arrived = seen(a_pod(a_container(RUNNING)), at=110, before=first)
    later = seen(a_pod(a_container(RUNNING)), at=130, before=arrived)

    assert isinstance(judge(later), Waiting)


def test_a_pull_in_progress_and_a_slow_start_are_waited_for() -> None:
    pulling = seen(a_pod(a_container(waiting("ContainerCreating"))), at=0)
    starting = seen(a_pod(a_container(RUNNING, ready=False)), at=45, before=pulling)

    assert isinstance(judge(starting), Waiting)


def test_the_controllers_deadline_aborts_with_what_is_in_the_way() -> None:
    late = a_deployment(status=TIMED_OUT)
    pod = a_pod(a_container(BACK_OFF, 1, lastState=terminated(2)))

    judged = judge(observe(late, None, [pod], at=0))

    assert isinstance(judged, Abort)
    assert judged.reason == (
        'ReplicaSet "x" has timed out progressing.; CrashLoopBackOff (Error, exit code 1)'
    )
    assert (judged.pod, judged.exit_code) == ("new-1", 1)


def test_a_controller_that_stands_still_is_not_waited_for_for_ever() -> None:
    first = seen(at=0)
    last = seen(at=90, before=first)

    assert isinstance(judge(seen(at=89, before=first)), Waiting)
    assert isinstance(judge(last), Abort)


def test_progress_renews_the_deadline() -> None:
    first = seen(at=0)
    ready = {"conditions": [{"type": "Ready", "status": "True"}]}
    second = seen(a_pod(a_container(RUNNING), status=ready), at=80, before=first)

    assert isinstance(judge(seen(a_pod(status=ready), at=120, before=second)), Waiting)


def test_an_init_container_that_did_its_work_is_no_crash() -> None:
    done = a_pod(
        a_container(waiting("PodInitializing")),
        status={"initContainerStatuses": [a_container(terminated(1, exitCode=0), name="init")]},
        spec={"initContainers": [{"name": "init"}]},
    )

    assert [each.name for each in seen(done).containers] == ["app"]


def test_an_init_container_that_fails_three_times_aborts() -> None:
    failing = a_container(BACK_OFF, 2, lastState=terminated(3), name="init")
    pod = a_pod(
        a_container(waiting("PodInitializing")),
        status={"initContainerStatuses": [failing]},
        spec={"initContainers": [{"name": "init"}]},
    )

    judged = judge(seen(pod))

    assert isinstance(judged, Abort)
    assert judged.container == "init"


def test_a_sidecar_that_ends_well_is_a_failure_all_the_same() -> None:
    ended = a_container(BACK_OFF, 2, lastState=terminated(3, exitCode=0), name="proxy")
    pod = a_pod(
        a_container(RUNNING),
        status={"initContainerStatuses": [ended]},
        spec={"initContainers": [{"name": "proxy", "restartPolicy": "Always"}]},
    )

    assert isinstance(judge(seen(pod)), Abort)


def test_a_quota_in_the_way_is_told_and_waited_for() -> None:
    condition = {"type": "ReplicaFailure", "status": "True", "message": "exceeded quota: pods"}
    replica_set = {"metadata": {}, "status": {"conditions": [condition]}}

    judged = judge(observe(a_deployment(), replica_set, (), at=0))

    assert isinstance(judged, Waiting)
    assert "exceeded quota: pods" in judged.reason


def test_the_first_failure_is_when_kubernetes_says_it_was() -> None:
    first = seen(a_pod(a_container(terminated(1))), at=2e9)
    later = {"finishedAt": "2026-11-23T05:52:50Z"}
    second = seen(
        a_pod(a_container(terminated(3, **later), 2, lastState=terminated(2, **later))),
        at=2e9 + 20,
        before=first,
    )

    assert second.first_failure == 1795413153.0
