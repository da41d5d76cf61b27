"""A pattern changes one release once, where somebody asked for a change, with guards that fit."""

from typing import Any

import pytest

from opsbot.capabilities import catalog
from opsbot.capabilities.capability import Capability
from opsbot.capabilities.catalog import Catalog
from opsbot.planning import planner
from opsbot.planning.pattern import Pattern, PatternStep
from opsbot.vocabulary.errors import PlanningError
from opsbot.vocabulary.model import Span, Value
from opsbot.vocabulary.organisation import EnvironmentPolicy, Policies
from opsbot.vocabulary.words import Action, Guard, Risk, ServerKind
from tests.makers import AT, an_intent, an_organisation
from tests.planning.test_checks import shipped


class Note(Value):
    """What to write on a Deployment."""

    text: str


NOTING = Capability(
    server=ServerKind.KUBERNETES,
    name="note_deployment",
    params=Note,
    risk=Risk.LOW,
    duration=Span(min=0, max=5),
    changes=True,
    undo="takes the note away",
    summary="Note",
    what_it_does="Writes a note",
)


class WithNoting(Catalog):
    """The native tools and one that somebody added."""

    def __init__(self) -> None:
        super().__init__((each.server, each.name) for each in catalog.native())

    def find(self, server: ServerKind, name: str) -> Capability | None:
        return NOTING if name == NOTING.name else super().find(server, name)


def plan_of(pattern: Pattern, action: Action = Action.RESTART, **more: Any) -> Any:
    policies = Policies(environments={"production": EnvironmentPolicy()})
    return planner.make_plan(
        an_intent(action=action),
        more.get("tools", catalog.native()),
        (pattern,),
        an_organisation(policies=policies),
        at=AT,
    )


def with_guards(pattern: Pattern, *guards: Guard) -> Pattern:
    return pattern.model_copy(update={"guards": guards})


def restarting(serves: str) -> Pattern:
    """Return what looks, with the step that restarts."""
    looks, restarts = shipped(serves), shipped("restart")
    change = next(each for each in restarts.steps if each.tool == "restart_deployment")
    return looks.model_copy(update={"steps": (change, *looks.steps), "guards": restarts.guards})


@pytest.mark.parametrize("action", [Action.STATUS, Action.DIAGNOSE])
def test_who_asked_to_look_gets_no_change(action: Action) -> None:
    with pytest.raises(PlanningError, match="changes no environment, but its step"):
        plan_of(restarting(action.value), action)


def test_a_cluster_is_changed_once() -> None:
    pattern = shipped("restart")
    first = next(each for each in pattern.steps if each.tool == "restart_deployment")
    again = first.model_copy(update={"id": "again", "depends_on": (first.id,)})

    with pytest.raises(PlanningError, match="twice, by 'restart' and 'again'"):
        plan_of(pattern.model_copy(update={"steps": (*pattern.steps, again)}))


def test_a_change_that_is_no_change_of_a_release_has_no_road() -> None:
    pattern = shipped("restart")
    step = PatternStep(
        id="note",
        title="Note",
        server=ServerKind.KUBERNETES,
        tool="note_deployment",
        arguments={"text": "hello"},
    )
    tools = WithNoting()

    with pytest.raises(PlanningError, match="'note': note_deployment changes a cluster, but not"):
        plan_of(pattern.model_copy(update={"steps": (step, *pattern.steps)}), tools=tools)


@pytest.mark.parametrize(
    ("guards", "words"),
    [
        ((Guard.REPORT,), "lacks the guard 'succeeded'"),
        ((Guard.SUCCEEDED, Guard.ROLLBACK), "Add 'verify_rollback', or remove both"),
        ((Guard.SUCCEEDED, Guard.VERIFY_ROLLBACK), "Add 'rollback', or remove both"),
    ],
)
def test_guards_go_together(guards: tuple[Guard, ...], words: str) -> None:
    with pytest.raises(PlanningError, match=words):
        plan_of(with_guards(shipped("restart"), *guards))


def test_guards_of_a_change_need_a_change() -> None:
    pattern = with_guards(shipped("status"), Guard.PREVIEW, Guard.BACKUP, Guard.SUCCEEDED)

    with pytest.raises(PlanningError, match="its guards backup, preview have nothing to guard"):
        plan_of(pattern, Action.STATUS)
