"""The use case behind `opsbot setup sonarqube`: SonarQube as the organisation describes it.

Every application names its project and the gate that judges it. Both must be there before the
first scan, and to make them takes more rights than OPS Bot has in its runs: an administrator does
it once, and again after an application was added.
"""

from opsbot.integrations.sonarqube import gate_setup, project_setup
from opsbot.integrations.sonarqube.client import SonarClient
from opsbot.vocabulary.errors import Refused
from opsbot.vocabulary.organisation import Organisation
from opsbot.vocabulary.progress import Say


def provide(client: SonarClient, organisation: Organisation, say: Say) -> tuple[str, ...]:
    """Make what is missing of gates and projects; return what gates lack that were there."""
    if client.get("authentication/validate").get("valid") is not True:
        raise Refused(
            "SonarQube does not know this token (wrong, expired or revoked). Make a user token of "
            "an administrator there."
        )
    coverage = coverage_demanded(organisation)
    lacking: list[str] = []
    for gate, keys in projects_by_gate(organisation).items():
        words = gate_setup.provide(client, gate, coverage, say)
        lacking += [f"{gate}: {each}" for each in words]
        for key in keys:
            project_setup.provide(client, key, gate, say)
    return tuple(lacking)


def projects_by_gate(organisation: Organisation) -> dict[str, tuple[str, ...]]:
    """Return the keys of the projects that each gate judges."""
    found: dict[str, tuple[str, ...]] = {}
    for each in organisation.applications:
        known = found.get(each.sonarqube.quality_gate, ())
        found[each.sonarqube.quality_gate] = (*known, each.sonarqube.project_key)
    return found


def coverage_demanded(organisation: Organisation) -> int:
    """Return the highest coverage that an environment demands: what passes there, passes all."""
    rules = organisation.policies.environments.values()
    return max((each.coverage_required for each in rules), default=0)
