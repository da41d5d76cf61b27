"""Looking at a release: its pods, their logs, its service; and saving it.

After a change they are checks, bound to the version that the change has put there. Where a plan
only reads, they answer, and are bound to nothing.
"""

from datetime import UTC, datetime
from typing import Any

from opsbot.capabilities.kubernetes.backup_release import BackupRelease
from opsbot.capabilities.kubernetes.get_pod_logs import GetPodLogs
from opsbot.capabilities.kubernetes.get_pods import GetPods
from opsbot.capabilities.kubernetes.get_service import GetService
from opsbot.integrations.kubernetes import (
    backup_release,
    client,
    get_pod_logs,
    get_pods,
    get_service,
    running,
)
from opsbot.integrations.kubernetes.rolling import DeployOutput
from opsbot.orchestration import archiving, configured
from opsbot.orchestration.operators.step_operator import StepOperator
from opsbot.planning.plan import Plan
from opsbot.vocabulary.errors import Refused
from opsbot.vocabulary.model import Value


class CheckOperator(StepOperator):
    """A check of what the change has put there, or of what runs where the plan changes nothing."""

    template_fields = ("deployed",)

    def __init__(self, *, plan: Plan, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.application = plan.intent.application
        self.change = plan.change
        self.deployed: Any = None
        if self.change:
            self.deployed = f"{{{{ ti.xcom_pull(task_ids='{self.change.id}') }}}}"

    def checked(self, cluster: client.Cluster) -> DeployOutput:
        """Return the version to check."""
        if self.deployed:
            return DeployOutput.model_validate(self.deployed)
        if self.change:
            raise Refused("The change left no record; there is nothing to check.")
        workload = configured.organisation().application(self.application).workload
        namespace = str(self.step.arguments["namespace"])
        return running.look(cluster, namespace, workload.deployment, workload.container)


class GetPodsOperator(CheckOperator):
    """Check that every replica runs the deployed version."""

    def act(self, context: Any) -> Value:
        """Return the counts; in a check, a replica that is not ready fails the step."""
        cluster = client.connect(self.step.connection)
        params = GetPods.model_validate(self.step.arguments)
        deployment = self.checked(cluster) if params.must_be_ready else None
        return get_pods.run(cluster, params, deployment=deployment, say=self.say)


class GetPodLogsOperator(CheckOperator):
    """Check the new pods' logs for errors."""

    def act(self, context: Any) -> Value:
        """Return the counts; in a check, an error in a log fails the step."""
        cluster = client.connect(self.step.connection)
        params = GetPodLogs.model_validate(self.step.arguments)
        deployment = self.checked(cluster) if params.check_errors else None
        return get_pod_logs.run(cluster, params, deployment=deployment, say=self.say)


class GetServiceOperator(CheckOperator):
    """Check that the service reaches the new pods and answers."""

    def act(self, context: Any) -> Value:
        """Return endpoints and measured answers; in a check, trouble fails the step."""
        cluster = client.connect(self.step.connection)
        params = GetService.model_validate(self.step.arguments)
        deployment = self.checked(cluster) if params.verify_endpoints else None
        return get_service.run(cluster, params, deployment=deployment, say=self.say)


class BackupReleaseOperator(StepOperator):
    """Save a release in the archive."""

    def __init__(self, *, plan: Plan, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.plan = plan

    def act(self, context: Any) -> Value:
        """Return what was saved and where, without the objects."""
        params = BackupRelease.model_validate(self.step.arguments)
        saved = backup_release.run(client.connect(self.step.connection), params, say=self.say)
        return archiving.keep(self.plan, saved, at=datetime.now(UTC))
