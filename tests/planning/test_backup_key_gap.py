from typing import Any

import pytest

from opsbot.capabilities import catalog
from opsbot.planning import gaps, planner
from opsbot.planning.plan import Plan
from opsbot.vocabulary.organisation import Connections, Environment, Organisation
from opsbot.vocabulary.words import Action
from tests.makers import AT, an_application, an_intent, an_organisation, manifests, the_patterns

NEEDED = {
    "opsbot_jenkins", "opsbot_sonarqube", "opsbot_docker", "opsbot_kubernetes", "opsbot_slack"
}  # fmt: skip


def with_secret(kind: str) -> tuple[dict[str, Any], ...]:
    deployment, service = manifests()
    if kind == "own":
        return deployment, service, {"kind": "Secret", "metadata": {"name": "database"}}
    container = deployment["spec"]["template"]["spec"]["containers"][0]
    container["envFrom"] = [{"secretRef": {"name": "database"}}]
    return deployment, service


def organisation(*objects: dict[str, Any], **changes: Any) -> Organisation:
    application = an_application()
    workload = application.workload.model_copy(update={"manifests": objects or manifests()})
    application = application.model_copy(update={"workload": workload})
    return an_organisation(applications=(application,), **changes)


def plan(found: Organisation, *more: str, **intent: Any) -> Plan:
    airflow = gaps.Airflow(connections=frozenset({*NEEDED, *more}), fernet_key=True)
    asked = an_intent(**intent)
    return planner.make_plan(asked, catalog.native(), the_patterns(), found, at=AT, airflow=airflow)


@pytest.mark.parametrize("kind", ["own", "referred to"])
@pytest.mark.parametrize("action", [Action.DEPLOY, Action.RESTART, Action.ROLLBACK])
def test_s20_a_release_with_secrets_and_no_key_is_a_plan_with_a_gap(
    kind: str, action: Action
) -> None:
    found = plan(organisation(*with_secret(kind)), action=action)

    assert [(each.id, each.kind) for each in found.missing_connections] == [
        ("opsbot_backup", "fernet")
    ]
    assert "airflow connections add opsbot_backup --conn-type fernet" in (
        found.missing_connections[0].how_to_add
    )
    assert not found.publishable


def test_a_release_without_secrets_needs_no_key() -> None:
    assert plan(organisation()).publishable


def test_a_key_that_is_there_is_no_gap() -> None:
    assert plan(organisation(*with_secret("own")), "opsbot_backup").publishable


def test_a_plan_that_changes_nothing_needs_no_key() -> None:
    assert plan(organisation(*with_secret("own")), action=Action.STATUS).publishable


def test_an_environment_may_have_a_key_of_its_own() -> None:
    connections = Connections(backup="keys_berlin")
    production = Environment(
        name="production", namespace="production", tag_suffix="prod", connections=connections
    )
    rest = an_organisation().environments[1:]

    found = plan(organisation(*with_secret("own"), environments=(production, *rest)))

    assert [each.id for each in found.missing_connections] == ["keys_berlin"]
    assert found.backup_connection == "keys_berlin"
