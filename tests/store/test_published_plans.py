from opsbot.store import plans
from tests.fakes import FakeVariables
from tests.makers import a_plan


def test_a_plan_is_stored_under_the_next_number():
    variables = FakeVariables()

    first = plans.publish(variables, a_plan(plan_id="plan_deploy_production_1"), "run-1")
    second = plans.publish(variables, a_plan(plan_id="plan_deploy_production_2"), "run-2")

    assert (first.sequence, second.sequence) == (1, 2)
    assert plans.read_plan(variables, 2).plan_id == "plan_deploy_production_2"


def test_a_retried_request_gets_its_plan_back():
    variables = FakeVariables()
    first = plans.publish(variables, a_plan(plan_id="plan_deploy_production_1"), "run-1")

    again = plans.publish(variables, a_plan(plan_id="plan_deploy_production_9"), "run-1")

    assert again == first
    assert plans.read_index(variables).sequence == 1


def test_two_plans_of_one_second_get_two_ids():
    variables = FakeVariables()
    same = a_plan(plan_id="plan_deploy_production_1")

    first = plans.publish(variables, same, "run-1")
    second = plans.publish(variables, same, "run-2")

    assert first.plan_id == "plan_deploy_production_1"
    assert second.plan_id == "plan_deploy_production_1_2"
    assert plans.read_plan(variables, 2).plan_id == second.plan_id


def test_a_version_shows_each_dags_newest_plan_up_to_it():
    variables = FakeVariables()
    for number in (1, 2, 3):
        plans.publish(variables, a_plan(plan_id=f"plan_{number}"), f"run-{number}")

    index = plans.read_index(variables)

    assert [entry.plan_id for entry in index.current(2)] == ["plan_2"]
    assert [entry.plan_id for entry in index.current()] == ["plan_3"]


def test_old_plans_are_removed_with_their_variables(monkeypatch):
    monkeypatch.setattr(plans, "KEPT_PLANS", 2)
    variables = FakeVariables()

    for number in (1, 2, 3):
        plans.publish(variables, a_plan(plan_id=f"plan_{number}"), f"run-{number}")

    assert plans.plan_key(1) not in variables.values
    assert [e.plan_id for e in plans.read_index(variables).entries] == ["plan_2", "plan_3"]


def test_the_moment_a_dag_was_seen_is_remembered():
    variables = FakeVariables()
    entry = plans.publish(variables, a_plan(), "run-1")

    plans.mark_visible(variables, entry, 12.5)

    assert plans.read_index(variables).entries[0].visible_at == 12.5
