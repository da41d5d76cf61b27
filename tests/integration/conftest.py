"""One real Airflow with the sandbox beside it for the whole test session.

Tests that ask for `stack` carry the marker `airflow`. The users: `admin`, `approver` and
`requester` may start runs and answer approvals, `viewer` may only look.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from opsbot.doors.demo.stack import Stack, running_stack

USERS = {"admin": "admin", "approver": "user", "requester": "user", "viewer": "viewer"}


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A whole OPS Bot on the sandbox's success scenario."""
    state: Path = tmp_path_factory.mktemp("stack")
    with running_stack(state, scenario="success", users=USERS) as running:
        yield running
