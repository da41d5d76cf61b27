"""Events: what was said about an object, in which order, and how often.

How often a kubelet repeats itself depends on when it looks, so its counts are numbers that may
differ a little; what it says, and in which order it says each thing first, is not left to chance.
The exception are probes that get no answer: any start and any end may have one, or not.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from tests.truth.recording import Change, Json
from tests.truth.retelling.names import Names

NO_ANSWER = "probe failed: no answer"


def of(uid: str, changes: Sequence[Change], names: Names) -> dict[str, int]:
    """Return what was said about one object, in the order of its first saying, with counts."""
    found: dict[str, Json] = {}
    for change in changes:
        if change.kind == "Event" and change.object["involvedObject"]["uid"] == uid:
            found[change.uid] = change.object
    said: Counter[str] = Counter()
    for event in sorted(found.values(), key=_speaker):
        said[_words(event, names)] += event.get("count") or 1
    return dict(said)


def _speaker(event: Json) -> bool:
    """Scheduler and kubelet write independently of each other; the scheduler decided first."""
    return bool(event["reportingComponent"] != "default-scheduler")


def _words(event: Json, names: Names) -> str:
    text = names.plain(event["message"])
    if event["reason"] == "Unhealthy" and "statuscode" not in text:
        text = f"{text.split()[0]} {NO_ANSWER}"
    return f"{event['type']} {event['reason']}: {text}"


def without_chance(said: Iterable[str]) -> list[str]:
    """Leave out what may be said or not."""
    return [each for each in said if not each.endswith(NO_ANSWER)]
