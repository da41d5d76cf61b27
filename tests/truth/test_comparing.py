"""A comparison is worth something only if it finds what differs: here are clusters that lie."""

from pathlib import Path
from typing import Any

import pytest

from tests.truth import comparing, explaining, story
from tests.truth.comparing import Difference
from tests.truth.explaining import Explanation
from tests.truth.recording import Change, World
from tests.truth.retelling import retelling
from tests.truth.story import Until
from tests.truth.waits import holds

Json = dict[str, Any]
ONE_POD = "Created pod: web-abc-1"


class Tape:
    """Records changes as a cluster would count them."""

    def __init__(self, namespace: str = "n1", hash: str = "abc") -> None:
        self.changes: list[Change] = []
        self.namespace, self.hash = namespace, hash

    def put(self, kind: str, name: str, **content: Any) -> None:
        metadata = {"name": name, "namespace": self.namespace, "uid": f"{kind}-{name}"}
        metadata |= content.pop("metadata", {})
        metadata["resourceVersion"] = str(len(self.changes) + 1)
        self.changes.append(Change(kind, "MODIFIED", {"metadata": metadata, **content}))

    def deployment(self, reason: str, **status: Any) -> None:
        text = f'ReplicaSet "web-{self.hash}" is progressing.'
        told = {"type": "Progressing", "status": "True", "reason": reason, "message": text}
        self.put("Deployment", "web", status={"conditions": [told], **status})

    def replica_set(self, size: int) -> None:
        self.put("ReplicaSet", f"web-{self.hash}", spec={"replicas": size}, status={})

    def pod(self, state: Json, *, ready: bool = False, restarts: int = 0, **change: Any) -> None:
        status = {"name": "web", "state": state, "ready": ready, "restartCount": restarts}
        status |= {"lastState": change.pop("last", {}), "started": "running" in state}
        owner = {"ownerReferences": [{"name": f"web-{self.hash}", "uid": "-"}]}
        container = {"name": "web", "image": "r/web:1", "readinessProbe": {}}
        self.put(
            "Pod",
            f"web-{self.hash}-1",
            metadata={**owner, **change.pop("metadata", {})},
            spec={"containers": [container], "nodeName": "node"},
            status={"phase": "Running", "containerStatuses": [status], **change},
        )

    def event(self, reason: str, message: str, count: int = 1, about: str = "Pod") -> None:
        name = {"Pod": f"web-{self.hash}-1", "Deployment": "web"}.get(about, f"web-{self.hash}")
        self.put(
            "Event",
            f"{reason}-{message}",
            involvedObject={"uid": f"{about}-{name}"},
            reason=reason,
            message=message,
            type="Normal",
            count=count,
            reportingComponent="kubelet",
        )

    def slice(self, *, ready: bool) -> None:
        conditions = {"ready": ready, "serving": ready, "terminating": False}
        uid = f"Pod-web-{self.hash}-1"
        self.put(
            "EndpointSlice", "s", endpoints=[{"targetRef": {"uid": uid}, "conditions": conditions}]
        )


def ended(identity: str, code: int, began: int, finished: int, reason: str = "Error") -> Json:
    """How a status shows an end; times in seconds of one minute."""
    times = {"startedAt": f"2026-01-01T00:00:{began:02}Z"}
    times["finishedAt"] = f"2026-01-01T00:00:{finished:02}Z"
    return {"terminated": {"containerID": identity, "exitCode": code, "reason": reason, **times}}


def crashing(tape: Tape, *, code: int = 1, pause: int = 1, backs_off: bool = True) -> Tape:
    """Two crashes of one pod, and the wait after the second."""
    tape.deployment("NewReplicaSetCreated")
    tape.replica_set(1)
    tape.event("SuccessfulCreate", f"Created pod: web-{tape.hash}-1", about="ReplicaSet")
    tape.slice(ready=False)
    first, second = ended("a", code, 1, 2), ended("b", code, 2 + pause, 3 + pause)
    tape.pod(first)
    tape.pod(second, restarts=1, last=first)
    if backs_off:
        waiting = {"waiting": {"reason": "CrashLoopBackOff", "message": f"of web-{tape.hash}-1"}}
        tape.pod(waiting, restarts=1, last=second)
    return tape


def differences(one: Tape, other: Tape) -> list[str]:
    """Where two recordings differ."""
    told = [retelling.tell(each.changes) for each in (one, other)]
    return [each.where for each in comparing.compare(*told)]


def test_names_namespaces_and_hashes_make_no_difference() -> None:
    assert differences(crashing(Tape()), crashing(Tape("n2", "xyz"))) == []


