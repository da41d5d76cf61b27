"""Loader of OPS Bot's Airflow DAGs: the front door `opsbot` and one DAG for each plan.

The plan bundle copies this file beside the plans of a version. Anywhere else it defines nothing,
so that no DAG id stands in two bundles.
"""

from pathlib import Path

from opsbot.doors.airflow import front_door
from opsbot.orchestration import factory

FOLDER = Path(__file__).parent

if factory.is_bundle(FOLDER):
    globals().update(front_door.build_dags() | factory.build_dags(FOLDER))
