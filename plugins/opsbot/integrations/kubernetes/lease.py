"""One change of a release at a time: a Lease beside the Deployment.

The cluster keeps it, so it holds between runs, between DAGs and between Airflows. Taking it is
compare-and-set by `resourceVersion`; a holder that dies loses it when its time has passed. It
spans from the backup to the end of the run, never the wait for an approval.
"""

from datetime import UTC, datetime, timedelta

from opsbot.integrations.kubernetes import faults
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.objects import Json
from opsbot.integrations.kubernetes.patience import SYSTEM, until
from opsbot.integrations.waiting import Clock
from opsbot.vocabulary.errors import Refused, TryAgain
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say


class Claim(Value):
    """Whose lease, on what, and for how long."""

    namespace: str
    deployment: str
    holder: str
    """The plan."""
    seconds: int
    """After so long without a sign of life others may take it."""

    @property
    def name(self) -> str:
        """The name of the Lease object."""
        return f"opsbot-{self.deployment}"


class Lease(Value):
    """A lease as an object of its cluster, found by name and known by its uid."""

    namespace: str
    name: str
    uid: str


def held(cluster: Cluster, claim: Claim) -> Lease:
    """Return the lease, if the claim holds it."""
    live = cluster.find("Lease", claim.namespace, claim.name)
    if live is None or live["spec"].get("holderIdentity") != claim.holder:
        raise Refused(f"The lease on {claim.deployment!r} is not plan {claim.holder!r}'s any more.")
    return Lease(namespace=claim.namespace, name=claim.name, uid=live["metadata"]["uid"])


def take(
    cluster: Cluster, claim: Claim, *, patience: float, say: Say, clock: Clock = SYSTEM
) -> None:
    """Take or renew the lease; wait for another holder, and `TryAgain` if it does not let go."""

    def look() -> tuple[bool | None, str]:
        holder = _try(cluster, claim, clock)
        if holder is None:
            return True, f"Holding the lease on {claim.deployment!r} in {claim.namespace!r}"
        return None, f"Waiting for plan {holder!r}, which changes {claim.deployment!r} now"

    found, words = until(look, seconds=patience, say=say, clock=clock)
    if found is None:
        raise TryAgain(f"{words}. Two plans never change one release at once; ask again later.")


def release(cluster: Cluster, claim: Claim) -> None:
    """Let go of the lease, if it is ours; another's is left alone."""
    live = cluster.find("Lease", claim.namespace, claim.name)
    if live is None or live["spec"].get("holderIdentity") != claim.holder:
        return
    version = live["metadata"]["resourceVersion"]
    change = {"metadata": {"resourceVersion": version}, "spec": {"holderIdentity": ""}}
    try:
        cluster.merge("Lease", claim.namespace, claim.name, change)
    except faults.Changed:
        return


def _try(cluster: Cluster, claim: Claim, clock: Clock) -> str | None:
    """Try to take the lease once; return who holds it instead, or None if it is ours now."""
    live = cluster.find("Lease", claim.namespace, claim.name)
    now = datetime.fromtimestamp(clock.now(), UTC)
    spec = _spec(claim, now)
    metadata: Json = {"name": claim.name, "namespace": claim.namespace}
    try:
        if live is None:
            kind = {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease"}
            cluster.create({**kind, "metadata": metadata, "spec": spec})
            return None
        if (holder := _other(live, claim, now)) is not None:
            return holder
        metadata = {"resourceVersion": live["metadata"]["resourceVersion"]}
        cluster.merge("Lease", claim.namespace, claim.name, {"metadata": metadata, "spec": spec})
    except faults.Changed:
        return "another"
    return None


def _other(live: Json, claim: Claim, now: datetime) -> str | None:
    """Return who else holds a lease that has not run out."""
    spec = live["spec"]
    holder = spec.get("holderIdentity") or ""
    if holder in ("", claim.holder):
        return None
    renewed = datetime.fromisoformat(spec["renewTime"])
    ends = renewed + timedelta(seconds=spec.get("leaseDurationSeconds", 0))
    return str(holder) if ends > now else None


def _spec(claim: Claim, now: datetime) -> Json:
    moment = now.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return {
        "holderIdentity": claim.holder,
        "leaseDurationSeconds": claim.seconds,
        "acquireTime": moment,
        "renewTime": moment,
    }
