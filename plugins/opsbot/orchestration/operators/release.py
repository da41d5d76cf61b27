"""The guards before a change: preview what it would do, and save what is there."""

from datetime import UTC, datetime
from typing import Any

from opsbot.integrations.kubernetes import backup, client, preview
from opsbot.integrations.kubernetes.wanted import Wanted
from opsbot.orchestration import archiving, changes, configured, leases, step_cluster
from opsbot.orchestration.operators.step_operator import GuardedOperator
from opsbot.planning.plan import Plan
from opsbot.verification.approval import Subject
from opsbot.vocabulary.model import Value


class PreviewOutput(Value):
    """What the API server would change, and the subject that an approval of it would bind."""

    text: str
    first_deploy: bool
    target: str
    """What a rollback would go back to."""
    subject: Subject
    subject_sha256: str


class ReleaseOperator(GuardedOperator):
    """A task about the release that the plan changes."""

    template_fields: tuple[str, ...] = ("image",)

    def __init__(self, *, plan: Plan, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.plan = plan
        self.step = changes.change_of(plan)
        self.image: Any = "{{ ti.xcom_pull(task_ids='verify_image') }}"

    @property
    def namespace(self) -> str:
        """Where the release lives."""
        return str(self.step.arguments["namespace"])

    def wanted(self, cluster: client.Cluster) -> Wanted:
        """Return what the plan would make of the release."""
        return changes.wanted(cluster, self.plan, self.image or None)

    def subject_of(self, seen: preview.Preview, wanted: Wanted) -> Subject:
        """Return what an approval of this preview would bind."""
        return Subject(
            fingerprint=self.ticket.fingerprint,
            digest=_image_of(wanted, str(self.step.arguments["container"])),
            change_sha256=seen.change_sha256,
            live_sha256=seen.live_sha256,
        )


class PreviewOperator(ReleaseOperator):
    """Show what the change would do, before anybody is asked."""

    def act(self, context: Any) -> Value:
        """Return the change in words and the subject an approval would bind."""
        cluster = step_cluster.of(self.step)
        wanted = self.wanted(cluster)
        seen = preview.take(cluster, self.namespace, wanted)
        saved = backup.take(cluster, self.namespace, wanted, self.say)
        secrets = saved.holds_secrets or any(e["kind"] == "Secret" for e in wanted.manifests)
        archiving.require_possible(self.plan, secrets=secrets)
        subject = self.subject_of(seen, wanted)
        return PreviewOutput(
            text=seen.text,
            first_deploy=seen.first_deploy,
            target=saved.target,
            subject=subject,
            subject_sha256=subject.sha256,
        )


class BackupOperator(ReleaseOperator):
    """Save the live objects of the release in the archive, read back and compared."""

    def act(self, context: Any) -> Value:
        """Return what was saved and where; what nobody needs any more is removed."""
        cluster = step_cluster.of(self.step)
        leases.hold(cluster, self.plan, self.say, wait=True)
        saved = backup.take(cluster, self.namespace, self.wanted(cluster), self.say)
        now = datetime.now(UTC)
        kept = archiving.keep(self.plan, saved, at=now)
        self.say(f"Kept as {kept.archive}, sealed with the key of {kept.sealed_with}")
        archiving.purge(configured.organisation().policies, now=now, say=self.say)
        return kept


def _image_of(wanted: Wanted, container: str) -> str:
    """Return the digest of the image that will run, or its whole name where it has none."""
    containers = wanted.deployment["spec"]["template"]["spec"]["containers"]
    image = next((str(each["image"]) for each in containers if each["name"] == container), "")
    return image.rpartition("@")[2]
