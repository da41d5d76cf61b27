"""A recorded rollout is judged as it would have been while it went on."""

import json
from pathlib import Path
from typing import Any

import pytest

from opsbot.configuration.signatures import read_signatures
from opsbot.verification import recording, replay
from opsbot.verification.replay import Judgement
from opsbot.vocabulary.errors import Refused

SIGNATURES = read_signatures(Path(__file__).parents[2] / "include")
TEMPLATE = {"metadata": {"labels": {"app": "shop"}}, "spec": {"containers": [{"name": "shop"}]}}
MISSING = "Error: Cannot find module './tariffs.json'\n"


def a_deployment(**status: Any) -> dict[str, Any]:
    found = {"observedGeneration": 2, "replicas": 2, "updatedReplicas": 1, "availableReplicas": 1}
    return {
        "kind": "Deployment",
        "metadata": {"name": "shop", "uid": "d", "generation": 2},
        "spec": {"replicas": 1, "template": TEMPLATE},
        "status": found | status,
    }


COMPLETE = {"replicas": 1, "updatedReplicas": 1, "availableReplicas": 1}


def a_replica_set(name: str = "shop-new", **spec: Any) -> dict[str, Any]:
    return {
        "kind": "ReplicaSet",
        "metadata": {
            "name": name,
            "uid": name,
            "ownerReferences": [{"uid": "d", "controller": True}],
        },
        "spec": {"template": TEMPLATE, **spec},
    }


def a_pod(status: dict[str, Any], owner: str = "shop-new") -> dict[str, Any]:
    return {
        "kind": "Pod",
        "metadata": {
            "name": f"{owner}-1",
            "uid": f"{owner}-1",
            "ownerReferences": [{"uid": owner, "controller": True}],
        },
        "spec": {"containers": [{"name": "shop"}]},
        "status": {"containerStatuses": [{"name": "shop", "restartCount": 0, **status}]},
    }


def crashed(number: int, code: int = 1) -> dict[str, Any]:
    ended = {"reason": "Error", "exitCode": code, "containerID": f"containerd://{number}"}
    return {"state": {"terminated": ended}, "restartCount": number - 1}


RUNNING = {"state": {"running": {}}}


def at(t: float, item: dict[str, Any], type: str = "MODIFIED") -> dict[str, Any]:
    return {"t": t, "type": type, "object": item}


def log(t: float, text: str, pod: str = "shop-new-1") -> dict[str, Any]:
    return {"t": t, "type": "LOG", "pod": pod, "container": "shop", "previous": False, "text": text}


def judged(*moments: dict[str, Any], seconds: float = 30, **settings: Any) -> Judgement:
    header = {
        "deployment": "shop",
        "namespace": "shop",
        "settings": {"restarts": 3, "progress_deadline_seconds": 600} | settings,
        "seconds": seconds,
    }
    begun = (at(0, a_deployment(), "ADDED"), at(0, a_replica_set(), "ADDED"))
    lines = [json.dumps(each) for each in (header, *begun, *moments)]
    return replay.judge(recording.parse(lines, "recorded.jsonl"), SIGNATURES)


def test_a_rollout_that_completes_is_healthy() -> None:
    found = judged(at(3, a_pod(RUNNING)), at(4, a_deployment(**COMPLETE)))

    assert (found.verdict, found.at) == ("healthy", None)


def test_a_rollout_that_is_not_done_at_the_end_is_waited_for() -> None:
    assert judged(at(3, a_pod(RUNNING))).verdict == "waiting"


def test_a_crash_without_proof_is_aborted_at_its_third_end() -> None:
    found = judged(
        *(at(t, a_pod(crashed(n))) for n, t in ((1, 1.5), (2, 3), (3, 17))),
        log(1.6, "goodbye\n"),
    )

    assert (found.verdict, found.at, found.pod) == ("abort", 17, "shop-new-1")


def test_a_crash_whose_log_proves_it_is_aborted_when_the_log_is_there() -> None:
    found = judged(at(1.5, a_pod(crashed(1))), log(1.6, MISSING), at(3, a_pod(crashed(2))))

    assert (found.verdict, found.at) == ("abort", 1.6)
    assert "./tariffs.json" in found.reason


def test_words_of_a_container_that_runs_are_no_proof() -> None:
    assert judged(at(1.5, a_pod(RUNNING)), log(1.6, MISSING)).verdict == "waiting"


def test_the_old_version_may_crash_as_it_likes() -> None:
    old = a_replica_set("shop-old", template={**TEMPLATE, "spec": {"containers": []}})
    crashes = (at(t, a_pod(crashed(t), "shop-old")) for t in (1, 2, 3, 4, 5))

    found = judged(
        at(0.5, old),
        *crashes,
        log(1.1, MISSING, "shop-old-1"),
        at(6, a_pod(RUNNING)),
        at(7, a_deployment(**COMPLETE)),
    )

    assert found.verdict == "healthy"


def test_a_timer_runs_out_between_two_lines() -> None:
    pending = {"state": {"waiting": {"reason": "ImagePullBackOff", "message": "not found"}}}

    found = judged(at(1, a_pod(pending)))

    assert found.verdict == "abort"
    assert found.at is not None
    assert 10 <= found.at - 1 <= 30


def test_what_comes_later_changes_no_verdict() -> None:
    moments = (at(1.5, a_pod(crashed(1))), log(1.6, MISSING), at(9, a_deployment(**COMPLETE)))

    assert judged(*moments) == judged(*moments[:2], seconds=1.6)
    assert judged(*moments[:1], seconds=1.55).verdict == "waiting"


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([], "empty"),
        (["no json"], "line 1"),
        (["[" * 100_000], "line 1"),
        (['{"namespace": "shop", "seconds": 3}'], "'deployment'"),
        (['{"deployment": "a", "namespace": "b", "seconds": 3}', '{"type": "LOG"}'], "line 2"),
        (
            ['{"deployment": "a", "namespace": "b", "seconds": 3}', '{"t": 1, "type": "ADDED"}'],
            "line 2",
        ),
    ],
)
def test_what_is_no_recording_is_refused_with_the_line(lines: list[str], words: str) -> None:
    with pytest.raises(Refused, match=words):
        recording.parse(lines, "recorded.jsonl")
