"""An Airflow without OPS Bot's settings: slower, and as correct."""

import pytest

from opsbot.doors.demo.stack import running_stack
from tests.integration import road

pytestmark = [pytest.mark.airflow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def default_stack(tmp_path_factory):
    with running_stack(tmp_path_factory.mktemp("default"), tuned=False) as running:
        yield running


def test_two_plans_of_one_application_within_a_moment_both_run_as_planned(default_stack):
    """Airflow stores a DAG's graph once in 30 s, but its version and tags at once."""
    api = default_stack.api
    first = road.ask(api)
    second = road.ask(api, "What is the status of my-application in production?")
    runs = [api.run(answer["dag_id"], answer["run_id"]) for answer in (first, second)]
    versions = {v.bundle_version: v.version_number for v in api.dag_versions(first["dag_id"])}

    assert [run.bundle_version for run in runs] == ["1", "2"]
    assert versions == {"1": 1, "2": 2}
    road.approve(api, first)
    for answer in (first, second):
        run = road.ended(api, answer["dag_id"], answer["run_id"], 240)
        assert run.state == "success", road.failures(api, answer)
