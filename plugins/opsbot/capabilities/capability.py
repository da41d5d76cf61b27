"""A capability: one tool of one kind of server, described well enough to plan with.

The parameters are a model, so a plan's arguments are checked when the plan is made, not when the
step runs. `undo` says how to take the effect back, or begins with `irreversible:` and says why
not. `proves` lists the compliance words that a successful run of this tool is evidence for.

A tool that only reads has two uses: to answer a question, where trouble is an answer, and to check
a change, where trouble is a failure. `checks` names the arguments that decide between the two. A
plan that changes a cluster must leave them true; planning sees to it.
"""

from opsbot.vocabulary.model import Span, Value
from opsbot.vocabulary.words import Compliance, Risk, ServerKind

NOTHING_TO_UNDO = "nothing to undo: it only reads"


class Capability(Value):
    """One tool as planning sees it."""

    server: ServerKind
    name: str
    params: type[Value]
    risk: Risk
    duration: Span
    """Expected seconds."""
    changes: bool
    """Whether it changes anything outside OPS Bot."""
    undo: str
    proves: tuple[Compliance, ...] = ()
    """Evidence only where all `checks` are on."""
    checks: tuple[str, ...] = ()
    """Boolean arguments without which the tool only looks, and fails for nothing it finds."""
    summary: str
    """A few words for a list of tools."""
    what_it_does: str
    """A sentence for the person who approves."""

    @property
    def reversible(self) -> bool:
        """Whether a change of this tool can be taken back."""
        return self.changes and not self.undo.startswith("irreversible:")
