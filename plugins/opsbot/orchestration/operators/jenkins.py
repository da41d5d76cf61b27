"""Jenkins steps: the build, and the tests with their analysis.

The provider's JenkinsJobTriggerOperator starts a second build when it is retried, follows no
cancelled queue item, stops at a result that is set while the build still runs, and has no
on_kill. So these steps are operators of their own on the provider's hook. A key made of the run
and the task finds a build again after a retry or a killed worker, instead of starting another.
"""

import hashlib
from typing import Any

from opsbot.capabilities.jenkins.run_tests import RunTests
from opsbot.capabilities.jenkins.trigger_build import TriggerBuild
from opsbot.integrations.jenkins import client, run_tests, stopping, trigger_build
from opsbot.integrations.jenkins.handle import Handle
from opsbot.orchestration.links import JenkinsBuildLink
from opsbot.orchestration.operators.step_operator import StepOperator
from opsbot.planning.plan import Plan
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value


class JenkinsStepOperator(StepOperator):
    """A step that is one Jenkins build; killing the task stops the build."""

    operator_extra_links = (JenkinsBuildLink(),)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._handle: Handle | None = None

    def on_kill(self) -> None:
        """Stop what was started, and say what is really so."""
        if self._handle is not None:
            stopping.stop(client.connect(self.step.connection), self._handle, self.say)

    def _started(self, handle: Handle) -> None:
        self._handle = handle

    @staticmethod
    def _key(context: Any) -> str:
        """Name this run's build, the same in each retry."""
        ti = context["ti"]
        return hashlib.sha256(f"{ti.dag_id}/{ti.run_id}/{ti.task_id}".encode()).hexdigest()[:32]


class TriggerBuildOperator(JenkinsStepOperator):
    """Build the application."""

    def act(self, context: Any) -> Value:
        """Build, and return the number, the artifacts and the archive of the sources."""
        return trigger_build.run(
            client.connect(self.step.connection),
            TriggerBuild.model_validate(self.step.arguments),
            key=self._key(context),
            say=self.say,
            started=self._started,
        )


class RunTestsOperator(JenkinsStepOperator):
    """Test the application; too little coverage or an unproven test run fails the step.

    Where the plan goes on from an image that is there already, the commit it was made from is
    tested, whatever a tag or branch of that name says now.
    """

    template_fields = ("found",)

    def __init__(self, *, plan: Plan, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.finder = plan.made_by("get_image_metadata")
        self.found: Any = None
        if self.finder:
            self.found = f"{{{{ ti.xcom_pull(task_ids='{self.finder.id}') }}}}"

    @property
    def wanted(self) -> RunTests:
        """What to test."""
        params = RunTests.model_validate(self.step.arguments)
        if self.finder is None:
            return params
        revision = (self.found or {}).get("revision")
        if not revision:
            raise StepFailed(
                "The image does not say from which commit it was made (label "
                "org.opencontainers.image.revision), so what it holds cannot be tested. Deploy "
                "the version instead; that builds a new image."
            )
        return params.model_copy(update={"branch": str(revision)})

    def act(self, context: Any) -> Value:
        """Test, and return the counts, the coverage and the analysis that was started."""
        return run_tests.run(
            client.connect(self.step.connection),
            self.wanted,
            key=self._key(context),
            say=self.say,
            started=self._started,
        )
