"""A stored plan that cannot be carried out says so, and stands in nobody's way."""

import json

from opsbot.orchestration import factory
from tests.makers import a_plan


def stored(folder, name, plan):
    (folder / "plans").mkdir(exist_ok=True)
    path = folder / "plans" / f"opsbot__{name}__production.json"
    path.write_text(json.dumps({"sequence": 1, "plan": plan}))


def test_an_unreadable_plan_does_not_pause_the_dag_of_the_next_one(tmp_path):
    stored(tmp_path, "a", 7)

    (dag,) = factory.build_dags(tmp_path).values()

    assert [each.task_id for each in dag.tasks] == ["unreadable_plan"]
    assert dag.is_paused_upon_creation is False


def test_a_plan_whose_guards_have_nothing_to_guard_takes_no_other_dag_away(tmp_path):
    whole = a_plan()
    stored(tmp_path, "whole", whole.model_dump(mode="json"))
    stored(
        tmp_path,
        "odd",
        whole.model_copy(update={"steps": whole.before_change}).model_dump(mode="json"),
    )

    dags = factory.build_dags(tmp_path)

    assert len(dags["opsbot__whole__production"].tasks) > 10
    (task,) = dags["opsbot__odd__production"].tasks
    assert "no step that changes a release" in task.reason
