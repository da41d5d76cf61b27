"""Where two tellings of a story differ.

All is compared exactly but the counts of what a kubelet says about pods: it repeats itself each
time it looks, and a look may come a little sooner or later. A probe that fails every second counts
the time that a story took, which a busy machine stretches.
"""

from collections.abc import Iterator
from difflib import SequenceMatcher

from opsbot.vocabulary.model import Value
from tests.truth.recording import Json

TOLERANCE, TOLERANCE_OF_PROBES = (2, 0.5), (4, 0.75)
"""Counts for each pod may differ by so much, or by that part of the greater one."""
COUNTS = "counts"


class Difference(Value):
    """One place of a story that the two tell differently."""

    where: str
    lab: tuple[str, ...]
    sandbox: tuple[str, ...]

    def __str__(self) -> str:
        lines = [f"{self.where}:", *(f"  lab     {each}" for each in self.lab)]
        return "\n".join(lines + [f"  sandbox {each}" for each in self.sandbox])


def compare(lab: Json, sandbox: Json) -> list[Difference]:
    """Return all differences, in the order of the telling."""
    found = []
    for where, (one, other) in _places(lab, sandbox):
        if where[0] == COUNTS:
            if not _is_close(where[-1], one or 0, other or 0):
                found.append(_difference(where, [str(one or 0)], [str(other or 0)]))
        elif one != other:
            found.append(_difference(where, *_parts(_lines(one), _lines(other))))
    return found


def _places(lab: object, sandbox: object) -> Iterator[tuple[tuple[str, ...], tuple[Json, Json]]]:
    """Go through both side by side, down to the lists and numbers."""
    if not isinstance(lab, dict) and not isinstance(sandbox, dict):
        yield (), (lab, sandbox)
        return
    one, other = (each if isinstance(each, dict) else {} for each in (lab, sandbox))
    for key in dict.fromkeys([*one, *other]):
        for where, pair in _places(one.get(key), other.get(key)):
            yield (key, *where), pair


def _is_close(said: str, one: float, other: float) -> bool:
    least, part = TOLERANCE_OF_PROBES if " Unhealthy: " in said else TOLERANCE
    return abs(one - other) <= max(least, part * max(one, other))


def _lines(told: object) -> list[str]:
    if isinstance(told, list):
        return [str(each) for each in told]
    return [] if told is None else [str(told)]


def _parts(lab: list[str], sandbox: list[str]) -> tuple[list[str], list[str]]:
    """Keep the lines that are not the same in both, with a mark where only their order differs."""
    matcher = SequenceMatcher(None, lab, sandbox, autojunk=False)
    changes = [each for each in matcher.get_opcodes() if each[0] != "equal"]
    return (
        [line for _, start, end, _, _ in changes for line in lab[start:end]],
        [line for _, _, _, start, end in changes for line in sandbox[start:end]],
    )


def _difference(where: tuple[str, ...], lab: list[str], sandbox: list[str]) -> Difference:
    return Difference(where=" / ".join(where), lab=tuple(lab), sandbox=tuple(sandbox))
