"""Proof that what was restored is what was saved: the canonical hash of each object.

Both sides are answers of an API server, cleaned of its bookkeeping, so that equal hashes mean
equal objects, also after they were deleted and made again. Where they differ, the fields are
named; of a Secret the names alone, and never its hash: a hash of few possible contents gives them
away. The number of replicas counts only where it is ours to decide.
"""

from collections.abc import Iterable

from opsbot.integrations.kubernetes import changes, objects
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.objects import Json
from opsbot.integrations.kubernetes.wanted import without_foreign_replicas
from opsbot.vocabulary.model import Value


class ObjectProof(Value):
    """Whether one object is what it should be."""

    object: str
    equal: bool
    sha256: str = ""
    """Of the object as it should be; empty for a Secret."""
    differences: tuple[str, ...] = ()


def compare(cluster: Cluster, expected: Iterable[Json]) -> tuple[ObjectProof, ...]:
    """Compare objects with what is there now."""
    return tuple(_compared(cluster, each) for each in expected)


def differences(expected: Json, found: Json) -> tuple[str, ...]:
    """Name the fields that differ; the values stand beside them unless it is a Secret."""
    changed = changes.between(expected, found)
    if "Secret" in (expected.get("kind"), found.get("kind")):
        return tuple(each.field for each in changed)
    return tuple(each.line for each in changed)


def _compared(cluster: Cluster, saved: Json) -> ObjectProof:
    title, kind = objects.title(saved), saved["kind"]
    sha256 = "" if kind == "Secret" else objects.spec_sha256(saved)
    live = cluster.find(kind, objects.namespace_of(saved), objects.name_of(saved))
    if live is None:
        return ObjectProof(
            object=title, equal=False, sha256=sha256, differences=("it is not there",)
        )
    expected = without_foreign_replicas(saved, live)
    found = _comparable(objects.cleaned(live), expected)
    different = differences(expected, found)
    equal = objects.spec_sha256(found) == objects.spec_sha256(expected)
    return ObjectProof(object=title, equal=equal, sha256=sha256, differences=different)


def _comparable(live: Json, expected: Json) -> Json:
    """Leave out the number of replicas where somebody else decides it."""
    if expected["kind"] != "Deployment" or "replicas" in expected["spec"]:
        return live
    spec = {key: each for key, each in live["spec"].items() if key != "replicas"}
    return {**live, "spec": spec}
