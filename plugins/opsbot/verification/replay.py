"""Judge a recorded rollout by the code that judges live ones, second by second.

The replay's clock runs between the lines too: a rule with a timer fires when its time has come,
not when the next thing happens. An abort is final. What looks complete is watched on to the end of
the recording, as a live rollout is watched on by the check that comes after it.
"""

from collections.abc import Sequence
from typing import Literal

from opsbot.verification import lasting, observation, rollout, versions
from opsbot.verification.containers import Container, Json
from opsbot.verification.observation import Observation
from opsbot.verification.recording import Moment, Recording, together
from opsbot.verification.rollout import Abort, Complete, Limits
from opsbot.verification.signatures import Signature
from opsbot.vocabulary.model import Value

TICK = 0.25
"""Seconds between two looks while nothing happens."""


class Judgement(Value):
    """What became of a recorded rollout."""

    verdict: Literal["abort", "healthy", "waiting"]
    at: float | None = None
    """Seconds after the apply; only of an abort."""
    reason: str
    pod: str = ""


def judge(recording: Recording, signatures: Sequence[Signature]) -> Judgement:
    """Return the verdict over a recording, as it would have been reached while it went on."""
    header = recording.header
    limits = Limits(
        ends=header.settings.restarts, deadline=header.settings.progress_deadline_seconds
    )
    watcher = _Watcher(recording, limits, signatures)
    clock = 0.0
    for at, moments in together(recording):
        if at > header.seconds:
            break
        while clock < at:
            if found := watcher.look(clock):
                return found
            clock += TICK
        watcher.learn(moments)
        if at >= 0 and (found := watcher.look(at)):
            return found
    while clock <= header.seconds:
        if found := watcher.look(clock):
            return found
        clock += TICK
    return watcher.at_the_end()


class _Watcher:
    """Knows what was seen so far."""

    def __init__(
        self, recording: Recording, limits: Limits, signatures: Sequence[Signature]
    ) -> None:
        self._name = recording.header.deployment
        self._limits, self._signatures = limits, signatures
        self._objects: dict[tuple[str, str], Json] = {}
        self._logs: dict[tuple[str, str], str] = {}
        self._seen: Observation | None = None
        self._last: rollout.Verdict | None = None

    def learn(self, moments: tuple[Moment, ...]) -> None:
        """Take in what was seen at one time."""
        for each in moments:
            if each.type == "LOG":
                self._logs[each.pod, each.container] = each.text
                continue
            key = (str(each.object.get("kind")), str(each.object["metadata"]["name"]))
            if each.type == "DELETED":
                self._objects.pop(key, None)
            else:
                self._objects[key] = each.object

    def look(self, at: float) -> Judgement | None:
        """Return the abort that is due at a time, if one is."""
        deployment = self._objects.get(("Deployment", self._name))
        if deployment is None:
            return None
        newest = versions.current(deployment, self._of_kind("ReplicaSet"))
        pods = [each for each in self._of_kind("Pod") if newest and versions.owned_by(each, newest)]
        self._seen = observation.observe(deployment, newest, pods, at=at, before=self._seen)
        proven = lasting.proven(self._seen, pods, self._log, self._signatures)
        self._last = rollout.verdict(proven, self._limits)
        match self._last:
            case Abort(reason=reason, pod=pod):
                return Judgement(verdict="abort", at=round(at, 3), reason=reason, pod=pod)
            case _:
                return None

    def at_the_end(self) -> Judgement:
        """Return the verdict of a recording that went by without an abort."""
        match self._last:
            case Complete():
                return Judgement(verdict="healthy", reason="every replica is new and available")
            case rollout.Waiting(reason=reason):
                return Judgement(verdict="waiting", reason=reason)
            case _:
                return Judgement(verdict="waiting", reason=f"no Deployment {self._name!r} was seen")

    def _log(self, container: Container) -> str:
        return self._logs.get((container.pod, container.name), "")

    def _of_kind(self, kind: str) -> list[Json]:
        return [item for (each, _), item in self._objects.items() if each == kind]
