import pytest

from opsbot.orchestration import ticket as tickets
from opsbot.vocabulary.errors import Refused
from tests.makers import a_plan


def a_ticket(**changes):
    return tickets.of(a_plan(plan_id="plan_1", **changes), 7, ("build", "deploy"))


def a_conf(**changes):
    ticket = a_ticket()
    return {**tickets.conf_of("plan_1", ticket.fingerprint, 7, "run-1"), **changes}


def test_the_run_made_for_the_plan_passes():
    tickets.check(a_ticket(), "plan_1", a_conf())


def test_s21_a_run_with_an_old_plans_conf_is_refused():
    with pytest.raises(Refused, match="made for plan 'plan_0'"):
        tickets.check(a_ticket(), "plan_1", a_conf(plan_id="plan_0", sequence=6))


def test_s21_a_plan_edited_after_publishing_is_refused():
    with pytest.raises(Refused, match="was changed after it was published"):
        tickets.check(a_ticket(), "plan_1", a_conf(fingerprint="0" * 64))


def test_s21_a_run_started_by_hand_is_refused():
    with pytest.raises(Refused, match="not started by the front door"):
        tickets.check(a_ticket(), "manual__2026-01-20", a_conf())


def test_a_run_without_conf_is_refused():
    with pytest.raises(Refused, match="made for plan None"):
        tickets.check(a_ticket(), "manual__2026-01-20", {})


def test_a_graph_of_another_plan_is_refused():
    with pytest.raises(Refused, match=r"tasks of another plan .*restart"):
        tickets.check_shape(a_ticket(), frozenset({"build", "restart"}))
