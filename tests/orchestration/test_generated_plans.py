"""Two hundred commands, each made into a plan and that into a DAG, as Airflow reads and keeps it.

The commands are every action on every application that is shipped, in every environment, with
every kind of parameter. Airflow's own DagBag imports all their DAGs from one bundle folder, and
its own serialiser stores each of them and reads it back; the laws are held by what it read back.
"""

import functools
import json
import shutil
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from opsbot.doors import answer
from opsbot.planning.plan import Plan
from opsbot.store import plans
from opsbot.store.bundle import LOADER, MARKER, PLANS_FOLDER
from opsbot.vocabulary.words import CHANGING_ACTIONS, Action
from tests.makers import AT

ROOT = Path(__file__).parents[2]
APPLICATIONS = ("my-application", "payments-api", "web-frontend", "search-indexer")
ENVIRONMENTS = ("production", "staging", "development")
COMMIT = "4f2a9c1d4f2a9c1d4f2a9c1d4f2a9c1d4f2a9c1d"

Parameters = dict[str, str | int]
IN_AN_ENVIRONMENT: tuple[tuple[Action, str, Parameters], ...] = (
    (Action.DEPLOY, "Deploy {app} to {env}", {}),
    (Action.DEPLOY, "Deploy {app} 1.4.2 to {env}", {"version": "1.4.2"}),
    (
        Action.DEPLOY,
        "Deploy branch release/2.1 of {app} to {env} with 5 replicas",
        {"branch": "release/2.1", "replicas": 5},
    ),
    (Action.DEPLOY, f"Deploy commit {COMMIT} of {{app}} to {{env}}", {"commit": COMMIT}),
    (Action.ROLLBACK, "Roll back {app} in {env}", {}),
    (Action.ROLLBACK, "Roll back {app} in {env} to version 1.3.0", {"version": "1.3.0"}),
    (Action.ROLLBACK, "Roll back {app} in {env} to revision 4", {"revision": 4}),
    (Action.RESTART, "Restart {app} in {env}", {}),
    (Action.SCALE, "Scale {app} in {env} to 1 replica", {"replicas": 1}),
    (Action.SCALE, "Scale {app} in {env} to 20 replicas", {"replicas": 20}),
    (Action.PROMOTE, "Promote {app} from {other} to {env}", {"from": "{other}"}),
    (
        Action.PROMOTE,
        "Promote {app} 1.4.2 from {other} to {env}",
        {"version": "1.4.2", "from": "{other}"},
    ),
    (Action.STATUS, "What is the status of {app} in {env}?", {}),
    (Action.DIAGNOSE, "Diagnose {app} in {env}", {}),
)
IN_NONE: tuple[tuple[Action, str, Parameters], ...] = tuple(
    (action, f"{verb} {what}", parameters)
    for action, verb in (
        (Action.BUILD, "Build"),
        (Action.TEST, "Run the tests of"),
        (Action.SCAN, "Scan"),
    )
    for what, parameters in (
        ("{app}", {}),
        ("branch release/2.1 of {app}", {"branch": "release/2.1"}),
        (f"commit {COMMIT} of {{app}}", {"commit": COMMIT}),
    )
)


@dataclass(frozen=True)
class Wish:
    """A command and what it must be understood as."""

    command: str
    action: Action
    application: str
    environment: str | None
    parameters: Parameters


def _wish(template: str, action: Action, application: str, environment: str | None, parameters):
    """Fill one command; a promotion comes from the next environment."""
    at = ENVIRONMENTS.index(environment) if environment else 0
    names = {"app": application, "env": environment, "other": ENVIRONMENTS[(at + 1) % 3]}
    filled = {
        key: each.format(**names) if isinstance(each, str) else each
        for key, each in parameters.items()
    }
    return Wish(template.format(**names), action, application, environment, filled)


