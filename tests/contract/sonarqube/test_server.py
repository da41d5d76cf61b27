"""The server itself: its projects, and how it is."""

from opsbot.capabilities.sonarqube.get_server_health import GetServerHealth
from opsbot.capabilities.sonarqube.list_projects import ListProjects
from opsbot.integrations.sonarqube import get_server_health, list_projects
from opsbot.integrations.sonarqube.client import SonarClient
from opsbot.vocabulary.progress import silent
from tests.contract.sonarqube.stage import Scanned, Stage


def test_projects_are_listed_analysed_or_not(
    client: SonarClient, clean: Scanned, never: str
) -> None:
    found = list_projects.run(client, ListProjects(limit=1000), say=silent)

    listed = {each.key: each for each in found.projects}
    assert listed[clean.key].analysed_at
    assert listed[never].analysed_at is None
    assert listed[never].visibility == "public"
    assert found.total == len(found.projects) + found.left_off


def test_projects_beyond_the_limit_are_counted(
    client: SonarClient, clean: Scanned, never: str
) -> None:
    found = list_projects.run(client, ListProjects(limit=1), say=silent)

    assert len(found.projects) == 1
    assert found.left_off == found.total - 1 > 0


def test_projects_are_chosen_by_their_gate(
    client: SonarClient, clean: Scanned, faulty: Scanned, never: str
) -> None:
    failed = list_projects.run(client, ListProjects(quality_gate="ERROR"), say=silent)
    passed = list_projects.run(client, ListProjects(quality_gate="OK"), say=silent)

    assert faulty.key in {each.key for each in failed.projects}
    assert clean.key not in {each.key for each in failed.projects}
    assert clean.key in {each.key for each in passed.projects}
    assert never not in {each.key for each in (*failed.projects, *passed.projects)}


def test_a_server_is_up_and_healthy(client: SonarClient) -> None:
    found = get_server_health.run(client, GetServerHealth(), say=silent)

    assert (found.status, found.token, found.health, found.causes) == ("UP", "valid", "GREEN", ())
    assert found.version.startswith(("10.", "20"))


def test_health_that_only_administrators_may_see_is_not_measured(analyst: SonarClient) -> None:
    found = get_server_health.run(analyst, GetServerHealth(), say=silent)

    assert (found.status, found.token, found.health) == ("UP", "valid", "not_measured")


def test_a_token_that_the_server_does_not_know_is_invalid(stage: Stage) -> None:
    stranger = stage.client("squ_0123456789abcdef")

    found = get_server_health.run(stranger, GetServerHealth(), say=silent)

    assert (found.status, found.token, found.health) == ("UP", "invalid", "not_measured")
