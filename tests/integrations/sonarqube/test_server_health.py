"""How a SonarQube is, as far as the connection's user may know."""

import pytest

from opsbot.capabilities.sonarqube.get_server_health import GetServerHealth
from opsbot.integrations.sonarqube import get_server_health
from opsbot.vocabulary.progress import silent


def health_of(client):
    return get_server_health.run(client, GetServerHealth(), say=silent)


def test_a_server_that_starts_is_asked_nothing_else(sonarqube, connected):
    sonarqube.says("system/status", {"status": "STARTING", "version": "10.7.0.96327"})

    found = health_of(connected(sonarqube))

    assert (found.status, found.token, found.health) == ("STARTING", "not_measured", "not_measured")
    assert [each.path for each in sonarqube.asked] == ["/api/system/status"]


@pytest.mark.parametrize("cause", [{"message": "Search is RED"}, "Search is RED"])
def test_a_sick_server_says_why(sonarqube, connected, cause):
    up(sonarqube)
    sonarqube.says("system/health", {"health": "RED", "causes": [cause]})

    found = health_of(connected(sonarqube))

    assert (found.health, found.causes) == ("RED", ("Search is RED",))


def test_a_user_without_rights_learns_no_health(sonarqube, connected):
    up(sonarqube)
    sonarqube.recorded("system/health", "system-health-403")

    found = health_of(connected(sonarqube))

    assert (found.token, found.health) == ("valid", "not_measured")


def up(sonarqube):
    sonarqube.says("system/status", {"status": "UP", "version": "10.7.0.96327"})
    sonarqube.says("authentication/validate", {"valid": True})