WISHES = (
    *(
        _wish(template, action, application, environment, parameters)
        for action, template, parameters in IN_AN_ENVIRONMENT
        for application in APPLICATIONS
        for environment in ENVIRONMENTS
    ),
    *(
        _wish(template, action, application, None, parameters)
        for action, template, parameters in IN_NONE
        for application in APPLICATIONS
    ),
)
EVERY = pytest.mark.parametrize("action", Action)
pytestmark = pytest.mark.xdist_group("generated-plans")
"""All DAGs are made and imported once, in one process."""


def of(action: Action) -> list[int]:
    """Return the numbers of an action's wishes."""
    return [number for number, wish in enumerate(WISHES) if wish.action is action]


@functools.cache
def knowledge() -> answer.Knowledge:
    return answer.load(ROOT / "include")


@functools.cache
def plan_of(number: int) -> Plan:
    plan = answer.consider(WISHES[number].command, knowledge(), at=AT + number)
    assert isinstance(plan, Plan), plan
    return plan


def dag_id_of(number: int) -> str:
    """Return an id of its own for each plan, so that one bundle holds them all."""
    return f"{plans.dag_id_of(plan_of(number))}__{number:03}"


@pytest.fixture(scope="module")
def bag(tmp_path_factory) -> Any:
    """All plans in one bundle folder, imported by Airflow; on a busy machine that takes a while."""
    from airflow.dag_processing.dagbag import BundleDagBag

    folder: Path = tmp_path_factory.mktemp("bundle")
    (folder / PLANS_FOLDER).mkdir()
    (folder / MARKER).write_text("")
    shutil.copy(ROOT / "dags" / LOADER, folder / LOADER)
    for number in range(len(WISHES)):
        stored = {"sequence": number, "plan": plan_of(number).model_dump(mode="json")}
        (folder / PLANS_FOLDER / f"{dag_id_of(number)}.json").write_text(json.dumps(stored))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIRFLOW__CORE__DAGBAG_IMPORT_TIMEOUT", "0")
        return BundleDagBag(dag_folder=folder, bundle_path=folder, bundle_name="opsbot")


@pytest.fixture(scope="module")
def stored(bag) -> Any:
    """Return what Airflow reads back of a DAG that it has serialised to JSON."""
    from airflow.serialization.serialized_objects import DagSerialization

    @functools.cache
    def read_back(number: int) -> Any:
        text = json.dumps(DagSerialization.to_dict(bag.dags[dag_id_of(number)]))
        return DagSerialization.from_dict(json.loads(text))

    return read_back


def before(dag: Any, task_id: str) -> set[str]:
    return set(dag.get_task(task_id).get_flat_relative_ids(upstream=True))


def test_the_commands_cover_all_that_can_be_asked():
    assert len(WISHES) >= 200
    assert len({each.command for each in WISHES}) == len(WISHES)
    assert {each.action for each in WISHES} == set(Action)
    assert {each.application for each in WISHES} == {
        each.name for each in knowledge().organisation.applications
    }
    assert {each.environment for each in WISHES} == {
        None,
        *(each.name for each in knowledge().organisation.environments),
    }


def test_airflow_imports_every_dag_without_an_error(bag):
    assert bag.import_errors == {}
    assert set(bag.dags) == {"opsbot", *(dag_id_of(number) for number in range(len(WISHES)))}


@EVERY
def test_the_plan_is_of_what_the_command_says(action):
    for number in of(action):
        wish, intent = WISHES[number], plan_of(number).intent

        assert (intent.action, intent.application, intent.environment, intent.parameters) == (
            wish.action,
            wish.application,
            wish.environment,
            wish.parameters,
        )
        assert plan_of(number).publishable


