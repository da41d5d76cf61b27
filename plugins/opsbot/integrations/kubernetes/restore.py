"""The way back: apply the stored objects again, and believe it when the old version serves.

One apply by the same manager both stops the new version and brings the old one back; a rollout
that got stuck has kept its old pods, and is undone in a tenth of a second. It is not `rollout
undo`: that takes the fields away from us, so the next deploy is a conflict, and undone twice it
goes to the broken version. The answer's pod template must be the stored one to the last field.

The target is the one the backup names, and no other. What is done already is found done, so the
callback of the failed task and the guard task may both call this. Before the first deploy there
is nothing to go back to: then the Deployment is scaled to 0, by an apply as well, and kept for
people to look at.
"""

from collections.abc import Callable

from opsbot.integrations.kubernetes import backup as backups
from opsbot.integrations.kubernetes import objects, serving, spec_proof
from opsbot.integrations.kubernetes.backup import Backup
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.journal import Ending, Journal
from opsbot.integrations.kubernetes.objects import Json
from opsbot.integrations.kubernetes.patience import SYSTEM, until
from opsbot.integrations.kubernetes.put_back import put_back, scale_to_zero
from opsbot.integrations.kubernetes.restored import (
    RestoreFailed,
    RestoreOutput,
    VerifiedRestore,
)
from opsbot.integrations.kubernetes.serving import Serving
from opsbot.integrations.waiting import Clock
from opsbot.verification import versions
from opsbot.vocabulary.errors import StepFailed, TryAgain
from opsbot.vocabulary.progress import Say
from opsbot.vocabulary.words import FIRST_DEPLOY

_SETTLING_SECONDS = 15.0
"""How long `verify` lets pods and endpoints settle."""


_PAUSE_SECONDS = 2.0
"""Between two tries while the cluster cannot be reached."""


def run(
    cluster: Cluster,
    backup: Backup,
    *,
    say: Say,
    deadline_seconds: float,
    clock: Clock = SYSTEM,
) -> RestoreOutput:
    """Go back to what the backup names and verify that it serves."""
    backups.refuse_altered(backup)
    rollback = _Rollback(cluster, backup, Journal(clock, say), clock.now() + deadline_seconds)
    try:
        return rollback.to_nothing() if backup.first_deploy else rollback.to_previous()
    except StepFailed as error:
        message = f"The rollback of {backup.deployment!r} in {backup.namespace!r} failed: {error}"
        raise RestoreFailed(message, tuple(rollback.journal.actions)) from error


def verify(cluster: Cluster, backup: Backup, *, say: Say, clock: Clock = SYSTEM) -> VerifiedRestore:
    """Look again, apart from the rollback, whether the restored version serves."""
    look = _Rollback(cluster, backup, Journal(clock, say), clock.now() + _SETTLING_SECONDS)
    if backup.first_deploy:
        return look.verified_nothing()
    return look.verified_previous()


