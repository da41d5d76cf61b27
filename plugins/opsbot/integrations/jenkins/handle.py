"""The handle of a triggered build: what a later process needs to find or stop it.

A build has two names in turn: the queue's id from the moment it is accepted, and its number once
it starts. Only these two link a trigger to its build; "the newest build" may be anyone's.
"""

from opsbot.vocabulary.model import Value

KEY_PARAMETER = "OPSBOT_RUN"
"""The job parameter that carries our key; a trigger that got no answer is found again by it."""


class Handle(Value):
    """A job and the names of one of its builds, as far as they are known."""

    job: str
    queue_id: int | None = None
    number: int | None = None
    joined: bool = False
    """Whether somebody else waits for the same build: Jenkins merges equal triggers."""
