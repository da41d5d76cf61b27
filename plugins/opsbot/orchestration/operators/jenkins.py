"""Jenkins steps: the build, and the tests with their analysis.

The provider's JenkinsJobTriggerOperator starts a second build when it is retried, follows no
cancelled queue item, stops at a result that is set while the build still runs, and has no
on_kill. So these steps are operators of their own on the provider's hook. A key made of the run
and the task finds a build again after a retry or a killed worker, instead of starting another.
For a job that takes no key, Airflow's task state store remembers what was triggered.
"""

import hashlib
from typing import Any

from opsbot.capabilities.jenkins.run_tests import RunTests
from opsbot.capabilities.jenkins.trigger_build import TriggerBuild
from opsbot.integrations.docker import names
from opsbot.integrations.jenkins import client, run_tests, trigger, trigger_build
from opsbot.integrations.jenkins.attempt import Attempt
from opsbot.orchestration.links import JenkinsBuildLink
from opsbot.orchestration.operators.step_operator import StepOperator
from opsbot.planning.plan import Plan
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value

STATE_KEY = "jenkins_attempt"


class TaskMemory:
    """An attempt in the task's state store, which a retry finds as it was left."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self.last = Attempt()
        """What this process wrote last; the store is not asked while a task is being killed."""

    def read(self) -> Attempt:
        """Return what this or an earlier try has written."""
        found = self._store.get(STATE_KEY)
        self.last = Attempt.model_validate(found) if found else Attempt()
        return self.last

    def write(self, attempt: Attempt) -> None:
        """Write down."""
        self.last = attempt
        self._store.set(STATE_KEY, attempt.model_dump(mode="json"))


class JenkinsStepOperator(StepOperator):
    """A step that is one Jenkins build; killing the task stops the build."""

    operator_extra_links = (JenkinsBuildLink(),)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._memory: TaskMemory | None = None
        self._key = ""

    def act(self, context: Any) -> Value:
        """Build, with a key and a memory that are the same in each try of this run's task."""
        ti = context["ti"]
        named = f"{ti.dag_id}/{ti.run_id}/{ti.task_id}"
        self._key = hashlib.sha256(named.encode()).hexdigest()[:32]
        self._memory = TaskMemory(context["task_state_store"])
        return self.build(self._key, self._memory)

    def build(self, key: str, memory: TaskMemory) -> Value:
        """Trigger, follow and judge the build."""
        raise NotImplementedError

    def on_kill(self) -> None:
        """Stop what was started, and say what is really so."""
        if self._memory is not None:
            server = client.connect(self.step.connection)
            job = str(self.step.arguments["job_name"])
            trigger.abandon(server, job, self._key, self._memory.last, self.say)


class TriggerBuildOperator(JenkinsStepOperator):
    """Build the application."""

    def build(self, key: str, memory: TaskMemory) -> Value:
        """Build, and return the number, the artifacts and the archive of the sources."""
        return trigger_build.run(
            client.connect(self.step.connection),
            TriggerBuild.model_validate(self.step.arguments),
            key=key,
            memory=memory,
            say=self.say,
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
        revision = str((self.found or {}).get("revision") or "")
        if not names.COMMIT.fullmatch(revision):
            raise StepFailed(
                f"The image does not say from which commit it was made (label {names.REVISION}: "
                f"{revision!r}), so what it holds cannot be tested. Deploy the version instead; "
                "that builds a new image."
            )
        return params.model_copy(update={"branch": revision})

    def build(self, key: str, memory: TaskMemory) -> Value:
        """Test, and return the counts, the coverage and the analysis that was started."""
        return run_tests.run(
            client.connect(self.step.connection),
            self.wanted,
            key=key,
            memory=memory,
            say=self.say,
        )
