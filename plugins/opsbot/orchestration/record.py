"""What became of a plan's change: begun, settled or undone.

Tasks can be cleared, marked and run again, and their XComs go with them; runs can be deleted. So
what a plan has done to its release is written down apart from its run, in a sealed Variable: a
change that was begun is never begun again, a rollback acts only while the change is open, and goes
back only to what was saved when it began.
"""

from enum import StrEnum

from opsbot.integrations.kubernetes.backup import Backup
from opsbot.integrations.kubernetes.restored import RestoreOutput
from opsbot.integrations.kubernetes.wanted import Wanted
from opsbot.orchestration import seal
from opsbot.orchestration.ticket import Ticket
from opsbot.store import plans
from opsbot.store.variables import AirflowVariables
from opsbot.vocabulary.errors import Refused
from opsbot.vocabulary.model import Value


class State(StrEnum):
    """How far a change is."""

    BEGUN = "begun"
    """It may be in place, in part or not at all; the rollback answers for it."""
    SETTLED = "settled"
    """The run has succeeded; nobody rolls it back any more."""
    UNDONE = "undone"
    """The version before it was restored."""


class Record(Value):
    """A change, with what it makes and what a rollback goes back to."""

    plan_id: str
    state: State
    wanted: Wanted
    backup: Backup
    restored: RestoreOutput | None = None


def read(ticket: Ticket) -> Record | None:
    """Return the record of a plan's change, or None before it has begun."""
    text = AirflowVariables().get(plans.change_key(ticket.sequence))
    if text is None:
        return None
    record = seal.open_seal(text, Record)
    if record is None or record.plan_id != ticket.plan_id:
        raise Refused(
            f"The record of plan {ticket.plan_id!r} (Variable "
            f"{plans.change_key(ticket.sequence)!r}) was not written by this Airflow, so nothing "
            "is done by it. A person must look at the cluster now."
        )
    return record


def is_open(plan_id: str) -> bool:
    """Tell whether a rollback may still go back to what was saved before a plan's change.

    A record that cannot be read says nothing, so its change counts as open.
    """
    variables = AirflowVariables()
    entries = plans.read_index(variables).entries
    for entry in (each for each in entries if each.plan_id == plan_id):
        text = variables.get(plans.change_key(entry.sequence))
        record = seal.open_seal(text, Record)
        if text is not None and (record is None or record.state is State.BEGUN):
            return True
    return False


def write(ticket: Ticket, record: Record) -> None:
    """Keep a record."""
    AirflowVariables().set(
        plans.change_key(ticket.sequence),
        seal.close(record),
        f"OPS Bot: the change of {record.plan_id} is {record.state.value}; sealed",
    )


def settle(ticket: Ticket) -> None:
    """Close a change that has succeeded; a plan that changed nothing has no record."""
    found = read(ticket)
    if found is not None and found.state is State.BEGUN:
        write(ticket, found.model_copy(update={"state": State.SETTLED}))
