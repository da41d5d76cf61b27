"""Make a change of a release and follow its rollout to a verdict.

Applying is idempotent: a retried step finds its own objects unchanged and goes on watching. The
watch looks at the newest ReplicaSet's pods only; old pods may crash as they like. If somebody
changes the pod template meanwhile, the rollout is not ours any more and the step says so.
"""

from collections.abc import Sequence

from opsbot.capabilities.kubernetes.change import Change
from opsbot.integrations.kubernetes import adoption, logs, objects, spec_proof
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.objects import Json
from opsbot.integrations.kubernetes.patience import SYSTEM, until
from opsbot.integrations.kubernetes.put_back import put_back
from opsbot.integrations.kubernetes.spec_proof import ObjectProof
from opsbot.integrations.kubernetes.wanted import Wanted, refuse_paused
from opsbot.integrations.kubernetes.watching import Watching
from opsbot.integrations.waiting import Clock
from opsbot.verification import versions
from opsbot.verification.observation import Observation
from opsbot.verification.rollout import Abort, Complete, Limits
from opsbot.verification.signatures import Signature
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
    cluster: Cluster,
    change: Change,
    wanted: Wanted,
    *,
    say: Say,
    clock: Clock = SYSTEM,
    signatures: Sequence[Signature] = (),
) -> DeployOutput:
    """Apply what is wanted, wait for the rollout, and return what runs then.

    By the `signatures` a crash is given up at once where its log proves that it will go on.
    """
    refuse_paused(cluster.find("Deployment", change.namespace, change.deployment_name))
    for each in wanted.manifests:
        adoption.take(cluster, each, wanted.adoptions)
    for each in wanted.manifests:
        _apply(cluster, each, wanted.forced, say)
    return watch(cluster, change, wanted, say=say, clock=clock, signatures=signatures)


def watch(
    cluster: Cluster,
    change: Change,
    wanted: Wanted,
    *,
    say: Say,
    clock: Clock = SYSTEM,
    signatures: Sequence[Signature] = (),
) -> DeployOutput:
    """Follow the rollout of what was applied; nothing is changed."""
    limits = Limits(ends=change.restarts_before_abort, deadline=change.rollout_deadline)
    watching = Watching(cluster, _live(cluster, change), limits, signatures, clock)
    output = _watched(cluster, change, watching, say)
    if not wanted.exact:
        return output
    return output.model_copy(update={"objects": spec_proof.compare(cluster, wanted.manifests)})


def _watched(cluster: Cluster, change: Change, watching: Watching, say: Say) -> DeployOutput:
    end, _ = until(watching.look, seconds=_FOREVER, say=say, clock=watching.clock)
    match end:
        case (Abort() as abort, Observation() as seen):
            raise RolloutAborted(_evidence(cluster, change, abort, seen))
        case (Complete(), Observation() as seen):
            return _output(cluster, change, seen)
        case _:
            raise StepFailed(f"The rollout of {change.deployment_name!r} ended without a verdict.")


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
        revision=versions.revision_of(live),
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
