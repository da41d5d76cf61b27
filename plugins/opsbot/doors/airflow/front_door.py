"""The front-door DAG `opsbot`: a command comes in, the plan's run goes out.

Its one task interprets the command, makes and publishes the plan, waits until Airflow has the
plan's DAG and triggers its run. All doors (trigger form, REST, webhook) lead through this DAG, and
one planning task at a time runs in it: between publishing a plan and starting its run no other
plan may take its DAG's place.
"""

from typing import Any

from airflow.sdk import DAG, Param

from opsbot.doors.airflow.plan_operator import PlanOperator

DOCUMENTATION = """
Say what you want done, for example

- Deploy the code to Kubernetes production
- deploy branch release/3.1 of web-frontend to staging with 2 replicas

OPS Bot answers with a plan, a question or a refusal: see the XCom `answer` of the task `plan`.
A plan's run starts by itself and asks for approval where the environment's policy demands it.
"""


def build(dag_id: str) -> DAG:
    """Return the front-door DAG."""
    with DAG(
        dag_id=dag_id,
        dag_display_name="OPS Bot",
        description="Say what you want done; OPS Bot plans it and asks before it acts.",
        doc_md=DOCUMENTATION,
        schedule=None,
        catchup=False,
        is_paused_upon_creation=False,
        params={"command": _command()},
        tags=["opsbot"],
        default_args={"owner": "opsbot"},
    ) as dag:
        PlanOperator(task_id="plan", command="{{ params.command }}", max_active_tis_per_dag=1)
    return dag


def _command() -> Any:
    return Param(
        "",
        type="string",
        title="Command",
        description="For example: Deploy the code to Kubernetes production",
    )
