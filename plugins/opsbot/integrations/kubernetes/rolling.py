"""Make a change of a release and follow its rollout to a verdict.

Applying is idempotent: a retried step finds its own objects unchanged and goes on watching. The
watch looks at the newest ReplicaSet's pods only; old pods may crash as they like. If somebody
changes the pod template meanwhile, the rollout is not ours any more and the step says so.
"""

from opsbot.capabilities.kubernetes.change import Change
from opsbot.integrations.kubernetes import adoption, logs, objects, replica_sets, spec_proof
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.objects import Json
from opsbot.integrations.kubernetes.patience import SYSTEM, until
from opsbot.integrations.kubernetes.put_back import put_back
from opsbot.integrations.kubernetes.spec_proof import ObjectProof
from opsbot.integrations.kubernetes.wanted import Wanted, refuse_paused
from opsbot.integrations.waiting import Clock
from opsbot.verification import observation as observations
from opsbot.verification import rollout
from opsbot.verification.observation import Observation
from opsbot.verification.rollout import Abort, Complete, Limits, Waiting
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say

LOG_LINES = 30
"""A stack trace of Node.js or Java is longer than its first lines, which name the cause."""
_FOREVER = float("inf")


class DeployOutput(Value):
    """What was put there, for the checks that follow."""

    deployment: str
    namespace: str
    revision: int
    replicas: int
    ready: int
    image: str
    template_hash: str
    """Label value of the pods that run this version."""
    objects: tuple[ObjectProof, ...] = ()
    """After a restore: whether each object is there as it was saved."""


class Evidence(Value):
    """What was known when a rollout was given up."""

    deployment: str
    namespace: str
    template_hash: str
    pod: str
    container: str
    reason: str
    exit_code: int | None
    log: tuple[str, ...]
    first_failure: float | None
    """Unix seconds of the first failure of the new version, as Kubernetes reports it."""
    decided: float
    """Unix seconds of the decision."""


class RolloutAborted(StepFailed):
    """The new version does not come up."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        where = f"{evidence.deployment!r} in {evidence.namespace!r}"
        whose = f"container {evidence.container!r} of pod {evidence.pod}: " if evidence.pod else ""
        said = "".join(f"\n  {line}" for line in evidence.log)
        tail = f"\nLast log lines:{said}" if said else ""
        super().__init__(f"The rollout of {where} is aborted: {whose}{evidence.reason}{tail}")


def to_the_end(
    cluster: Cluster, change: Change, wanted: Wanted, *, say: Say, clock: Clock = SYSTEM
) -> DeployOutput:
    """Apply what is wanted, wait for the rollout, and return what runs then."""
    refuse_paused(cluster.find("Deployment", change.namespace, change.deployment_name))
    for each in wanted.manifests:
        adoption.take(cluster, each, wanted.adoptions)
    for each in wanted.manifests:
        _apply(cluster, each, wanted.forced, say)
    return watch(cluster, change, wanted, say=say, clock=clock)


def watch(
    cluster: Cluster, change: Change, wanted: Wanted, *, say: Say, clock: Clock = SYSTEM
) -> DeployOutput:
    """Follow the rollout of what was applied; nothing is changed."""
    output = _watched(cluster, change, say, clock)
    if not wanted.exact:
        return output
    return output.model_copy(update={"objects": spec_proof.compare(cluster, wanted.manifests)})


def _watched(cluster: Cluster, change: Change, say: Say, clock: Clock) -> DeployOutput:
    ours = _live(cluster, change)
    limits = Limits(ends=change.restarts_before_abort, deadline=change.rollout_deadline)
    rolling = _Watch(cluster, ours, limits, clock)
    end, _ = until(rolling.look, seconds=_FOREVER, say=say, clock=clock)
    match end:
        case (Abort() as abort, Observation() as seen):
            raise RolloutAborted(_evidence(cluster, change, abort, seen))
        case (Complete(), Observation() as seen):
            return _output(cluster, change, seen)
        case _:
            raise StepFailed(f"The rollout of {change.deployment_name!r} ended without a verdict.")


class _Watch:
    """Looks at one rollout, remembering what was seen."""

    def __init__(self, cluster: Cluster, ours: Json, limits: Limits, clock: Clock) -> None:
        self.cluster, self.ours, self.limits, self.clock = cluster, ours, limits, clock
        self.template = objects.template_sha256(ours)
        self.replica_set: Json | None = None
        self.seen: Observation | None = None

    def look(self) -> tuple[tuple[Abort | Complete, Observation] | None, str]:
        """Return the verdict with its observation once there is one, and how it looks."""
        deployment = self._deployment()
        sets = replica_sets.of_deployment(self.cluster, deployment)
        newest = replica_sets.current(deployment, sets)
        pods = replica_sets.pods_of(self.cluster, deployment, newest) if newest else ()
        self.seen = observations.observe(
            deployment, newest, pods, at=self.clock.now(), before=self.seen
        )
        match rollout.verdict(self.seen, self.limits):
            case Waiting(reason=words):
                return None, f"Rollout status: {words}"
            case Complete() as complete:
                return (complete, self.seen), "Rollout complete"
            case Abort(reason=reason) as abort:
                return (abort, self.seen), f"Rollout aborted: {reason}"

    def _deployment(self) -> Json:
        namespace, name = objects.namespace_of(self.ours), objects.name_of(self.ours)
        live = self.cluster.find("Deployment", namespace, name)
        if live is None or live["metadata"]["uid"] != self.ours["metadata"]["uid"]:
            raise StepFailed(f"Deployment {name!r} in {namespace!r} was deleted while rolling out.")
        if objects.template_sha256(live) != self.template:
            raise StepFailed(
                f"Somebody changed the pod template of {name!r} in {namespace!r} while it was "
                "rolling out; what runs there now is not what was approved."
            )
        return live


def _apply(cluster: Cluster, manifest: Json, forced: bool, say: Say) -> None:
    """Apply one object; going back also removes what others left in the pod template."""
    if forced:
        put_back(cluster, manifest, say)
    else:
        cluster.apply(manifest)
    say(f"Applied {objects.title(manifest)} in {objects.namespace_of(manifest)!r}")


def _live(cluster: Cluster, change: Change) -> Json:
    live = cluster.find("Deployment", change.namespace, change.deployment_name)
    if live is None:
        raise StepFailed(
            f"Deployment {change.deployment_name!r} in {change.namespace!r} was deleted after it "
            "was applied."
        )
    return live


def _output(cluster: Cluster, change: Change, seen: Observation) -> DeployOutput:
    live = _live(cluster, change)
    containers = live["spec"]["template"]["spec"]["containers"]
    return DeployOutput(
        deployment=change.deployment_name,
        namespace=change.namespace,
        revision=objects.revision_of(live),
        replicas=seen.wanted,
        ready=live.get("status", {}).get("readyReplicas", 0),
        image=next(each["image"] for each in containers if each["name"] == change.container),
        template_hash=seen.template_hash,
    )


def _evidence(cluster: Cluster, change: Change, abort: Abort, seen: Observation) -> Evidence:
    log = (
        logs.last_words(cluster, change.namespace, abort.pod, abort.container, LOG_LINES)
        if abort.pod
        else []
    )
    return Evidence(
        deployment=change.deployment_name,
        namespace=change.namespace,
        template_hash=seen.template_hash,
        pod=abort.pod,
        container=abort.container,
        reason=abort.reason,
        exit_code=abort.exit_code,
        log=tuple(log),
        first_failure=seen.first_failure,
        decided=seen.at,
    )
