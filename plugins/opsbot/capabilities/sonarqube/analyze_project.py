"""Wait for the analysis that the test job uploaded, and judge its quality gate.

No SonarQube API starts an analysis: a scanner beside the sources does. The gate is read by the
analysis' own id, because asking by project may answer for an older one.
"""

from opsbot.capabilities.capability import Capability
from opsbot.capabilities.sonarqube.project_names import Branch, ProjectKey
from opsbot.vocabulary.model import Span, Value
from opsbot.vocabulary.words import Compliance, Risk, ServerKind


class AnalyzeProject(Value):
    """Which project's analysis to judge, and by which gate."""

    project_key: ProjectKey
    branch: Branch
    quality_gate: str


CAPABILITY = Capability(
    server=ServerKind.SONARQUBE,
    name="analyze_project",
    params=AnalyzeProject,
    risk=Risk.MEDIUM,
    duration=Span(min=120, max=240),
    changes=False,
    undo="nothing to undo: an analysis is a record",
    proves=(Compliance.QUALITY_GATE_PASSED,),
    summary="Run code analysis",
    what_it_does=(
        "Analyzes code quality, detects code smells, measures technical debt, checks quality gate"
    ),
)
