"""Which DAGs a bundle's folder holds.

Airflow runs the loader for every task it starts, so only what is wanted is imported: the front
door needs no operator of the ten steps, and the steps need no planner.
"""

from pathlib import Path

from airflow.sdk import DAG, get_parsing_context

FRONT_DOOR = "opsbot"


def load(folder: Path) -> dict[str, DAG]:
    """Return the DAGs that are wanted of a folder; an ordinary DAGs folder has none."""
    from opsbot.store.bundle import MARKER

    if not (folder / MARKER).exists():
        return {}
    wanted = get_parsing_context().dag_id
    dags: dict[str, DAG] = {}
    if wanted in (None, FRONT_DOOR):
        from opsbot.doors.airflow import front_door

        dags[FRONT_DOOR] = front_door.build(FRONT_DOOR)
    if wanted != FRONT_DOOR:
        from opsbot.orchestration import factory

        dags |= factory.build_dags(folder, wanted)
    return dags
