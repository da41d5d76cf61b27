"""From a bundle's folder to its DAGs.

Airflow executes the loader in the DAG processor, which wants every DAG, and again for each task
in a worker, which says which DAG it wants: then only that one is built. No clock, no network and
no database here; the same folder gives the same DAGs.
"""

import json
from pathlib import Path

from airflow.sdk import DAG, get_parsing_context

from opsbot.orchestration import plan_dag
from opsbot.planning.plan import Plan
from opsbot.store.bundle import MARKER, PLANS_FOLDER


def is_bundle(folder: Path) -> bool:
    """Tell a folder that the plan bundle laid out from a folder of ordinary DAGs."""
    return (folder / MARKER).exists()


def build_dags(folder: Path) -> dict[str, DAG]:
    """Return the plans' DAGs of a bundle folder by id."""
    only = get_parsing_context().dag_id
    dags = {}
    for path in sorted((folder / PLANS_FOLDER).glob("*.json")):
        if only in (None, path.stem):
            dags[path.stem] = _plan_dag(path)
    return dags


def _plan_dag(path: Path) -> DAG:
    stored = json.loads(path.read_text(encoding="utf-8"))
    return plan_dag.build(Plan.model_validate(stored["plan"]), stored["sequence"], path.stem)
