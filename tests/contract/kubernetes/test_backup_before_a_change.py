"""No change without a backup that can be opened: the guards' own work, on a cluster's objects."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography.fernet import Fernet
from kubernetes import client as kube

from opsbot.configuration import organisation_files
from opsbot.integrations.kubernetes import client, replica_sets
from opsbot.integrations.kubernetes.patience import until
from opsbot.orchestration import archiving, plan_dag, proof
from opsbot.planning.plan import Plan
from opsbot.verification import versions
from opsbot.vocabulary.errors import OpsBotError, Refused, StepFailed
from opsbot.vocabulary.progress import silent
from opsbot.vocabulary.words import Action
from tests.contract.kubernetes.stage import NAME, Stage
from tests.makers import a_plan, an_intent
from tests.orchestration.run_in_airflow import RunInAirflow

PASSWORD = "correct-horse-battery"
ENCODED = "Y29ycmVjdC1ob3JzZS1iYXR0ZXJ5"
ENVIRONMENT = "staging"
TIMEOUT = {"_request_timeout": 30}


@pytest.fixture(scope="module")
def stage(new_stage: Callable[[str], Stage], core: kube.CoreV1Api) -> Stage:
    """A release whose pods want a Secret; none of its pods needs to start here."""
    stage = new_stage("backup")
    secret = {"metadata": {"name": "database"}, "data": {"password": ENCODED}}
    core.create_namespaced_secret(stage.namespace, secret, **TIMEOUT)
    for each in stage.render(stage.images.absent(), replicas=1):
        stage.cluster.apply(_needy(each) if each["kind"] == "Deployment" else each)

    def look() -> tuple[bool | None, str]:
        live = stage.live()
        made = versions.current(live, replica_sets.of_deployment(stage.cluster, live))
        return (True if made else None), "waiting"

    assert until(look, seconds=20, say=silent)[0]
    return stage


def _needy(deployment: dict[str, Any]) -> dict[str, Any]:
    source = {"secretKeyRef": {"name": "database", "key": "password"}}
    container = deployment["spec"]["template"]["spec"]["containers"][0]
    container["env"] = [*container["env"], {"name": "DB_PASSWORD", "valueFrom": source}]
    return deployment


@pytest.fixture
def run(stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunInAirflow]:
    """A run that restarts the release, in an Airflow with a key for backups."""
    from airflow.sdk import crypto

    include = tmp_path / "include"
    shutil.copytree("include", include)
    environments = yaml.safe_load((include / "environments.yaml").read_text())
    for each in environments["environments"]:
        if each["name"] == ENVIRONMENT:
            each["namespace"] = stage.namespace
    (include / "environments.yaml").write_text(yaml.safe_dump(environments))
    monkeypatch.setenv("AIRFLOW__OPSBOT__INCLUDE_FOLDER", str(include))
    monkeypatch.setenv("AIRFLOW__OPSBOT__BACKUP_FOLDER", str(tmp_path / "backups"))
    monkeypatch.setenv("AIRFLOW__CORE__FERNET_KEY", Fernet.generate_key().decode())
    monkeypatch.setattr(client, "connect", lambda connection: stage.cluster)
    crypto.get_fernet.cache_clear()
    give_key(monkeypatch)
    organisation = organisation_files.read_organisation(include)
    intent = an_intent(action=Action.RESTART, environment=ENVIRONMENT)
    plan = a_plan(intent=intent, organisation=organisation)
    monkeypatch.setenv("AIRFLOW_VAR_OPSBOT_PLAN_7", plan.model_dump_json())
    yield RunInAirflow(plan)
    crypto.get_fernet.cache_clear()


def give_key(monkeypatch: pytest.MonkeyPatch) -> None:
    connection = {"conn_type": "fernet", "password": Fernet.generate_key().decode()}
    monkeypatch.setenv("AIRFLOW_CONN_OPSBOT_BACKUP", json.dumps(connection))


def task_of(run: RunInAirflow, id: str) -> Any:
    return plan_dag.build(run.plan, 7, "opsbot__my-application__staging").get_task(id)


def act(run: RunInAirflow, id: str) -> Any:
    """Let a task work as in its run, with what the tasks before it have left."""
    task = task_of(run, id)
    if id == "restart":
        task.saved = run.xcoms.get(("backup", "return_value"))
        task.proofs = {"backup": run.xcoms.get(("backup", proof.KEY))}
        task.evidence = {}
    return task.act(run.context(id))


def back_up(run: RunInAirflow) -> dict[str, Any]:
    output: dict[str, Any] = act(run, "backup").model_dump(mode="json")
    run.leave("backup", output)
    return output


def file_of(plan: Plan, tmp_path: Path) -> Path:
    (found,) = (tmp_path / "backups").glob(f"*/*/*_{plan.plan_id}.json")
    return found


def untouched(stage: Stage) -> str:
    return str(stage.live()["metadata"]["generation"])


def test_s20_nothing_of_a_secret_leaves_the_archive_in_the_clear(
    run: RunInAirflow, stage: Stage, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    run.xcoms.clear()

    shown = act(run, "preview")
    output = back_up(run)

    assert "Secret 'database'" in output["objects"]
    assert (output["verified"], output["sealed_with"]) == (True, "opsbot_backup")
    kept = file_of(run.plan, tmp_path).read_text()
    log = "".join(capfd.readouterr())
    assert "Saved Secret 'database'" in log
    everything = "".join((shown.model_dump_json(), str(run.xcoms), kept, log))
    assert PASSWORD not in everything
    assert ENCODED not in everything
    saved = archiving.recall(run.plan, output)
    assert saved.needed[0]["data"] == {"password": ENCODED}


def test_s20_without_a_key_it_is_said_at_the_preview_and_nothing_is_written(
    run: RunInAirflow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AIRFLOW_CONN_OPSBOT_BACKUP")

    for task in ("preview", "backup"):
        with pytest.raises(Refused, match="A release with Secrets is not changed without a backup"):
            act(run, task)

    assert not (tmp_path / "backups").exists()


def test_an_archive_that_cannot_be_written_is_said_at_the_preview(
    run: RunInAirflow, tmp_path: Path
) -> None:
    (tmp_path / "backups").write_text("no folder")

    with pytest.raises(StepFailed, match=r"Correct \[opsbot\] backup_folder"):
        act(run, "preview")


def cut_off(run: RunInAirflow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = file_of(run.plan, tmp_path)
    file.write_bytes(file.read_bytes()[:-40])


def altered(run: RunInAirflow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = file_of(run.plan, tmp_path)
    stored = json.loads(file.read_text())
    stored["sealed"] = stored["sealed"][:-30] + "A" * 30
    file.write_text(json.dumps(stored))


def removed(run: RunInAirflow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file_of(run.plan, tmp_path).unlink()


def of_another_environment(
    run: RunInAirflow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Put production's backup, which opens with the same key, in the place of staging's."""
    file = file_of(run.plan, tmp_path)
    saved = archiving.recall(run.plan, run.xcoms["backup", "return_value"])
    name = archiving.archive().names()[0].model_copy(update={"environment": "production"})
    archiving.write(name, saved, archiving.keyring_of(run.plan))
    other = tmp_path / "backups" / "my-application" / "production" / file.name
    other.replace(file)


