"""List a project's security hotspots, the most probable vulnerability first."""

from typing import Any, Literal

from opsbot.capabilities.sonarqube.get_security_hotspots import GetSecurityHotspots
from opsbot.integrations.sonarqube import findings, measures, pages, project
from opsbot.integrations.sonarqube.client import SonarClient
from opsbot.integrations.sonarqube.project import Reading
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say

PROBABILITIES = ("HIGH", "MEDIUM", "LOW")


class Hotspot(Value):
    """A place that a person has to judge."""

    rule: str
    category: str
    """SonarQube's word for the subject: `auth`, `weak-cryptography`."""
    probability: str
    """How likely it is a vulnerability: HIGH, MEDIUM, LOW."""
    resolution: str | None
    """What the reviewer said: FIXED, SAFE, ACKNOWLEDGED; None before."""
    file: str
    line: int | None
    message: str


class Hotspots(Reading):
    """The hotspots of a project that are to review, or are reviewed."""

    status: Literal["TO_REVIEW", "REVIEWED"]
    total: int
    by_probability: dict[str, int]
    reviewed_percent: float | None
    """Of all hotspots; None where there is none."""
    hotspots: tuple[Hotspot, ...]
    left_off: int
    """Further ones, beyond the limit."""


def run(client: SonarClient, params: GetSecurityHotspots, *, say: Say) -> Hotspots:
    """Return the hotspots; `StepFailed` where the project was never analysed."""
    found = project.analysed(client, params, say)
    listed, total = pages.listed(
        client,
        "hotspots/search",
        "hotspots",
        pages.MOST,
        project=found.project_key,
        status=params.status,
        **found.scope,
    )
    _require_asked(listed, total, params)
    values = measures.of_project(client, found, ("security_hotspots_reviewed",))
    project.require_unchanged(client, found)
    hotspots = sorted((_hotspot(each) for each in listed), key=_rank)
    say(f"{found.project_key} has {total} hotspots {params.status.lower().replace('_', ' ')}.")
    return Hotspots(
        **found.model_dump(),
        status=params.status,
        total=total,
        by_probability={
            name: sum(each.probability == name for each in hotspots) for name in PROBABILITIES
        },
        reviewed_percent=measures.number(values, "security_hotspots_reviewed"),
        hotspots=tuple(hotspots[: params.limit]),
        left_off=max(0, total - params.limit),
    )


def _require_asked(listed: list[dict[str, Any]], total: int, params: GetSecurityHotspots) -> None:
    if len(listed) != total:
        raise StepFailed(
            f"SonarQube lists {len(listed)} of {total} hotspots of {params.project_key}: they "
            "cannot be counted."
        )
    asked = (params.project_key, params.status)
    if any((each.get("project"), each.get("status")) != asked for each in listed):
        raise StepFailed(
            "This SonarQube ignored what it was asked for (project, status of hotspots)."
        )


def _hotspot(found: dict[str, Any]) -> Hotspot:
    return Hotspot(
        rule=findings.words(found.get("ruleKey")),
        category=findings.words(found.get("securityCategory")),
        probability=findings.words(found.get("vulnerabilityProbability")),
        resolution=found.get("resolution"),
        **findings.place(found),
    )


def _rank(found: Hotspot) -> int:
    # A word that nobody knows comes first: it may be worse than HIGH.
    return PROBABILITIES.index(found.probability) if found.probability in PROBABILITIES else -1