@EVERY
def test_airflow_keeps_the_dag_as_it_was_made(bag, stored, action):
    for number in of(action):
        made, kept, plan = bag.dags[dag_id_of(number)], stored(number), plan_of(number)

        assert set(kept.task_dict) == {*(s.id for s in plan.steps), *(g.value for g in plan.guards)}
        for task_id, task in kept.task_dict.items():
            original = made.get_task(task_id)
            assert task.upstream_task_ids == original.upstream_task_ids, WISHES[number].command
            assert (task.trigger_rule, task.retries) == (original.trigger_rule, original.retries)


@EVERY
def test_tests_scans_and_gate_stand_before_every_image_and_every_new_version(stored, action):
    for number in of(action):
        dag, plan = stored(number), plan_of(number)
        made = [s for s in plan.steps if s.tool in {"build_image", "tag_image", "apply_deployment"}]

        assert bool(made) == (action in {Action.DEPLOY, Action.PROMOTE})
        for step in made:
            assert {"test", "quality_scan", "security_scan", "gate"} <= before(dag, step.id)
            assert dag.get_task("gate").upstream_task_ids == {"quality_scan", "security_scan"}
            assert dag.get_task("gate").trigger_rule == "all_success"


@EVERY
def test_a_change_is_one_and_comes_after_preview_approval_and_backup(stored, action):
    for number in of(action):
        dag, plan = stored(number), plan_of(number)
        policy = knowledge().organisation.policies.of(plan.intent.environment)
        asks = action in policy.approval.actions
        changes = [each.id for each in plan.steps if each.changes_cluster]

        assert len(changes) == (action in CHANGING_ACTIONS)
        assert ("approval" in dag.task_dict) == asks == plan.approval.required
        assert asks == (action in CHANGING_ACTIONS and plan.intent.environment == "production")
        chain = ["preview", *(["approval"] if asks else []), "backup", *changes]
        for first, second in pairwise(chain if changes else []):
            assert dag.get_task(second).upstream_task_ids == {first}, WISHES[number].command
            assert dag.get_task(second).trigger_rule == "all_success"


@pytest.mark.parametrize("action", sorted(CHANGING_ACTIONS))
def test_each_failure_from_the_change_on_leads_to_the_rollback(stored, action):
    for number in of(action):
        dag, steps = stored(number), [each.id for each in plan_of(number).steps]
        change = plan_of(number).change

        assert change is not None
        assert dag.get_task("rollback").trigger_rule == "one_failed"
        assert dag.get_task("rollback").upstream_task_ids == {*steps[steps.index(change.id) :]}
        assert dag.get_task("verify_rollback").upstream_task_ids == {"rollback"}


@EVERY
def test_the_end_of_the_run_is_judged_by_one_leaf_behind_all_steps(stored, action):
    for number in of(action):
        dag, plan = stored(number), plan_of(number)
        leaves = {each.task_id for each in dag.tasks if not each.downstream_task_ids}

        assert before(dag, "succeeded") >= {each.id for each in plan.steps}
        assert leaves == {"succeeded", "notify"} & set(dag.task_dict)


@pytest.mark.parametrize("action", sorted(set(Action) - CHANGING_ACTIONS))
def test_a_plan_that_only_reads_asks_nobody_and_changes_nothing(stored, action):
    guards = {"preview", "approval", "backup", "rollback", "verify_rollback", "validation"}
    for number in of(action):
        dag, plan = stored(number), plan_of(number)

        assert not guards & set(dag.task_dict), WISHES[number].command
        assert not any(each.changes_cluster or each.approval for each in plan.steps)


@EVERY
def test_s09_no_text_of_the_command_stands_in_a_template_field(bag, action):
    """Airflow renders template fields; what a person typed must never be one."""
    for number in of(action):
        wish = WISHES[number]
        typed = [wish.command, *(t for t in map(str, wish.parameters.values()) if len(t) > 2)]

        for task in bag.dags[dag_id_of(number)].tasks:
            rendered = json.dumps({name: getattr(task, name) for name in task.template_fields})
            assert not [each for each in typed if each in rendered], (wish.command, task.task_id)
