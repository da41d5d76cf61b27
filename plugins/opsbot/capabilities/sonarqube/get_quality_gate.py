"""Read a project's quality gate as it stands: passed, failed, or not measured.

A project that was never analysed, a gate none of whose conditions has a value, and a newest report
that SonarQube could not analyse are "not measured", never a pass.
"""

from opsbot.capabilities.capability import NOTHING_TO_UNDO, Capability
from opsbot.capabilities.sonarqube.project_names import OfProject
from opsbot.vocabulary.model import Span
from opsbot.vocabulary.words import Risk, ServerKind


class GetQualityGate(OfProject):
    """Whose gate."""


CAPABILITY = Capability(
    server=ServerKind.SONARQUBE,
    name="get_quality_gate",
    params=GetQualityGate,
    risk=Risk.LOW,
    duration=Span(min=0, max=30),
    changes=False,
    undo=NOTHING_TO_UNDO,
    summary="Read the quality gate",
    what_it_does="Reads whether a project's quality gate is passed, and each of its conditions",
)
