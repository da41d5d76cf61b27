"""The front door says in words why it started nothing, where the organisation is not in order."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.integration import road

pytestmark = pytest.mark.airflow


@pytest.fixture
def edit(stack) -> Iterator[Callable[[str, str, str], None]]:
    """Replace a text in a file of the running organisation; put it back afterwards."""
    before: dict[Path, str] = {}

    def replace(name: str, right: str, wrong: str) -> None:
        path = stack.state / "include" / name
        text = before.setdefault(path, path.read_text(encoding="utf-8"))
        assert right in text
        path.write_text(text.replace(right, wrong, 1), encoding="utf-8")

    yield replace
    for path, text in before.items():
        path.write_text(text, encoding="utf-8")


def front_door_error(stack, answer) -> str:
    asked = {"dag_id": road.FRONT_DOOR, "run_id": answer["front_door"]}
    return road.error_of(stack.api, asked, "plan")


def test_a_plan_with_gaps_starts_nothing_and_says_how_to_close_them(stack, edit):
    edit(
        "environments.yaml",
        "namespace: development",
        "namespace: development\n    connections: {jenkins: no_jenkins, slack: no_slack}",
    )

    answer = road.ask(stack.api, "deploy my-application to development")

    assert answer["outcome"] == "plan"
    assert "run_id" not in answer
    assert [each["id"] for each in answer["plan"]["missing_connections"]] == [
        "no_jenkins",
        "no_slack",
    ]
    lines = answer["reason"].splitlines()
    assert any(line.startswith("airflow connections add no_jenkins ") for line in lines)
    assert any(line.startswith("airflow connections add no_slack ") for line in lines)
    assert front_door_error(stack, answer) == answer["reason"]


def test_a_broken_configuration_is_an_answer_with_file_line_and_remedy(stack, edit):
    edit("policies.yaml", "highest_risk: high", "highest_risk: huge")

    answer = road.ask(stack.api)

    assert answer["outcome"] == "error"
    assert "policies.yaml:" in answer["reason"]
    assert "Write one of" in answer["reason"]
    assert front_door_error(stack, answer) == answer["reason"]


def test_an_environment_without_a_policy_is_deployed_to_by_nobody(stack, edit):
    edit(
        "environments.yaml",
        "environments:\n",
        "environments:\n  - {name: laboratory, namespace: laboratory, tag_suffix: lab}\n",
    )

    answer = road.ask(stack.api, "deploy my-application to laboratory")

    assert answer["outcome"] == "error"
    assert "'laboratory' has no policy" in answer["reason"]


def test_the_same_wish_twice_in_a_moment_is_one_run(stack):
    runs = [
        stack.api.trigger(road.FRONT_DOOR, {"command": "deploy my-application to production"})
        for _ in range(2)
    ]
    for run in runs:
        road.ended(stack.api, road.FRONT_DOOR, run.dag_run_id)

    first, second = (
        stack.api.xcom(road.FRONT_DOOR, run.dag_run_id, "plan", "answer") for run in runs
    )
    assert first["run_id"] == second["run_id"]
    road.approve(stack.api, first, "Reject")
    assert road.ended(stack.api, first["dag_id"], first["run_id"]).state == "failed"
