"""Twenty commands on all applications that are shipped, each run to its end on a real Airflow.

They are of the kinds of which two hundred are held to the laws of their DAGs, with versions and
branches that the sandbox has. One after the other in each application, for a rollback needs what
was deployed before it; the applications side by side.
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import kubernetes
import pytest

from opsbot.planning.plan import Plan
from opsbot.vocabulary.words import CHANGING_ACTIONS
from tests.integration import road

pytestmark = [pytest.mark.airflow, pytest.mark.slow, pytest.mark.timeout(900)]

COMMANDS = {
    "my-application": (
        "Deploy my-application 0.9.5 to staging",
        "Deploy my-application to staging with 3 replicas",
        "Roll back my-application in staging",
        "Promote my-application from staging to development",
        "Diagnose my-application in development",
    ),
    "payments-api": (
        "Deploy payments-api to staging",
        "Promote payments-api from staging to production",
        "Scale payments-api in production to 3 replicas",
        "Restart payments-api in production",
        "What is the status of payments-api in production?",
    ),
    "web-frontend": (
        "Build branch main of web-frontend",
        "Deploy branch main of web-frontend to development with 1 replica",
        "Scale web-frontend in development to 2 replicas",
        "Restart web-frontend in development",
        "What is the status of web-frontend in development?",
    ),
    "search-indexer": (
        "Run the tests of search-indexer",
        "Scan search-indexer",
        "Deploy search-indexer 0.9.5 to production",
        "Deploy search-indexer to production",
        "Roll back search-indexer in production to version 0.9.5",
    ),
}
SECONDS = 300
"""The longest a run may take while three others run; usually it is twenty."""


def carried_out(api, command, one_by_one):
    """Give a command, approve where that is asked, and return the answer at the run's end."""
    with one_by_one:
        answer = road.ask(api, command, SECONDS)
    assert answer["outcome"] == "plan", (command, answer)
    if answer["plan"]["approval"]["required"]:
        road.approve(api, answer)
    run = road.ended(api, answer["dag_id"], answer["run_id"], SECONDS)
    return {**answer, "state": run.state, "command": command}


@pytest.fixture(scope="module")
def walked(stack):
    """Every answer, in the order of the commands."""

    # Airflow on SQLite may answer 500 to triggers of one DAG at the same moment.
    one_by_one = threading.Lock()

    def walk(commands):
        with closing(stack.api_as("admin")) as api:
            return [carried_out(api, command, one_by_one) for command in commands]

    with ThreadPoolExecutor(len(COMMANDS)) as lanes:
        return [each for lane in lanes.map(walk, COMMANDS.values()) for each in lane]


def test_every_run_ends_well(stack, walked):
    assert len(walked) == 20
    failed = {a["command"]: road.failures(stack.api, a) for a in walked if a["state"] != "success"}
    assert failed == {}


def test_every_step_and_guard_ran_and_none_was_rolled_back(stack, walked):
    way_back = {"rollback", "verify_rollback"}
    for answer in walked:
        plan = Plan.model_validate(answer["plan"])
        states = road.states(stack.api, answer)

        wanted = {*(s.id for s in plan.steps), *(g.value for g in plan.guards)} - way_back
        assert {each: states[each] for each in wanted} == dict.fromkeys(wanted, "success")
        assert {states[each] for each in way_back & set(states)} <= {"skipped"}


def test_production_was_asked_about_and_nothing_else_was(stack, walked):
    for answer in walked:
        plan = Plan.model_validate(answer["plan"])
        asks = plan.intent.action in CHANGING_ACTIONS and plan.intent.environment == "production"

        assert ("approval" in road.states(stack.api, answer)) == asks, answer["command"]


def test_what_runs_in_the_end_is_what_the_last_change_said(stack, walked):
    client = kubernetes.config.new_client_from_config(stack.systems.kubernetes.kubeconfig)
    apps = kubernetes.client.AppsV1Api(client)
    last = {}
    for answer in walked:
        plan = Plan.model_validate(answer["plan"])
        if plan.change is not None:
            place = (plan.intent.application, plan.intent.environment)
            last[place] = road.output(stack.api, answer, plan.change.id)

    assert len(last) >= 5
    for (application, environment), output in last.items():
        live = apps.read_namespaced_deployment(application, environment)
        assert live.spec.template.spec.containers[0].image == output["image"]
        assert live.status.ready_replicas == output["ready"] == live.spec.replicas
