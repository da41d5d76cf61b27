"""Settings of the whole test session, and which tests keep to one process.

The tests run in a few processes side by side: most of them wait, for pods, back-offs and builds,
and two cores are enough for their waiting. What shares something slow to start (an Airflow, a
cluster) stays together.
"""

import os
import tempfile
from pathlib import Path

import pytest

os.environ["AIRFLOW_HOME"] = tempfile.mkdtemp(prefix="opsbot-tests-")
os.environ["AIRFLOW__CORE__LOAD_EXAMPLES"] = "False"

TESTS = Path(__file__).parent
TOGETHER = ("integration", "sandbox_kubernetes")
"""Folders whose tests share one server."""
ALONE = ("test_default_airflow.py", "test_killed_workers.py", "test_scenarios.py")
"""Files in those folders that start a server of their own."""
BY_TARGET = ("contract",)
"""Folders whose tests share one server for each of their targets."""


def pytest_itemcollected(item: pytest.Item) -> None:
    """Keep together what shares a server; every other file may go to any process."""
    item.add_marker(pytest.mark.xdist_group(_group(item)))


def _group(item: pytest.Item) -> str:
    path = item.path.relative_to(TESTS)
    folder = path.parts[0]
    if folder in TOGETHER and path.name not in ALONE:
        return folder
    if folder in BY_TARGET:
        target = getattr(item, "callspec", None)
        return f"{folder}-{target.params.get('target') if target else ''}"
    return str(path)
