"""The front door says in words why it started nothing, where the organisation is not in order."""

import pytest

from tests.integration import road

pytestmark = [pytest.mark.airflow, pytest.mark.timeout(600)]


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
