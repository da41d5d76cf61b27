"""A stored plan that cannot be read says so, and stands in nobody's way."""

from opsbot.orchestration import factory


def test_an_unreadable_plan_does_not_pause_the_dag_of_the_next_one(tmp_path):
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "opsbot__a__production.json").write_text('{"sequence": 1, "plan": 7}')

    (dag,) = factory.build_dags(tmp_path).values()

    assert [each.task_id for each in dag.tasks] == ["unreadable_plan"]
    assert dag.is_paused_upon_creation is False