class _Rollback:
    """One way back, with its deadline."""

    def __init__(self, cluster: Cluster, backup: Backup, journal: Journal, end: float) -> None:
        self.cluster, self.backup, self.journal, self.end = cluster, backup, journal, end
        self.clock, self.say = journal.clock, journal.say
        self.problems: list[str] = []

    def to_previous(self) -> RestoreOutput:
        """Restore the version that the backup names."""
        self.journal.perform("stop_new", lambda: self._patiently(self._apply_stored))
        self.journal.perform("restore", self._wait_until_settled)
        self.journal.perform("verify_pods", self._wait_until_ready)
        self.journal.perform("verify_service", self._wait_until_reached)
        self.journal.perform("clean_up", self._delete_failed)
        if self.problems:
            raise StepFailed(f"The old version serves, but: {' '.join(self.problems)}")
        now = self._look()
        done_before = self.journal.actions[0].state == "skipped"
        target = self.backup.target
        return self._output(f"{target} (was restored already)" if done_before else target, now)

    def to_nothing(self) -> RestoreOutput:
        """Scale a first deployment to 0: there is no version to go back to."""
        self.journal.perform("stop_new", lambda: self._patiently(self._stop))
        if self.backup.objects:
            self.journal.perform("restore", lambda: self._patiently(self._apply_stored))
        else:
            self.journal.skip("restore", FIRST_DEPLOY)
        self.journal.perform("verify_pods", self._wait_until_gone)
        self.journal.skip("verify_service", "nothing serves")
        self.journal.skip("clean_up", "the failed version is kept, at 0 replicas")
        if self.problems:
            raise StepFailed(f"The failed version is stopped, but: {' '.join(self.problems)}")
        return RestoreOutput(
            deployment=self.backup.deployment,
            restored=f"{FIRST_DEPLOY}; scaled to 0 replicas",
            actions=tuple(self.journal.actions),
            replicas=0,
            ready=0,
        )

    def verified_previous(self) -> VerifiedRestore:
        """Find the restored version serving, or fail."""
        saved = self.backup.saved_deployment
        live = self.cluster.find("Deployment", self.backup.namespace, self.backup.deployment)
        if live is None or versions.template_sha256(live) != versions.template_sha256(saved):
            raise StepFailed(
                f"{self.backup.deployment!r} in {self.backup.namespace!r} does not have the pod "
                f"template of the backup ({self.backup.target}). Roll back by hand."
            )
        self._wait_until_settled()
        self._wait_until_ready()
        self._wait_until_reached()
        now = self._look()
        reached = serving.reached(self.cluster, self.backup.namespace, self._services(), now)
        return self._verified(self.backup.target, now.wanted, len(now.ready), reached)

    def verified_nothing(self) -> VerifiedRestore:
        """Find no pod of a first deployment left, or fail."""
        self._wait_until_gone()
        return self._verified(f"{FIRST_DEPLOY}; scaled to 0 replicas", 0, 0, 0)

    def _patiently(self, act: Callable[[], Ending]) -> Ending:
        """Try an action again while the cluster cannot be reached, until the deadline."""
        while True:
            try:
                return act()
            except TryAgain as fault:
                if self.clock.now() + _PAUSE_SECONDS > self.end:
                    raise
                self.say(f"The rollback goes on as soon as it can: {fault}")
                self.clock.sleep(_PAUSE_SECONDS)

    def _apply_stored(self) -> Ending:
        changed = []
        for saved in self.backup.everything:
            try:
                if not self._kept_by_others(saved) and put_back(self.cluster, saved, self.say):
                    changed.append(objects.title(saved))
            except StepFailed as error:
                if saved["kind"] == "Deployment":
                    raise
                self.problems.append(str(error))
        if not changed:
            return "skipped", "the stored objects are in place already"
        return "success", f"applied {', '.join(changed)}"

    def _kept_by_others(self, saved: Json) -> bool:
        """Leave what the pods need and the release did not change to whoever keeps it.

        A password may have been changed since. What is gone is made again: without it no pod of
        the old version starts.
        """
        if saved not in self.backup.needed:
            return False
        namespace, name = objects.namespace_of(saved), objects.name_of(saved)
        return self.cluster.find(saved["kind"], namespace, name) is not None

    def _wait_until_settled(self) -> Ending:
        now = self._wait("the old version at full size", lambda now: now.settled)
        return "success", f"{now.wanted} replicas of {now.template_hash}, none of another version"

    def _wait_until_ready(self) -> Ending:
        now = self._wait("ready pods", lambda now: len(now.ready) == now.wanted)
        return "success", now.words

    def _wait_until_reached(self) -> Ending:
        services = self._services()
        if not services:
            return "skipped", "the release has no Service"
        namespace = self.backup.namespace

        def all_reached(now: Serving) -> bool:
            return serving.reached(self.cluster, namespace, services, now) == now.wanted

        now = self._wait("endpoints", all_reached)
        return "success", f"{', '.join(services)}: {now.wanted} endpoints ready"

    def _delete_failed(self) -> Ending:
        """Delete the versions that came after the backup; older ones are the history."""
        known = {*self.backup.replica_sets, self.backup.template_hash}
        failed = [
            each
            for each in self._look().superseded
            if versions.template_hash(each) not in known and not each["spec"].get("replicas")
        ]
        if not failed:
            return "skipped", "nothing is left of the failed version"
        try:
            for each in failed:
                self.cluster.delete(each)
        except StepFailed as error:
            return "failed", str(error)
        return "success", f"deleted {', '.join(objects.title(each) for each in failed)}"

    def _stop(self) -> Ending:
        live = self.cluster.find("Deployment", self.backup.namespace, self.backup.deployment)
        if live is None:
            return "skipped", "no Deployment was created"
        if live["spec"].get("replicas", 1) == 0:
            return "skipped", "it is at 0 replicas already"
        scale_to_zero(self.cluster, live)
        return "success", f"scaled {objects.title(live)} to 0 replicas"

    def _wait_until_gone(self) -> Ending:
        live = self.cluster.find("Deployment", self.backup.namespace, self.backup.deployment)
        if live is None:
            return "skipped", "no Deployment was created"
        self._wait("the end of its pods", lambda now: not now.running and now.others == 0)
        return "success", "no pod is left"

    def _wait(self, what: str, so: Callable[[Serving], bool]) -> Serving:
        def look() -> tuple[Serving | None, str]:
            now = self._look()
            return (now if so(now) else None), f"Waiting for {what}: {now.words}"

        seconds = self.end - self.clock.now()
        found, words = until(look, seconds=seconds, say=self.say, clock=self.clock)
        if found is None:
            raise StepFailed(f"{words}; time is up. Look at the pods of {self.backup.target}.")
        return found

    def _look(self) -> Serving:
        return serving.look(self.cluster, self.backup.namespace, self.backup.deployment)

    def _services(self) -> tuple[str, ...]:
        """Name the release's Services that choose pods at all."""
        return tuple(
            objects.name_of(each)
            for each in self.backup.objects
            if each["kind"] == "Service" and each["spec"].get("selector")
        )

    def _output(self, restored: str, now: Serving) -> RestoreOutput:
        return RestoreOutput(
            deployment=self.backup.deployment,
            restored=restored,
            version=self.backup.version,
            actions=tuple(self.journal.actions),
            replicas=now.wanted,
            ready=len(now.ready),
        )

    def _verified(
        self, restored: str, replicas: int, ready: int, endpoints: int
    ) -> VerifiedRestore:
        return VerifiedRestore(
            deployment=self.backup.deployment,
            namespace=self.backup.namespace,
            restored=restored,
            replicas=replicas,
            ready=ready,
            endpoints=endpoints,
            objects=spec_proof.compare(self.cluster, self.backup.everything),
        )
