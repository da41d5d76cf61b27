"""From the plans in a bundle's folder to their DAGs.

Airflow's DAG processor wants every DAG, a worker only that of its task. No clock, no network and
no database here; the same folder gives the same DAGs. A plan that cannot be read takes away no
other DAG: in its place stands one whose only task says what is wrong.
"""

import json
from pathlib import Path
from typing import Any

from airflow.sdk import DAG, BaseOperator
from airflow.sdk.exceptions import AirflowFailException
from pydantic import ValidationError

from opsbot.orchestration import plan_dag
from opsbot.planning.plan import Plan
from opsbot.store.bundle import PLANS_FOLDER
from opsbot.vocabulary.errors import OpsBotError


def build_dags(folder: Path, wanted: str | None = None) -> dict[str, DAG]:
    """Return the plans' DAGs of a bundle folder by id, or only the one that is wanted."""
    files = sorted((folder / PLANS_FOLDER).glob("*.json"))
    return {path.stem: _build(path) for path in files if wanted in (None, path.stem)}


class UnreadablePlanOperator(BaseOperator):
    """Stands where a plan should be, and fails with the reason why it is not there."""

    def __init__(self, *, reason: str, **kwargs: Any) -> None:
        super().__init__(task_id="unreadable_plan", retries=0, **kwargs)
        self.reason = reason

    def execute(self, context: Any) -> None:
        """Fail with the reason."""
        raise AirflowFailException(self.reason)


def _build(path: Path) -> DAG:
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        plan = Plan.model_validate(stored["plan"])
        return plan_dag.build(plan, stored["sequence"], path.stem)
    except (OpsBotError, ValidationError, ValueError, KeyError, TypeError) as error:
        return _unreadable(path.stem, error)


def _unreadable(dag_id: str, error: Exception) -> DAG:
    """Return a DAG that does nothing but say why it can do nothing."""
    reason = (
        f"The stored plan of {dag_id!r} cannot be carried out ({_words(error)}): it was edited, or "
        "made by another version of OPS Bot. Nothing was changed; ask for a new plan."
    )
    with DAG(
        dag_id,
        schedule=None,
        catchup=False,
        is_paused_upon_creation=False,  # the readable plan after it would be refused as paused
        tags=["opsbot", "unreadable"],
    ) as dag:
        UnreadablePlanOperator(reason=reason)
    return dag


def _words(error: Exception) -> str:
    """Quote our own words; those of others may quote the plan."""
    return str(error) if isinstance(error, OpsBotError) else type(error).__name__
