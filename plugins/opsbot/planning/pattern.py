"""A pattern: the reusable shape of plans for one kind of situation.

The organisation keeps one pattern a file. It names the steps, what each waits for, and the guards
around them; which tool a step uses is a name that the catalog must know. A pattern never decides
about risk or approval: those come from the tools and the policies, so an edited pattern cannot
waive them.
"""

import graphlib
from typing import Any

from pydantic import Field, field_validator

from opsbot.planning import nearness, placeholders
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.words import Action, Criterion, Guard, Priority, ServerKind


class Serves(Value):
    """Which situations a pattern is for."""

    actions: tuple[Action, ...] = Field(min_length=1)
    environments: tuple[str, ...] = ()
    """Names of environments; empty: all."""
    approval: bool | None = None
    """Only where a person must agree (true) or need not (false); unset: both."""

    @property
    def narrowness(self) -> int:
        """How special the pattern is; the most special one that fits is taken."""
        return 2 * bool(self.environments) + (self.approval is not None)

    def competes(self, other: "Serves") -> bool:
        """Tell whether some situation has both as its most special pattern."""
        return (
            self.narrowness == other.narrowness
            and self.approval == other.approval
            and bool(set(self.actions) & set(other.actions))
            and (self.environments == () or bool(set(self.environments) & set(other.environments)))
        )

    def fits(self, action: Action, environment: str | None, approval: bool) -> bool:
        """Tell whether the situation is one of those served."""
        return (
            action in self.actions
            and (not self.environments or environment in self.environments)
            and self.approval in (None, approval)
        )


class McpPin(Value):
    """The tool of an MCP server that is to carry out a step instead of OPS Bot's own."""

    connection: str = Field(pattern=r"^[A-Za-z0-9_.-]{1,250}$")
    """Airflow connection of type `mcp`."""
    tool: str = Field(min_length=1, max_length=128)


class PatternStep(Value):
    """One step: which tool, after which steps, with which arguments."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    server: ServerKind
    tool: str
    depends_on: tuple[str, ...] = ()
    arguments: dict[str, Any] = Field(default_factory=dict)
    mcp: McpPin | None = None
    """What `tool` means is then done by that tool; what it came to is still read natively."""

    @field_validator("arguments")
    @classmethod
    def _placeholders_are_known(cls, arguments: dict[str, Any]) -> dict[str, Any]:
        for problem in placeholders.unknown(arguments):
            raise ValueError(problem)
        return arguments


class Pattern(Value):
    """The shape of the plans for one kind of situation."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    serves: Serves
    title: str
    priority: Priority = Priority.NORMAL
    steps: tuple[PatternStep, ...] = Field(min_length=1)
    guards: tuple[Guard, ...]
    success_criteria: tuple[Criterion, ...]
    failure_handling: str

    @field_validator("title")
    @classmethod
    def _title_is_resolvable(cls, title: str) -> str:
        for problem in placeholders.unknown(title):
            raise ValueError(problem)
        return title

    @field_validator("guards")
    @classmethod
    def _guards_are_named_once(cls, guards: tuple[Guard, ...]) -> tuple[Guard, ...]:
        for guard in guards:
            if guards.count(guard) > 1:
                raise ValueError(f"Guard {guard.value!r} is listed twice. Remove one.")
        return guards

    @field_validator("steps")
    @classmethod
    def _steps_fit_together(cls, steps: tuple[PatternStep, ...]) -> tuple[PatternStep, ...]:
        _refuse_ids(steps)
        _refuse_unknown_dependencies(steps)
        _refuse_cycle(steps)
        _refuse_forward(steps)
        return steps


def _refuse_ids(steps: tuple[PatternStep, ...]) -> None:
    """Raise a `ValueError` if an id stands for two things: every id becomes a task's."""
    ids = [each.id for each in steps]
    for id in ids:
        if ids.count(id) > 1:
            raise ValueError(f"Two steps have the id {id!r}. Rename one of them.")
        if id in set(Guard):
            raise ValueError(f"Step id {id!r} is a guard's name. Rename the step.")


def _refuse_unknown_dependencies(steps: tuple[PatternStep, ...]) -> None:
    """Raise a `ValueError` if a step waits for one that is not there."""
    ids = [each.id for each in steps]
    for step in steps:
        for needed in step.depends_on:
            if needed not in ids:
                raise ValueError(
                    f"Step {step.id!r} depends on {needed!r}, which is no step. "
                    f"{nearness.did_you_mean(needed, ids)}"
                )


def _refuse_cycle(steps: tuple[PatternStep, ...]) -> None:
    """Raise a `ValueError` that names the circle, if steps wait for each other."""
    graph = {each.id: each.depends_on for each in steps}
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        circle = " <- ".join(error.args[1])
        raise ValueError(
            f"Steps wait for each other in a circle: {circle}. Remove one of these dependencies."
        ) from None


def _refuse_forward(steps: tuple[PatternStep, ...]) -> None:
    """Raise a `ValueError` if a step is listed before one it waits for: numbers would mislead."""
    listed: set[str] = set()
    for step in steps:
        if late := [each for each in step.depends_on if each not in listed]:
            raise ValueError(f"Step {step.id!r} is listed before {late[0]!r}. List it after.")
        listed.add(step.id)
