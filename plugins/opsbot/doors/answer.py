"""The use case behind every door: a command in, the answer out.

The command line and Airflow's front-door DAG give the same answer to the same command, because
both come here. What an answer looks like is a contract with other programs.
"""

import os
import pathlib
from dataclasses import dataclass
from typing import Any

from opsbot.capabilities import catalog
from opsbot.capabilities.catalog import Catalog
from opsbot.configuration import include, organisation_files, patterns
from opsbot.planning import planner
from opsbot.planning.gaps import Airflow
from opsbot.planning.pattern import Pattern
from opsbot.planning.plan import Plan
from opsbot.understanding import understand
from opsbot.understanding.answer import Intent, Question, Refusal
from opsbot.vocabulary.errors import PlanningError
from opsbot.vocabulary.organisation import Organisation
from opsbot.vocabulary.words import RefusalCode


@dataclass(frozen=True)
class Knowledge:
    """Everything that answering a command needs to know."""

    organisation: Organisation
    patterns: tuple[Pattern, ...]
    catalog: Catalog


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
) -> dict[str, Any]:
    """Return the answer to a command as plain data."""
    return as_data(consider(command, knowledge, at=at, airflow=airflow))


def as_data(considered: Plan | Question | Refusal) -> dict[str, Any]:
    """Return an answer in the form that other programs read."""
    match considered:
        case Plan():
            plan = considered.model_dump(mode="json")
            return {"outcome": "plan", "intent": plan["intent"], "plan": plan}
        case Question():
            return considered.model_dump(mode="json", exclude_defaults=False)
        case Refusal():
            return considered.model_dump(mode="json")


def _plan(intent: Intent, knowledge: Knowledge, at: int, airflow: Airflow | None) -> Plan | Refusal:
    try:
        return planner.make_plan(
            intent,
            knowledge.catalog,
            knowledge.patterns,
            knowledge.organisation,
            at=at,
            airflow=airflow,
        )
    except PlanningError as error:
        return Refusal(code=RefusalCode.POLICY, reason=str(error))
