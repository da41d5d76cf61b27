"""The laws that every DAG of a plan keeps, whatever the plan."""

import subprocess
import sys
from pathlib import Path

import pytest

from opsbot.orchestration import plan_dag
from opsbot.vocabulary.words import Action
from tests.makers import a_plan, an_intent

ROOT = Path(__file__).parents[2]
CHANGES = {"deploy"}
APPROVAL_GUARDS = {"preview", "approval", "backup"}


def dag_of(plan):
    return plan_dag.build(plan, 7, "opsbot__my-application__production")


def shape(dag):
    """Return what must not change by accident: kinds, order, rules, retries."""
    return {
        task.task_id: {
            "operator": type(task).__name__,
            "upstream": sorted(task.upstream_task_ids),
            "trigger_rule": str(task.trigger_rule.value),
            "retries": task.retries,
        }
        for task in dag.tasks
    }


def ancestors(dag, task_id):
    return dag.get_task(task_id).get_flat_relative_ids(upstream=True)


def test_the_shape_of_a_production_deployment(snapshot):
    assert shape(dag_of(a_plan())) == snapshot


def test_every_dag_serialises():
    from airflow.serialization.serialized_objects import DagSerialization

    stored = DagSerialization.to_dict(dag_of(a_plan()))

    assert stored["dag"]["dag_id"] == "opsbot__my-application__production"


def test_the_gate_stands_before_every_change():
    dag = dag_of(a_plan())

    for task in ("build_image", *CHANGES):
        assert {"gate", "quality_scan", "security_scan"} <= ancestors(dag, task)


def test_approval_preview_and_backup_stand_before_the_deploy():
    assert ancestors(dag_of(a_plan()), "deploy") >= APPROVAL_GUARDS


def test_nothing_but_the_approval_leads_to_the_deploy():
    dag = dag_of(a_plan())

    assert dag.get_task("deploy").upstream_task_ids == {"backup"}
    assert dag.get_task("backup").upstream_task_ids == {"approval"}
    assert dag.get_task("approval").upstream_task_ids == {"preview"}


def test_a_failed_run_cannot_end_as_success():
    """Airflow takes a run's state from its leaves, and `notify` succeeds on failure too."""
    dag = dag_of(a_plan())

    assert "succeeded" in {task.task_id for task in dag.tasks}
    assert ancestors(dag, "succeeded") >= {step.id for step in a_plan().steps}
    assert dag.get_task("succeeded").operator_name == "SucceededOperator"
    assert dag.get_task("notify").upstream_task_ids == {"monitor", "verify_rollback"}
    assert dag.get_task("succeeded").downstream_task_ids == set()


@pytest.mark.parametrize("action", Action)
def test_every_plan_ends_with_a_report_that_decides_nothing(action):
    """A report succeeds on failure too and may fail itself, so it must be no leaf."""
    parameters = {"replicas": 3} if action is Action.SCALE else {}
    plan = a_plan(intent=an_intent(action=action, parameters=parameters))
    dag = dag_of(plan)
    report = dag.get_task("report")

    assert report.trigger_rule == "all_done"
    assert report.downstream_task_ids == {"succeeded"}
    assert ancestors(dag, "report") >= {step.id for step in plan.steps}
    assert "verify_rollback" in ancestors(dag, "report") or "rollback" not in dag.task_dict


def test_each_failure_after_the_deploy_leads_to_the_rollback():
    dag = dag_of(a_plan())
    rollback = dag.get_task("rollback")

    assert rollback.upstream_task_ids == {"deploy", "verify_pods", "check_health", "monitor"}
    for task_id in rollback.upstream_task_ids:
        assert dag.get_task(task_id).on_failure_callback


def test_an_approval_is_asked_once():
    dag = dag_of(a_plan())

    assert dag.get_task("approval").retries == 0


def test_every_task_says_why_it_is_there():
    dag = dag_of(a_plan())

    for step in a_plan().steps:
        assert a_plan().fingerprint[:16] in dag.get_task(step.id).doc_md
    assert dag.doc_md
    assert dag.tags >= {"opsbot", "plan:7"}
    assert dag.owner == "opsbot"


def test_nothing_a_person_typed_is_a_template():
    """Arguments hold what people typed; only fields that the code writes are rendered."""
    for task in dag_of(a_plan()).tasks:
        assert not set(task.template_fields) & {"step", "plan", "ticket", "arguments"}


def test_the_plans_own_dag_is_built_twice_alike():
    assert shape(dag_of(a_plan())) == shape(dag_of(a_plan()))


PLUGIN_PROBE = """
import sys, json
before = {name: id(module) for name, module in sys.modules.items()}
import colorsys, types, logging, http, statistics
known = {name: sys.modules[name].__file__ for name in ("colorsys", "types", "logging", "http")}
from airflow.plugins_manager import _get_plugins
plugins, errors = _get_plugins()
now = {name: sys.modules[name].__file__ for name in known}
names = [plugin.name for plugin in plugins]
stems = [name for name in sys.modules if name in ("plan", "planner", "client", "words", "model")]
print(json.dumps({"same": known == now, "errors": errors, "names": names, "stems": stems}))
"""


@pytest.fixture(scope="module")
def plugin_folder(tmp_path_factory):
    """Load the plugin folder in a process of its own, as Airflow does, and report."""
    import json
    import os

    environment = {
        **os.environ,
        "AIRFLOW_HOME": str(tmp_path_factory.mktemp("airflow")),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    }
    run = subprocess.run(
        [sys.executable, "-c", PLUGIN_PROBE], env=environment, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr[-3000:]
    return json.loads(run.stdout.splitlines()[-1])


def test_the_plugin_folder_leaves_the_standard_library_alone(plugin_folder):
    assert plugin_folder["same"]
    assert plugin_folder["stems"] == []


def test_the_plugin_is_registered_once_without_errors(plugin_folder):
    assert plugin_folder["errors"] == {}
    assert plugin_folder["names"].count("opsbot") == 1


ENVIRONMENTS = ["production", "staging", "development"]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_gate_waits_for_both_scans_whatever_the_policy_demands(environment):
    dag = dag_of(a_plan(intent=an_intent(environment=environment)))

    assert dag.get_task("gate").upstream_task_ids == {"quality_scan", "security_scan"}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_change_in_every_environment_stands_behind_backup_and_before_rollback(environment):
    dag = dag_of(a_plan(intent=an_intent(environment=environment)))

    assert {"gate", "preview", "backup"} <= ancestors(dag, "deploy")
    assert "deploy" in dag.get_task("rollback").upstream_task_ids
    assert ("approval" in dag.task_dict) == (environment == "production")
