"""The whole story as a cluster told it."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from tests.truth import waits
from tests.truth.recording import Change, Json
from tests.truth.retelling import events, pods
from tests.truth.retelling.names import Names

UNDER_WAY = ("NewReplicaSetCreated", "ReplicaSetUpdated")


def tell(changes: Sequence[Change]) -> Json:
    """Tell what happened: nested, with lists of words and numbers at the ends."""
    names = Names(changes)
    lives = _lives(changes, "Pod")
    return {
        "Deployment": _deployment(changes, names),
        "ReplicaSets": _replica_sets(changes, names),
        "pods": _pods(lives, changes, names),
        "counts": _counts(lives, changes, names),
        "rollout": _rollout(lives, names),
        "figures": _figures(changes),
    }


def _lives(changes: Sequence[Change], kind: str) -> dict[str, list[Change]]:
    """The changes of each object of a kind."""
    lives: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        if change.kind == kind:
            lives[change.uid].append(change)
    return lives


def _deployment(changes: Sequence[Change], names: Names) -> Json:
    told: dict[str, list[str]] = defaultdict(list)
    said: list[str] = []
    last: Json = {}
    for uid, life in _lives(changes, "Deployment").items():
        for change in life:
            told["revision"].append(_annotation(change.object))
            last = change.object["status"]
            for each in last.get("conditions", []):
                told[each["type"]].append(names.plain(_condition(each)))
        said += [f"{text} x{count}" for text, count in events.of(uid, changes, names).items()]
    return {
        "events": said,
        "in the end": {key: number for key, number in last.items() if key != "conditions"},
        **{key: pods.once(values) for key, values in sorted(told.items())},
    }


def _condition(told: Json) -> str:
    """Write a condition; which of the two words for a rollout under way shows is chance.

    The controller says `NewReplicaSetCreated` once, and not again if that write failed because
    the object had changed; `ReplicaSetUpdated` it says when numbers have moved since.
    """
    if told["type"] == "Progressing" and told["reason"] in UNDER_WAY:
        replica_set = told["message"].split('"')[1]
        told = {**told, "reason": "/".join(UNDER_WAY), "message": replica_set}
    return pods.condition(told)


def _annotation(stored: Json) -> str:
    annotations = stored["metadata"].get("annotations", {})
    return str(annotations.get(waits.REVISION, "none"))


def _replica_sets(changes: Sequence[Change], names: Names) -> Json:
    told: dict[str, Json] = {}
    for uid, life in _lives(changes, "ReplicaSet").items():
        first = life[0].object
        one = told.setdefault(
            names.replica_set(first["metadata"]["name"]),
            {"revisions": [], "sizes": [], "events": Counter()},
        )
        one["revisions"] = pods.once(one["revisions"] + [_annotation(e.object) for e in life])
        one["sizes"] = pods.once(one["sizes"] + [str(e.object["spec"]["replicas"]) for e in life])
        one["events"] += Counter(events.of(uid, changes, names))
        one["end"] = "gone" if life[-1].type == "DELETED" else "here"
    for one in told.values():
        one["events"] = [f"{text} x{count}" for text, count in one["events"].items()]
    return told


def _pods(lives: dict[str, list[Change]], changes: Sequence[Change], names: Names) -> Json:
    """Tell of the pods of each ReplicaSet; which of them lived which life is chance."""
    told: dict[str, list[Json]] = defaultdict(list)
    for life in lives.values():
        told[names.owner(life[0].object)].append(pods.tell(life, changes, names))
    return {
        f"{letter}{number}": pod
        for letter, found in sorted(told.items())
        for number, pod in enumerate(sorted(found, key=str), 1)
    }


def _counts(lives: dict[str, list[Change]], changes: Sequence[Change], names: Names) -> Json:
    """Count what was said about a pod of each ReplicaSet, on an average."""
    told: dict[str, Counter[str]] = defaultdict(Counter)
    pods_of = Counter(names.owner(life[0].object) for life in lives.values())
    for uid, life in lives.items():
        told[names.owner(life[0].object)].update(events.of(uid, changes, names))
    return {
        letter: {text: round(count / pods_of[letter], 1) for text, count in sorted(said.items())}
        for letter, said in sorted(told.items())
    }


def _rollout(lives: dict[str, list[Change]], names: Names) -> list[str]:
    """The order in which pods of all versions became ready and were told to end."""
    points = [
        (revision, f"a pod of {names.owner(life[0].object)} {what}")
        for life in lives.values()
        for revision, what in pods.turning_points(life)
    ]
    return [what for _, what in sorted(points)]


def _figures(changes: Sequence[Change]) -> Json:
    """The most pods that were wanted at once, and how few served once all had served."""
    sizes: dict[str, int] = {}
    most = 0
    serving: list[int] = []
    for change in changes:
        if change.kind == "ReplicaSet":
            sizes[change.uid] = 0 if change.type == "DELETED" else change.object["spec"]["replicas"]
            most = max(most, sum(sizes.values()))
        if change.kind == "EndpointSlice":
            endpoints = change.object.get("endpoints") or []
            serving.append(sum(each["conditions"]["ready"] for each in endpoints))
    full = serving.index(max(serving))
    return {"most wanted": most, "most serving": max(serving), "then fewest": min(serving[full:])}
