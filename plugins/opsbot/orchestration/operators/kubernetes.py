"""Kubernetes steps and the guards around them: preview, backup, deploy, checks.

The provider's KubernetesCreateResourceOperator only creates, and reports success after a cut
connection although nothing was made; there is no operator that applies, watches or restores. So
these are operators of their own on the provider's hook.
"""

import time
from collections.abc import Mapping
from typing import Any

from opsbot.capabilities.kubernetes.apply_deployment import ApplyDeployment
from opsbot.capabilities.kubernetes.get_pod_logs import GetPodLogs
from opsbot.capabilities.kubernetes.get_pods import GetPods
from opsbot.capabilities.kubernetes.get_service import GetService
from opsbot.integrations.kubernetes import (
    apply_deployment,
    backup,
    client,
    get_pod_logs,
    get_pods,
    get_service,
    preview,
    running,
)
from opsbot.integrations.kubernetes.apply_deployment import DeployOutput
from opsbot.orchestration import configured, release, seal
from opsbot.orchestration.operators.step_operator import GuardedOperator, StepOperator
from opsbot.orchestration.release import Manifests
from opsbot.planning import fingerprint
from opsbot.planning.plan import Plan, Step
from opsbot.store import plans
from opsbot.store.variables import AirflowVariables
from opsbot.verification import approval
from opsbot.verification.approval import Subject
from opsbot.vocabulary.errors import Refused
from opsbot.vocabulary.model import Value

DEPLOY_STARTED = "deploy_started"
"""XCom key of the marker that a deploy leaves before it changes anything."""
DEPLOY_SPENT = "deploy_spent"
"""Key in the task's state store, set before a deploy changes anything."""


class PreviewOutput(Value):
    """What the API server would change, and the subject that an approval of it would bind."""

    text: str
    first_deploy: bool
    target: str
    """What a rollback would go back to."""
    subject: Subject
    subject_sha256: str


