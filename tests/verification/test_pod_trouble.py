"""Why a pod does not serve, in words."""

from typing import Any

import pytest

from opsbot.verification import pod_trouble

READY = [{"type": "Ready", "status": "True"}]
ENDED = {"reason": "Error", "exitCode": 1, "containerID": "containerd://1"}
RUNNING = {"running": {"startedAt": "2026-11-23T05:52:33Z"}}


def a_pod(state: dict[str, Any] | None = None, restarts: int = 0, **changes: Any) -> dict[str, Any]:
    last = changes.pop("last", {})
    statuses = (
        [{"name": "app", "state": state, "lastState": last, "restartCount": restarts}]
        if state is not None
        else []
    )
    status = {"phase": "Running", "conditions": [], "containerStatuses": statuses, **changes}
    return {"metadata": {"name": "pod-1", "uid": "uid-1"}, "spec": {}, "status": status}


def waiting(reason: str, message: str = "") -> dict[str, Any]:
    return {"waiting": {"reason": reason, "message": message}}


@pytest.mark.parametrize(
    ("pod", "words"),
    [
        (a_pod(RUNNING, conditions=READY), ""),
        (a_pod(RUNNING, restarts=4, conditions=READY, last={"terminated": ENDED}), ""),
        (a_pod(RUNNING), "app: runs, but is not ready"),
        (a_pod(waiting("ContainerCreating")), "it starts"),
        (a_pod(), "it starts"),
        (
            a_pod(waiting("CreateContainerConfigError", 'configmap "missing" not found')),
            'app: CreateContainerConfigError: configmap "missing" not found',
        ),
        (
            a_pod(waiting("CrashLoopBackOff", "back-off 10s"), 1, last={"terminated": ENDED}),
            "app: CrashLoopBackOff, ended 2 times (Error, exit code 1)",
        ),
        (a_pod({"terminated": ENDED}), "app: ended once (Error, exit code 1)"),
        (
            a_pod(RUNNING, 1, last={"terminated": {"reason": "OOMKilled", "exitCode": 137}}),
            "app: runs again, ended once (OOMKilled, exit code 137)",
        ),
        (
            a_pod(
                conditions=[
                    {"type": "PodScheduled", "status": "False", "message": "Insufficient cpu."}
                ]
            ),
            "no node takes it: Insufficient cpu.",
        ),
        (
            a_pod(
                phase="Failed", reason="Evicted", message="The node was low on resource: memory."
            ),
            "it ended as Failed: The node was low on resource: memory.",
        ),
    ],
)
def test_trouble_of_a_pod(pod: dict[str, Any], words: str) -> None:
    assert pod_trouble.of(pod) == words


def test_a_container_that_has_never_ended_has_no_trouble() -> None:
    sidecar = {"name": "sidecar", "state": RUNNING, "lastState": {}, "restartCount": 0}
    pod = a_pod(waiting("ImagePullBackOff", "not found"))
    pod["status"]["containerStatuses"].append(sidecar)

    assert pod_trouble.of(pod) == "app: ImagePullBackOff: not found"
