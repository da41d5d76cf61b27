"""Read the vulnerabilities that the analysis found and stop on severe ones.

Only what the analyser reports is measured. Known CVEs of dependencies need a scanner of their
own; without one they are "not measured", never zero.
"""

from typing import Literal

from opsbot.capabilities.capability import NOTHING_TO_UNDO, Capability
from opsbot.capabilities.sonarqube.project_names import ProjectKey
from opsbot.vocabulary.model import Span, Value
from opsbot.vocabulary.words import Compliance, Risk, ServerKind


class GetVulnerabilities(Value):
    """Whose vulnerabilities, and which severities block."""

    project_key: ProjectKey
    severity: tuple[Literal["LOW", "MEDIUM", "HIGH", "CRITICAL"], ...]
    block_on_critical: Literal[True] = True


CAPABILITY = Capability(
    server=ServerKind.SONARQUBE,
    name="get_vulnerabilities",
    params=GetVulnerabilities,
    risk=Risk.MEDIUM,
    duration=Span(min=120, max=180),
    changes=False,
    undo=NOTHING_TO_UNDO,
    proves=(Compliance.SECURITY_SCAN_PASSED,),
    summary="Check security vulnerabilities",
    what_it_does="Scans for security vulnerabilities and blocks on severe ones",
)
