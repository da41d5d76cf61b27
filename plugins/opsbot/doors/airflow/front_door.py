"""The front-door DAG `opsbot`: a command comes in, the plan's run goes out.

`plan` interprets the command, makes and publishes the plan and waits until Airflow has its DAG;
`start` starts the plan's run. All doors (trigger form, REST, webhook) lead through this DAG, and
one run at a time goes through it: between publishing a plan and starting its run no other plan
may take its DAG's place.
"""

from typing import Any

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import DAG, Param, get_parsing_context

from opsbot.doors.airflow.plan_operator import PlanOperator

DAG_ID = "opsbot"

DOCUMENTATION = """
Say what you want done, for example

- Deploy the code to Kubernetes production
- deploy branch release/3.1 of web-frontend to staging with 2 replicas

OPS Bot answers with a plan, a question or a refusal: see the XCom `answer` of the task `plan`.
A plan's run starts by itself and asks for approval where the environment's policy demands it.
"""


def build_dags() -> dict[str, DAG]:
    """Return the front-door DAG by its id, unless Airflow is loading another DAG's task."""
    return {DAG_ID: build()} if get_parsing_context().dag_id in (None, DAG_ID) else {}


def build() -> DAG:
    """Return the front-door DAG."""
    with DAG(
        dag_id=DAG_ID,
        dag_display_name="OPS Bot",
        description="Say what you want done; OPS Bot plans it and asks before it acts.",
        doc_md=DOCUMENTATION,
        schedule=None,
        catchup=False,
        is_paused_upon_creation=False,
        max_active_runs=1,
        params={"command": _command()},
        tags=["opsbot"],
        default_args={"owner": "opsbot"},
    ) as dag:
        plan = PlanOperator(task_id="plan", command="{{ params.command }}")
        plan.set_downstream(
            TriggerDagRunOperator(
                task_id="start",
                trigger_dag_id="{{ ti.xcom_pull(task_ids='plan')['dag_id'] }}",
                trigger_run_id="{{ ti.xcom_pull(task_ids='plan')['run_id'] }}",
                conf=_conf(),
                logical_date=None,
                skip_when_already_exists=True,
                retries=2,
            )
        )
    return dag


def _command() -> Any:
    return Param(
        "",
        type="string",
        title="Command",
        description="For example: Deploy the code to Kubernetes production",
    )


def _conf() -> Any:
    """Return the template of the run's conf: JSON text, which the operator reads."""
    return "{{ ti.xcom_pull(task_ids='plan', key='conf') }}"
