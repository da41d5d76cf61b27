"""From the plans in a bundle's folder to their DAGs.

Airflow's DAG processor wants every DAG, a worker only that of its task. No clock, no network and
no database here; the same folder gives the same DAGs.
"""

import json
from pathlib import Path

from airflow.sdk import DAG

from opsbot.orchestration import plan_dag
from opsbot.planning.plan import Plan
from opsbot.store.bundle import PLANS_FOLDER


def build_dags(folder: Path, wanted: str | None = None) -> dict[str, DAG]:
    """Return the plans' DAGs of a bundle folder by id, or only the one that is wanted."""
    files = sorted((folder / PLANS_FOLDER).glob("*.json"))
    return {path.stem: _read(path) for path in files if wanted in (None, path.stem)}


def _read(path: Path) -> DAG:
    stored = json.loads(path.read_text(encoding="utf-8"))
    return plan_dag.build(Plan.model_validate(stored["plan"]), stored["sequence"], path.stem)
