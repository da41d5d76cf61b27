"""The use case behind every door: a command in, the answer out.

The command line and Airflow's front-door DAG give the same answer to the same command, because
both come here. What an answer looks like is a contract with other programs.
"""

import os
import pathlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from opsbot.capabilities import catalog
from opsbot.capabilities.catalog import Catalog
from opsbot.capabilities.mcp_found import McpFound
from opsbot.configuration import include, organisation_files, patterns
from opsbot.planning import gaps, planner
from opsbot.planning.pattern import Pattern
from opsbot.planning.plan import Plan
from opsbot.understanding import understand
from opsbot.understanding.answer import Intent, Question, Refusal
from opsbot.vocabulary.errors import PlanningError
from opsbot.vocabulary.organisation import Organisation
from opsbot.vocabulary.redaction import redact_value
from opsbot.vocabulary.words import RefusalCode, ServerKind

SecondReader = Callable[[str, Organisation], Intent | None]
"""Reads a command that the rules ask about; None where it cannot, or may not."""
Discover = Callable[[Sequence[str]], tuple[McpFound, ...]]
"""Asks the MCP servers of these connections for their tools."""


@dataclass(frozen=True)
class Airflow:
    """The Airflow that would run a plan."""

    has: gaps.Airflow
    discover: Discover
    """Asked only for the servers that a plan uses."""


@dataclass(frozen=True)
class Knowledge:
    """Everything that answering a command needs to know."""

    organisation: Organisation
    patterns: tuple[Pattern, ...]
    catalog: Catalog

    @property
    def connections(self) -> frozenset[str]:
        """Every Airflow connection that a plan may use."""
        systems = (id for each in self.organisation.environments for _, id in each.connections)
        return frozenset((*systems, *(id for id, _ in self.pinned)))

    @property
    def pinned(self) -> tuple[tuple[str, ServerKind], ...]:
        """The connections of the MCP servers that patterns pin steps to, with their kinds."""
        steps = (step for pattern in self.patterns for step in pattern.steps)
        pins = ((step.mcp.connection, step.server) for step in steps if step.mcp)
        return tuple(dict.fromkeys(pins))


def load(folder: pathlib.Path | None = None) -> Knowledge:
    """Read the organisation and its patterns; `ConfigurationError` says what to mend."""
    folder = folder or include.find(os.environ, pathlib.Path.cwd())
    organisation = organisation_files.read_organisation(folder)
    return Knowledge(
        organisation=organisation,
        patterns=patterns.read_patterns(folder, organisation),
        catalog=catalog.native(),
    )


def consider(
    command: str,
    knowledge: Knowledge,
    *,
    at: int,
    airflow: Airflow | None = None,
) -> Plan | Question | Refusal:
    """Return the plan of a command, or why there is none."""
    understood = understand.understand(command, knowledge.organisation)
    match understood:
        case Question() | Refusal():
            return understood
        case Intent():
            return _plan(understood, knowledge, at, airflow)


def answer(
    command: str,
    knowledge: Knowledge,
    *,
    at: int,
    airflow: Airflow | None = None,
    second_reader: SecondReader | None = None,
) -> dict[str, Any]:
    """Return the answer to a command as plain data.

    A second reader is asked only where the rules ask: what they understand or refuse stands.
    """
    considered = consider(command, knowledge, at=at, airflow=airflow)
    if isinstance(considered, Question) and second_reader is not None:
        intent = second_reader(command, knowledge.organisation)
        if intent is not None:
            return as_data(_plan(intent, knowledge, at, airflow), interpreted_by="model")
    return as_data(considered)


def as_data(
    considered: Plan | Question | Refusal, *, interpreted_by: Literal["rules", "model"] = "rules"
) -> dict[str, Any]:
    """Return an answer in the form that other programs read; it repeats no secret."""
    told = {"interpreted_by": interpreted_by}
    match considered:
        case Plan():
            plan = considered.model_dump(mode="json")
            return {"outcome": "plan", **told, "intent": plan["intent"], "plan": plan}
        case Question() | Refusal():
            return {**redact_value(considered.model_dump(mode="json")), **told}


def _plan(intent: Intent, knowledge: Knowledge, at: int, airflow: Airflow | None) -> Plan | Refusal:
    try:
        plan = _made(intent, knowledge, at, airflow.has if airflow else None)
        if airflow is None or not plan.mcp_connections:
            return plan
        found = airflow.discover(plan.mcp_connections)
        return _made(intent, knowledge, at, airflow.has.model_copy(update={"mcp": found}))
    except PlanningError as error:
        return Refusal(code=RefusalCode.POLICY, reason=str(error))


def _made(intent: Intent, knowledge: Knowledge, at: int, airflow: gaps.Airflow | None) -> Plan:
    return planner.make_plan(
        intent,
        knowledge.catalog,
        knowledge.patterns,
        knowledge.organisation,
        at=at,
        airflow=airflow,
    )
