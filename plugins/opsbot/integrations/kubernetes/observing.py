"""Watching on after a change: its pods, and how its service answers.

A container that is ready for a few seconds and then dies lets its rollout complete first; the
crash comes afterwards. A new end of a container of the deployed version, or a pod of it that was
ready and is not any more, is trouble at once; so are requests that fail more often than users bear.
Requests meet a crash before the cluster reports it, so failing ones wait a moment for their cause.
Pods that are being deleted, and those of other versions, do not count.
"""

from opsbot.integrations.kubernetes import objects
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.objects import Json
from opsbot.integrations.kubernetes.patience import SYSTEM, until
from opsbot.integrations.kubernetes.requests_sample import User
from opsbot.integrations.kubernetes.rolling import DeployOutput
from opsbot.integrations.waiting import Clock
from opsbot.verification import containers, pod_trouble, versions
from opsbot.verification.containers import Container
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.progress import Say
from opsbot.vocabulary.redaction import redact

_CAUSE_SECONDS = 3.0
"""A kubelet reports a crash up to 2.5 s after it happened."""


def watch(
    cluster: Cluster,
    deployment: DeployOutput,
    user: User | None,
    *,
    seconds: float,
    say: Say,
    clock: Clock = SYSTEM,
) -> None:
    """Watch for so long; fail at the first sign that the deployed version does not hold."""
    watched = _Watched(cluster, deployment, user, clock)
    until(watched.look, seconds=seconds, say=say, clock=clock)


class _Watched:
    """The deployed version, with what was known of it when the watch began."""

    def __init__(
        self, cluster: Cluster, deployment: DeployOutput, user: User | None, clock: Clock
    ) -> None:
        self.cluster, self.deployment, self.user, self.clock = cluster, deployment, user, clock
        pods = self._pods()
        self.began = clock.now()
        self.broken_at: float | None = None
        self.ends = {_key(each): each.ends for each in containers.read(pods, at=self.began)}
        self.ready = {objects.name_of(pod) for pod in pods if containers.is_ready(pod)}

    def look(self) -> tuple[None, str]:
        """Look once, ask once; at most four times a second, as `until` looks."""
        pods = self._pods()
        self._refuse_new_ends(pods)
        self._refuse_lost_readiness(pods)
        failed = self._ask()
        return None, f"Observed: {len(self.ready)} pods ready, no restart, {failed}"

    def _pods(self) -> list[Json]:
        """List the pods of the deployed version that are not being deleted."""
        labels = f"{versions.TEMPLATE_HASH}={self.deployment.template_hash}"
        found = self.cluster.list("Pod", self.deployment.namespace, labels=labels)
        return [pod for pod in found if not objects.is_leaving(pod)]

    def _refuse_new_ends(self, pods: list[Json]) -> None:
        for each in containers.read(pods, at=self.clock.now()):
            if each.ends > self.ends.get(_key(each), 0):
                words = pod_trouble.of_container(each)
                raise self._trouble(f"container {each.name!r} of pod {each.pod} {words}")

    def _refuse_lost_readiness(self, pods: list[Json]) -> None:
        for pod in pods:
            name = objects.name_of(pod)
            if containers.is_ready(pod):
                self.ready.add(name)
            elif name in self.ready:
                raise self._trouble(f"pod {name} is not ready any more: {pod_trouble.of(pod)}")
        self.ready &= {objects.name_of(pod) for pod in pods}

    def _ask(self) -> str:
        if self.user is None:
            return "no request can be sent"
        if self.broken_at is None:
            self.user.ask()
        sample = self.user.sample
        if sample.broken:
            self.broken_at = self.broken_at or self.clock.now()
            words = (
                f"{sample.failed} of {sample.requests} requests to {self.user.path} failed "
                f"({sample.first_failure} first)"
            )
            if self.clock.now() - self.broken_at >= _CAUSE_SECONDS:
                raise self._trouble(words)
            return words
        return f"{sample.failed} requests failed"

    def _trouble(self, words: str) -> StepFailed:
        seconds = self.clock.now() - self.began
        return StepFailed(
            f"The deployed version of {self.deployment.deployment!r} in "
            f"{self.deployment.namespace!r} was healthy and is not any more, {seconds:.0f} s into "
            f"its observation: {redact(words)}."
        )


def _key(container: Container) -> tuple[str, str]:
    return container.pod, container.name
