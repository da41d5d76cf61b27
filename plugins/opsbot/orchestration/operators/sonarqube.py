"""SonarQube steps: the quality gate and the vulnerabilities of this run's own analysis.

There is no SonarQube provider; both steps read the Web API over a hook of the connection type
`sonarqube` and name the analysis task that the test job started, so that neither can be answered
for an older analysis.
"""

from typing import Any

from opsbot.capabilities.sonarqube.analyze_project import AnalyzeProject
from opsbot.capabilities.sonarqube.get_vulnerabilities import GetVulnerabilities
from opsbot.integrations.sonarqube import analyze_project, client, get_vulnerabilities
from opsbot.orchestration.operators.step_operator import StepOperator
from opsbot.planning.plan import Plan, Step
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value


class ScanOperator(StepOperator):
    """A step that judges the analysis the tests started, of the commit that is to be released."""

    template_fields = ("tests", "made")

    def __init__(self, *, plan: Plan, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.tests: Any = _output_of(plan.made_by("run_tests"))
        self.made: Any = _output_of(plan.made_by("trigger_build", "get_image_metadata"))

    @property
    def commit(self) -> str | None:
        """The commit that was built, or that the image was made from; None in a plan of neither."""
        found = self.made or {}
        return found.get("commit") or found.get("revision") or None

    @property
    def analysis_task(self) -> str:
        """The id of the analysis task, as SonarQube's scanner was told it."""
        analysis = (self.tests or {}).get("analysis")
        if not analysis:
            raise StepFailed(
                f"Step {self.step.id!r} has no analysis to judge: the test job archived no "
                "report-task.txt. Let the job run the SonarQube scanner and archive that file."
            )
        return str(analysis["task_id"])


def _output_of(step: Step | None) -> str | None:
    return f"{{{{ ti.xcom_pull(task_ids='{step.id}') }}}}" if step else None


class AnalyzeProjectOperator(ScanOperator):
    """Wait for the analysis and judge its quality gate."""

    def act(self, context: Any) -> Value:
        """Return the analysis, its gate and its counts; a gate that is not OK fails the step."""
        return analyze_project.run(
            client.connect(self.step.connection),
            AnalyzeProject.model_validate(self.step.arguments),
            task_id=self.analysis_task,
            commit=self.commit,
            say=self.say,
        )


class GetVulnerabilitiesOperator(ScanOperator):
    """Judge the vulnerabilities of the analysis."""

    def act(self, context: Any) -> Value:
        """Return the counts by severity; a blocking one fails the step."""
        return get_vulnerabilities.run(
            client.connect(self.step.connection),
            GetVulnerabilities.model_validate(self.step.arguments),
            task_id=self.analysis_task,
            commit=self.commit,
            say=self.say,
        )