def of_another_moment(run: RunInAirflow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a backup of the same release under the same name, made with the right key."""
    saved = archiving.recall(run.plan, run.xcoms["backup", "return_value"])
    (name,) = archiving.archive().names()
    archiving.archive().delete(name)
    older = saved.model_copy(update={"target": "an older version"})
    archiving.write(name, older, archiving.keyring_of(run.plan))


def another_key(run: RunInAirflow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    give_key(monkeypatch)


def no_key(run: RunInAirflow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AIRFLOW_CONN_OPSBOT_BACKUP")


def forged_output(run: RunInAirflow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Name another file in the output, as whoever may edit XComs can."""
    run.xcoms["backup", "return_value"] |= {"archive": "my-application/staging/20200101T000000Z_x1"}


def no_output(run: RunInAirflow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mark the backup as successful by hand."""
    run.xcoms.clear()


@pytest.mark.parametrize(
    ("attack", "words"),
    [
        (cut_off, "cut off or damaged"),
        (altered, "altered or damaged after it was sealed"),
        (removed, "There is no backup"),
        (of_another_environment, "under another's name"),
        (of_another_moment, "is not the one that this plan has kept"),
        (another_key, "not among the present keys"),
        (no_key, "not among the present keys"),
        (forged_output, "was not written by that step"),
        (no_output, "The backup is not on record"),
    ],
)
def test_s20_a_backup_that_is_not_the_one_that_was_kept_stops_the_change(
    run: RunInAirflow,
    stage: Stage,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    attack: Callable[[RunInAirflow, Path, pytest.MonkeyPatch], None],
    words: str,
) -> None:
    back_up(run)
    before = untouched(stage)
    attack(run, tmp_path, monkeypatch)

    with pytest.raises(OpsBotError, match=words) as caught:
        act(run, "restart")

    assert "Nothing was changed" in str(caught.value)
    assert ENCODED not in str(caught.value)
    assert untouched(stage) == before


def test_s20_old_backups_are_purged_when_a_new_one_is_kept(
    run: RunInAirflow, tmp_path: Path, stage: Stage
) -> None:
    output = back_up(run)
    saved = archiving.recall(run.plan, output)
    (name,) = archiving.archive().names()
    for years in range(1, 5):
        old = name.model_copy(update={"taken_at": name.taken_at.replace(year=2020 + years % 2)})
        old = old.model_copy(update={"plan_id": f"plan_restart_staging_{years}"})
        archiving.write(old, saved, archiving.keyring_of(run.plan))
    archiving.archive().delete(name)

    back_up(run)

    (left,) = archiving.archive().names()
    assert left.plan_id == run.plan.plan_id
    assert stage.live()["metadata"]["name"] == NAME