class ReleaseOperator(GuardedOperator):
    """A task about the release that the plan's deploy step describes."""

    template_fields: tuple[str, ...] = ("image",)

    def __init__(self, *, plan: Plan, step: Step, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.plan = plan
        self.step = step
        self.image: Any = "{{ ti.xcom_pull(task_ids='verify_image') }}"

    @property
    def namespace(self) -> str:
        """Where the release lives."""
        return str(self.step.arguments["namespace"])

    def manifests(self) -> Manifests:
        """Render the release for the verified image."""
        if not self.image:
            raise Refused("No verified image is on record; run the plan from its start again.")
        reference = str(self.image["reference"])
        application = self.plan.intent.application
        return release.manifests(self.step, application, reference, self.plan.plan_id)

    def take_preview(self, cluster: client.Cluster, manifests: Manifests) -> PreviewOutput:
        """Ask the API server what applying would change."""
        seen = preview.take(cluster, self.namespace, manifests)
        saved = backup.take(cluster, self.namespace, manifests, lambda _: None)
        subject = Subject(
            fingerprint=self.ticket.fingerprint,
            digest=str(self.image["digest"]),
            change_sha256=seen.change_sha256,
            live_sha256=seen.live_sha256,
        )
        return PreviewOutput(
            text=seen.text,
            first_deploy=seen.first_deploy,
            target=saved.target,
            subject=subject,
            subject_sha256=subject.sha256,
        )


class PreviewOperator(ReleaseOperator):
    """Show what the deploy would change, before anybody is asked."""

    def act(self, context: Any) -> Value:
        """Return the change in words and the subject an approval would bind."""
        return self.take_preview(client.connect(self.step.connection), self.manifests())


class BackupOperator(ReleaseOperator):
    """Save the live objects of the release, read back and compared."""

    def act(self, context: Any) -> Value:
        """Return the saved objects and the target of a rollback."""
        cluster = client.connect(self.step.connection)
        return backup.take(cluster, self.namespace, self.manifests(), self.say)


class ApplyDeploymentOperator(ReleaseOperator):
    """Deploy what was approved, once, and watch it roll out.

    It reads the evidence, the approval and the live cluster itself and refuses, with nothing
    changed, what is absent, stale, different or already used. It is not retried: a rollout that
    was cut off is rolled back, not begun again.
    """

    template_fields = ("image", "saved", "sealed", "evidence")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(retries=0, **kwargs)
        before = [each.id for each in self.plan.steps if each.number < self.step.number]
        self.saved: Any = "{{ ti.xcom_pull(task_ids='backup') }}"
        self.sealed: Any = "{{ ti.xcom_pull(task_ids='approval', key='seal') }}"
        self.evidence: Any = {step: f"{{{{ ti.xcom_pull(task_ids='{step}') }}}}" for step in before}

    def act(self, context: Any) -> Value:
        """Return the new revision; a rollout that must be aborted fails the step."""
        cluster = client.connect(self.step.connection)
        manifests = self.manifests()
        self._refuse_edited_plan()
        self._refuse_spent_plan(context)
        self._refuse_missing_evidence()
        self._refuse_without_approval(self.take_preview(cluster, manifests).subject)
        context["task_state_store"].set(DEPLOY_SPENT, self.plan.plan_id)
        context["ti"].xcom_push(key=DEPLOY_STARTED, value=self.saved)
        params = ApplyDeployment.model_validate(self.step.arguments)
        return apply_deployment.run(cluster, params, manifests, say=self.say)

    def _refuse_edited_plan(self) -> None:
        stored = plans.read_plan(AirflowVariables(), self.ticket.sequence)
        if fingerprint.of(stored) != self.ticket.fingerprint:
            raise Refused(
                f"Plan {self.ticket.plan_id!r} was edited in the store after it was published. "
                "Nothing was changed; ask for a new plan."
            )

    def _refuse_missing_evidence(self) -> None:
        problem = approval.evidence_objection(self._outputs())
        if problem is None and not self.saved:
            problem = "the backup is not on record"
        if problem is not None:
            raise Refused(f"Deploy refused: {problem}. Nothing was changed.")

    def _outputs(self) -> Mapping[str, Mapping[str, Any] | None]:
        return {step: output or None for step, output in self.evidence.items()}

    def _refuse_without_approval(self, subject: Subject) -> None:
        if not self.plan.approval.required:
            return
        problem = approval.objection(
            seal.open_seal(self.sealed),
            subject,
            self.plan.plan_id,
            now=time.time(),
            expires_after=self.plan.approval.expires_after,
        )
        if problem is not None:
            raise Refused(f"Deploy refused: {problem}. Nothing was changed; ask for a new plan.")

    def _refuse_spent_plan(self, context: Any) -> None:
        """Refuse a second deploy; the record of the first outlives a cleared task."""
        if context["task_state_store"].get(DEPLOY_SPENT):
            raise Refused(
                f"Plan {self.plan.plan_id!r} was deployed before, and an approval is good for one "
                "deploy. Nothing was changed; ask for a new plan."
            )


class CheckOperator(StepOperator):
    """A check of what the deploy has put there, or of what runs where the plan deploys nothing."""

    template_fields = ("deployed",)

    def __init__(self, *, plan: Plan, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.application = plan.intent.application
        self.deploys = any(each.changes for each in plan.steps)
        self.deployed: Any = "{{ ti.xcom_pull(task_ids='deploy') }}" if self.deploys else None

    def checked(self, cluster: client.Cluster) -> DeployOutput:
        """Return the version to check."""
        if self.deployed:
            return DeployOutput.model_validate(self.deployed)
        if self.deploys:
            raise Refused("The deploy left no record; there is nothing to check.")
        workload = configured.organisation().application(self.application).workload
        namespace = str(self.step.arguments["namespace"])
        return running.look(cluster, namespace, workload.deployment, workload.container)


class GetPodsOperator(CheckOperator):
    """Check that every replica runs the deployed version."""

    def act(self, context: Any) -> Value:
        """Return the counts; a replica that is not ready fails the step."""
        cluster = client.connect(self.step.connection)
        params = GetPods.model_validate(self.step.arguments)
        return get_pods.run(cluster, params, deployment=self.checked(cluster), say=self.say)


class GetPodLogsOperator(CheckOperator):
    """Check the new pods' logs for errors."""

    def act(self, context: Any) -> Value:
        """Return the counts; an error in a log fails the step."""
        cluster = client.connect(self.step.connection)
        params = GetPodLogs.model_validate(self.step.arguments)
        return get_pod_logs.run(cluster, params, deployment=self.checked(cluster), say=self.say)


class GetServiceOperator(CheckOperator):
    """Check that the service reaches the new pods and answers."""

    def act(self, context: Any) -> Value:
        """Return endpoints and measured answers; a service without endpoints fails the step."""
        cluster = client.connect(self.step.connection)
        params = GetService.model_validate(self.step.arguments)
        return get_service.run(cluster, params, deployment=self.checked(cluster), say=self.say)
