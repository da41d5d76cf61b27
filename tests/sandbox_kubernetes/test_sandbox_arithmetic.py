"""The sums of rolling updates, spelled amounts, and expanded variables."""

import pytest

from opsbot.sandbox.kubernetes import canonical, patching, schema
from opsbot.sandbox.kubernetes.controllers import rolling
from opsbot.sandbox.kubernetes.controllers.rolling import Count, Limits
from opsbot.sandbox.kubernetes.node import environment


def test_surge_rounds_up_and_unavailable_down() -> None:
    share = {"maxSurge": "25%", "maxUnavailable": "25%"}

    found = rolling.limits({"replicas": 3, "strategy": {"rollingUpdate": share}})

    assert found == Limits(replicas=3, surge=1, unavailable=0)


def test_growth_stops_at_the_surge() -> None:
    assert rolling.grow(Limits(3, 1, 0), Count("new", 0, 0), [Count("old", 3, 3)]) == 1
    assert rolling.grow(Limits(3, 1, 0), Count("new", 1, 0), [Count("old", 3, 3)]) == 1


def test_healthy_old_pods_stay_until_new_ones_are_available() -> None:
    waiting = rolling.shrink(Limits(3, 1, 0), Count("new", 1, 0), [Count("old", 3, 3)])
    ready = rolling.shrink(Limits(3, 1, 0), Count("new", 1, 1), [Count("old", 3, 3)])

    assert (waiting, ready) == ({}, {"old": 2})


def test_unhealthy_old_pods_go_first_so_a_stuck_rollout_can_be_undone() -> None:
    found = rolling.shrink(Limits(3, 1, 0), Count("good", 3, 3), [Count("broken", 1, 0)])

    assert found == {"broken": 0}


def test_a_changed_number_is_shared_in_the_middle_of_a_rollout() -> None:
    found = rolling.spread(Limits(10, 2, 0), [Count("old", 4, 4), Count("new", 2, 0)])

    assert found == {"old": 8, "new": 4}


@pytest.mark.parametrize(
    ("given", "spelled"),
    [("1000m", "1"), ("1024Mi", "1Gi"), ("0.5", "500m"), ("1.5Gi", "1536Mi"), (2, "2")],
)
def test_amounts_are_spelled_canonically(given: object, spelled: str) -> None:
    assert canonical.quantity(given) == spelled


def test_variables_expand_once() -> None:
    assert environment.expand("$(A) $$(A) $(B)", {"A": "$(B)"}) == "$(B) $(A) $(B)"


def test_a_strategic_merge_keeps_what_it_does_not_name() -> None:
    pod = {"containers": [{"name": "a", "image": "1", "env": [{"name": "X", "value": "1"}]}]}
    change = {"containers": [{"name": "a", "env": [{"name": "X", "$patch": "delete"}]}]}

    merged = patching.strategic_merge(schema.struct("PodSpec"), pod, change)

    assert merged == {"containers": [{"name": "a", "image": "1", "env": []}]}
