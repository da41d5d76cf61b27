"""Look at one rollout again and again, remembering what was seen.

The log of a container that ended is read once for each of its ends: it may prove that no restart
will help, and then nobody waits for more of them.
"""

from collections.abc import Sequence

from opsbot.integrations.kubernetes import logs, objects, replica_sets
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.objects import Json
from opsbot.integrations.waiting import Clock
from opsbot.verification import lasting, rollout, versions
from opsbot.verification import observation as observations
from opsbot.verification.containers import Container
from opsbot.verification.observation import Observation
from opsbot.verification.rollout import Abort, Complete, Limits, Waiting
from opsbot.verification.signatures import Signature
from opsbot.vocabulary.errors import OpsBotError, StepFailed


class Watching:
    """The watch over one rollout of one Deployment."""

    def __init__(
        self,
        cluster: Cluster,
        ours: Json,
        limits: Limits,
        signatures: Sequence[Signature],
        clock: Clock,
    ) -> None:
        self.cluster, self.ours, self.limits = cluster, ours, limits
        self.signatures, self.clock = signatures, clock
        self.template = versions.template_sha256(ours)
        self.seen: Observation | None = None
        self._logs: dict[tuple[str, str, int], str] = {}

    def look(self) -> tuple[tuple[Abort | Complete, Observation] | None, str]:
        """Return the verdict with its observation once there is one, and how it looks."""
        deployment = self._deployment()
        sets = replica_sets.of_deployment(self.cluster, deployment)
        newest = versions.current(deployment, sets)
        pods = replica_sets.pods_of(self.cluster, deployment, newest) if newest else ()
        self.seen = observations.observe(
            deployment, newest, pods, at=self.clock.now(), before=self.seen
        )
        judged = lasting.proven(self.seen, pods, self._log, self.signatures)
        match rollout.verdict(judged, self.limits):
            case Waiting(reason=words):
                return None, f"Rollout status: {words}"
            case Complete() as complete:
                return (complete, judged), "Rollout complete"
            case Abort(reason=reason) as abort:
                return (abort, judged), f"Rollout aborted: {reason}"

    def _deployment(self) -> Json:
        namespace, name = objects.namespace_of(self.ours), objects.name_of(self.ours)
        live = self.cluster.find("Deployment", namespace, name)
        if live is None or live["metadata"]["uid"] != self.ours["metadata"]["uid"]:
            raise StepFailed(f"Deployment {name!r} in {namespace!r} was deleted while rolling out.")
        if versions.template_sha256(live) != self.template:
            raise StepFailed(
                f"Somebody changed the pod template of {name!r} in {namespace!r} while it was "
                "rolling out; what runs there now is not what was approved."
            )
        return live

    def _log(self, container: Container) -> str:
        """Return the log of a container's last end; what cannot be read now proves nothing."""
        life = (container.pod, container.name, container.ends)
        if life not in self._logs:
            namespace = objects.namespace_of(self.ours)
            try:
                lines = logs.of_ended(self.cluster, namespace, container)
            except OpsBotError:
                return ""
            self._logs[life] = "\n".join(lines)
        return self._logs[life]
