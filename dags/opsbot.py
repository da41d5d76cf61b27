"""Loader of OPS Bot's Airflow DAGs: the front door `opsbot` and one DAG for each plan.

The plan bundle copies this file beside the plans of a version. Anywhere else it defines nothing,
so that no DAG id stands in two bundles.
"""

from pathlib import Path

from opsbot.doors.airflow import loading

globals().update(loading.load(Path(__file__).parent))
