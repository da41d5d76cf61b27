"""Which backups the archive keeps, seen from the changes that may still need them."""

from datetime import UTC, datetime, timedelta

import pytest

from opsbot.integrations.kubernetes import objects
from opsbot.integrations.kubernetes.backup import Backup
from opsbot.integrations.kubernetes.wanted import Wanted
from opsbot.orchestration import archiving, record, seal
from opsbot.orchestration.record import Record, State
from opsbot.store.plans import Entry, Index, change_key
from opsbot.vocabulary.organisation import EnvironmentPolicy, Policies
from opsbot.vocabulary.words import Action
from tests.makers import a_plan

NOW = datetime(2025, 6, 1, tzinfo=UTC)
DEPLOYMENT = {
    "kind": "Deployment",
    "metadata": {"name": "my-application", "namespace": "production"},
    "spec": {"replicas": 1},
}
SAVED = Backup(
    deployment="my-application",
    namespace="production",
    objects=(DEPLOYMENT,),
    hashes={"Deployment 'my-application'": objects.spec_sha256(DEPLOYMENT)},
    template_hash="5c9f",
    target="ReplicaSet my-application-5c9f",
)


def policies(kept=1, days=30, environment="production"):
    policy = EnvironmentPolicy(backups_kept=kept, backups_max_days=days)
    return Policies(environments={environment: policy})


def keep(plan_id, days_old):
    plan = a_plan(plan_id=plan_id)
    return archiving.keep(plan, SAVED, at=NOW - timedelta(days=days_old))


def purged(found=None):
    said = []
    archiving.purge(found or policies(), now=NOW, say=said.append)
    return said


def left():
    return [each.plan_id for each in archiving.archive().names()]


def remember(monkeypatch, plan_id, change):
    """Give Airflow a published plan and the record of its change."""
    entry = Entry(
        sequence=3,
        dag_id="opsbot__my-application__production",
        plan_id=plan_id,
        action=Action.DEPLOY,
        fingerprint="f",
        request="r",
        asked_at=0,
        keep_until=0,
    )
    index = Index(sequence=3, entries=(entry,)).model_dump_json()
    monkeypatch.setenv("AIRFLOW_VAR_OPSBOT_PLANS", index)
    monkeypatch.setenv(f"AIRFLOW_VAR_{change_key(3).upper()}", change)


def a_record(state):
    found = Record(plan_id="plan_2", state=state, wanted=Wanted(manifests=()), backup=SAVED)
    return seal.close(found)


def test_s20_old_backups_are_removed_and_it_is_said():
    first, second, _ = keep("plan_1", 3), keep("plan_2", 2), keep("plan_3", 1)

    said = purged()

    assert left() == ["plan_3"]
    assert said == [f"Removed the old backup {each.archive}" for each in (first, second)]


def test_the_backup_of_an_open_change_stays(monkeypatch):
    keep("plan_2", 40)
    keep("plan_3", 1)
    remember(monkeypatch, "plan_2", a_record(State.BEGUN))

    purged()

    assert left() == ["plan_3", "plan_2"]


@pytest.mark.parametrize("state", [State.SETTLED, State.UNDONE])
def test_the_backup_of_a_change_that_is_over_goes(monkeypatch, state):
    keep("plan_2", 40)
    keep("plan_3", 1)
    remember(monkeypatch, "plan_2", a_record(state))

    purged()

    assert left() == ["plan_3"]


def test_a_record_that_nobody_can_read_counts_as_open(monkeypatch):
    remember(monkeypatch, "plan_2", "edited")

    assert record.is_open("plan_2")
    assert not record.is_open("plan_9")


def test_backups_of_an_environment_without_a_policy_stay():
    keep("plan_1", 400)
    keep("plan_2", 300)

    assert purged(policies(environment="staging")) == []
    assert left() == ["plan_2", "plan_1"]


def test_old_backups_that_cannot_be_removed_stop_no_change(monkeypatch):
    monkeypatch.setenv("AIRFLOW__OPSBOT__BACKUP_FOLDER", "nosuch://place")

    (said,) = purged()

    assert said.startswith("Old backups stay for now: Could not list in the backup folder")
