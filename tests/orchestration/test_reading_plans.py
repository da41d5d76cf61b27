"""Plans that only read: every look stands alone, and none begins a way back."""

from datetime import UTC, datetime
from typing import Any

import pytest

from opsbot.integrations.kubernetes import objects
from opsbot.integrations.kubernetes.backup import Backup
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.orchestration import archiving, changes, plan_dag
from opsbot.orchestration.operators import kubernetes
from opsbot.vocabulary.errors import Refused
from opsbot.vocabulary.model import Span
from opsbot.vocabulary.words import Action, Risk, ServerKind
from tests.makers import a_plan, an_intent

READING = [Action.STATUS, Action.DIAGNOSE]
DEPLOYMENT = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "my-application", "namespace": "production"},
    "spec": {"replicas": 2, "template": {"spec": {"containers": [{"env": ["secret-value"]}]}}},
}
SAVED = Backup(
    deployment="my-application",
    namespace="production",
    objects=(DEPLOYMENT,),
    hashes={"Deployment 'my-application'": objects.spec_sha256(DEPLOYMENT)},
    template_hash="5c9f",
    target="ReplicaSet my-application-5c9f",
)


class NothingThere(Cluster):
    """A cluster in which nothing runs."""

    def __init__(self) -> None:
        self.name = "empty"

    def find(self, kind: str, namespace: str, name: str) -> None:
        return None


class Messages:
    """What a task leaves for others."""

    def __init__(self) -> None:
        self.left: dict[str, Any] = {}

    def xcom_push(self, key: str, value: Any) -> None:
        self.left[key] = value


def steps_of(action: Action) -> dict[str, dict[str, Any]]:
    """Return what must not change by accident: who looks, after whom, and what a failure does."""
    plan = a_plan(intent=an_intent(action=action))
    dag = plan_dag.build(plan, 7, "opsbot__my-application__production")
    return {
        step.id: {
            "operator": type(dag.get_task(step.id)).__name__,
            "upstream": sorted(dag.get_task(step.id).upstream_task_ids),
            "tool": step.tool,
        }
        for step in plan.steps
    }


@pytest.mark.parametrize("action", READING)
def test_the_looks_of_a_question(action, snapshot):
    assert steps_of(action) == snapshot


@pytest.mark.parametrize("action", READING)
def test_a_question_has_no_task_that_changes_or_restores(action):
    dag = plan_dag.build(a_plan(intent=an_intent(action=action)), 7, "opsbot__x")

    assert not {"preview", "approval", "backup", "rollback"} & set(dag.task_dict)


def restoring(backup: str) -> Any:
    """Make a plan whose one change restores a release."""
    restart = a_plan(intent=an_intent(action=Action.RESTART))
    step = restart.step("restart").model_copy(
        update={
            "id": "restore",
            "capability": "restore_release",
            "tool": "restore_release",
            "arguments": {
                "deployment_name": "my-application",
                "namespace": "production",
                "container": "app",
                "backup": backup,
            },
        }
    )
    return restart.model_copy(update={"steps": (step,)})


def test_a_restore_is_a_change_that_applies_exactly_what_was_saved():
    at = datetime(2025, 1, 20, tzinfo=UTC)
    kept = archiving.keep(restoring("none yet"), SAVED, at=at)
    plan = restoring(kept.archive)

    wanted = changes.wanted(NothingThere(), plan, None)

    assert wanted.forced
    assert wanted.deployment["spec"] == DEPLOYMENT["spec"]
    assert wanted.deployment["metadata"]["annotations"] == {"opsbot/plan-id": plan.plan_id}


def test_a_rollback_to_a_backup_restores_it():
    at = datetime(2025, 1, 20, tzinfo=UTC)
    kept = archiving.keep(restoring("none yet"), SAVED, at=at)
    intent = an_intent(action=Action.ROLLBACK, parameters={"backup": kept.archive})
    plan = a_plan(intent=intent)

    wanted = changes.wanted(NothingThere(), plan, None)

    assert (wanted.forced, wanted.exact) == (True, True)
    assert wanted.deployment["spec"] == DEPLOYMENT["spec"]


def test_a_backup_that_is_not_in_the_archive_is_not_restored():
    with pytest.raises(Refused, match="There is no backup my-application/production/2025"):
        changes.wanted(NothingThere(), restoring("20250120T101723Z_plan_restart_1"), None)


def test_s20_a_backup_of_another_environment_is_not_restored():
    with pytest.raises(Refused, match="is of 'my-application' in 'staging', and this plan"):
        changes.wanted(
            NothingThere(), restoring("my-application/staging/20250120T101723Z_plan_1"), None
        )


def test_what_was_saved_leaves_its_task_for_the_archive_alone(monkeypatch, backup_folder):
    monkeypatch.setattr(kubernetes.client, "connect", lambda connection: NothingThere())
    monkeypatch.setattr(kubernetes.backup_release, "run", lambda *_, **__: SAVED)
    status = a_plan(intent=an_intent(action=Action.STATUS))
    step = status.step("deployment").model_copy(
        update={
            "server": ServerKind.KUBERNETES,
            "capability": "backup_release",
            "tool": "backup_release",
            "risk": Risk.LOW,
            "duration": Span(min=0, max=1),
        }
    )
    plan = status.model_copy(update={"steps": (step,)})
    task = plan_dag.build(plan, 7, "opsbot__x").get_task("deployment")
    left = Messages()

    output = task.act({"ti": left})

    assert isinstance(task, kubernetes.BackupReleaseOperator)
    assert output.objects == ("Deployment 'my-application'",)
    assert "secret-value" not in output.model_dump_json() + str(left.left)
    assert archiving.recall(plan, output.model_dump(mode="json")) == SAVED
    (file,) = backup_folder.glob("my-application/production/*.json")
    assert "secret-value" not in file.read_text()