@pytest.mark.parametrize(
    ("lie", "where"),
    [
        ({"code": 2}, "pods / A1 / containers / web"),
        ({"backs_off": False}, "pods / A1 / containers / web"),
        ({"pause": 12}, "pods / A1 / containers / web"),
    ],
    ids=["another exit code", "no back-off", "a wait before the first restart"],
)
def test_another_life_of_a_pod_is_a_difference(lie: Json, where: str) -> None:
    assert differences(crashing(Tape()), crashing(Tape(), **lie)) == [where]


def test_a_life_that_only_one_status_showed_is_the_same_life() -> None:
    seen, missed = Tape(), Tape()
    end = ended("a", 1, 1, 2)
    for tape in (seen, missed):
        tape.replica_set(1)
        tape.slice(ready=False)
    seen.pod({"running": {}})
    seen.pod(end)
    for tape in (seen, missed):
        tape.pod({"running": {}}, restarts=1, last=end)

    assert differences(seen, missed) == []


def test_readiness_that_comes_and_goes_is_told_in_its_order() -> None:
    steady, flapping = Tape(), Tape()
    for tape, states in ((steady, [True]), (flapping, [True, False, True])):
        tape.replica_set(1)
        for ready in states:
            tape.pod(
                {"running": {}},
                ready=ready,
                conditions=[{"type": "Ready", "status": "True" if ready else "False"}],
            )
            tape.slice(ready=ready)

    assert differences(steady, flapping) == [
        "pods / A1 / containers / web",
        "pods / A1 / endpoint",
        "rollout",
        "figures / then fewest",
    ]


def test_what_an_object_says_and_in_which_order_counts() -> None:
    def told(*reasons: str) -> Tape:
        tape = crashing(Tape())
        for reason in reasons:
            tape.event(reason, reason)
        return tape

    assert differences(told("Pulled", "Created"), told("Pulled", "Created")) == []
    assert differences(told("Pulled", "Created"), told("Created", "Pulled")) == [
        "pods / A1 / events"
    ]
    missing = differences(told("Pulled", "Created"), told("Pulled"))
    assert missing == ["pods / A1 / events"]


@pytest.mark.parametrize(("other", "differ"), [(4, False), (6, False), (1, False), (12, True)])
def test_counts_may_differ_a_little(other: int, differ: bool) -> None:
    def told(count: int) -> Tape:
        tape = crashing(Tape())
        tape.event("BackOff", "Back-off restarting", count)
        return tape

    assert bool(differences(told(3), told(other))) is differ


def test_a_probe_without_an_answer_is_chance_unless_it_is_many() -> None:
    def told(count: int) -> Tape:
        tape = crashing(Tape())
        tape.event("Unhealthy", "Readiness probe failed: connection refused", count)
        return tape

    assert differences(told(0), told(2)) == []
    assert differences(told(0), told(9)) == [
        "counts / A / Normal Unhealthy: Readiness probe failed: no answer"
    ]


def test_which_word_for_a_rollout_under_way_shows_is_chance_but_not_how_it_ends() -> None:
    created, updated, finished = crashing(Tape()), crashing(Tape()), crashing(Tape())
    updated.deployment("ReplicaSetUpdated")
    finished.deployment("NewReplicaSetAvailable")

    assert differences(created, updated) == []
    assert differences(created, finished) == ["Deployment / Progressing"]


def test_an_explanation_explains_one_difference_and_is_stale_without_it() -> None:
    found = Difference(where="rollout", lab=("a",), sandbox=("b",))
    other = Difference(where="rollout", lab=("a",), sandbox=("c",))
    known = Explanation(
        stories=("one", "two"), where="rollout", lab=("a",), sandbox=("b",), reason="because"
    )

    assert explaining.unexplained("one", [found, other], [known]) == [other]
    assert explaining.unexplained("three", [found], [known]) == [found]
    assert explaining.stale({"one": [found]}, [known]) == []
    assert explaining.stale({"one": [other]}, [known]) == [("one", known)]


def test_explanations_are_of_stories_that_exist(tmp_path: Path) -> None:
    names = {each.name for each in story.all_of_them()}
    path = tmp_path / "explained.yaml"
    path.write_text("- {stories: [scale], where: rollout, lab: [a], reason: because}")

    [read] = explaining.all_of_them(path)

    assert (read.lab, read.sandbox) == (("a",), ())
    assert all(set(each.stories) <= names for each in explaining.all_of_them())


def test_a_step_waits_until_the_controller_has_seen_the_last_apply() -> None:
    world = World()
    status = {"observedGeneration": 1, "conditions": [{"reason": "DeploymentPaused"}]}
    metadata = {"uid": "d", "resourceVersion": "5", "generation": 2}
    until = Until(condition="DeploymentPaused")

    world.take(Change("Deployment", "MODIFIED", {"metadata": metadata, "status": status}))
    assert not holds(until, world, since=5)

    status["observedGeneration"] = 2
    assert holds(until, world, since=5)
    assert not holds(until, world, since=6)
