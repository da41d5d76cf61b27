"""A run's progress for the eye: a table that lives in a terminal, plain lines anywhere else.

Both say the same: each task with its state, its seconds, and what came of it in words.
"""

import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.cells import cell_len
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from opsbot.doors.demo.attempt import Attempt
from opsbot.planning import outputs
from opsbot.planning.plan import Plan
from opsbot.vocabulary.model import Value

_BEFORE = {
    "gate": "build_image",
    "preview": "deploy",
    "approval": "deploy",
    "backup": "deploy",
}
"""Guards shown before a step; all others come after the last one."""
_HIDDEN = frozenset({"gate", "report", "succeeded"})
_ONLY_IF_IT_RAN = frozenset({"rollback", "verify_rollback"})
_TITLES = {
    "preview": "Preview of the change",
    "approval": "Approval",
    "backup": "Backup",
    "rollback": "Rollback",
    "verify_rollback": "Verify the restored version",
    "notify": "Tell the team",
}
_MARKS = {
    "success": ("✔", "green"),
    "failed": ("✘", "red"),
    "upstream_failed": ("–", "dim"),
    "skipped": ("–", "dim"),
    "running": ("▶", "cyan"),
    "awaiting_input": ("?", "yellow"),
    "up_for_retry": ("↻", "yellow"),
}


class Line(Value):
    """One task on the screen."""

    id: str
    title: str
    state: str
    seconds: float | None
    words: str

    @property
    def plain(self) -> str:
        """The line as text."""
        seconds = "" if self.seconds is None else f" ({self.seconds:.1f} s)"
        words = f": {self.words}" if self.words else ""
        mark, _ = _mark(self.state)
        return f"  {mark} {self.title}: {self.state}{seconds}{words}"


class Screen(Protocol):
    """Somewhere to show progress."""

    def show(self, attempt: Attempt) -> None:
        """Show the run as it stands."""


def lines(attempt: Attempt) -> tuple[Line, ...]:
    """Return the tasks worth showing, in the order in which they run."""
    plan = attempt.asked.plan
    return tuple(_line(attempt, id) for id in _order(plan) if _worth_showing(attempt, id))


def table(attempt: Attempt, width: int) -> Table:
    """Return the tasks as a table of that many columns, one line a task."""
    found = Table(box=None, padding=(0, 1), show_header=False, width=width)
    for column in ("mark", "step", "seconds", "words"):
        found.add_column(column, no_wrap=True, justify="right" if column == "seconds" else "left")
    shown = lines(attempt)
    room = width - _PADDING - sum(_widest(shown, cell) for cell in (_sign, _name, _time))
    for line in shown:
        cells = (_sign(line), _name(line), _time(line), _shortened(line, room))
        found.add_row(*(Text(cell) for cell in cells), style=_mark(line.state)[1])
    return found


@contextmanager
def screen(console: Console) -> Iterator[Screen]:
    """Return a living table in a terminal, plain lines elsewhere."""
    if not console.is_terminal:
        yield PlainScreen(console)
        return
    with Live(console=console, refresh_per_second=8) as live:
        yield LiveScreen(live)


class LiveScreen:
    """A table that is drawn again and again at one place."""

    def __init__(self, live: Live) -> None:
        self._live = live

    def show(self, attempt: Attempt) -> None:
        """Draw the run as it stands."""
        self._live.update(table(attempt, self._live.console.width))


class PlainScreen:
    """Lines for a log: one whenever a task's state has changed."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._shown: dict[str, str] = {}

    def show(self, attempt: Attempt) -> None:
        """Print the tasks that have begun or ended since the last time."""
        for line in lines(attempt):
            if line.state not in ("pending", self._shown.get(line.id)):
                self._shown[line.id] = line.state
                self._console.print(line.plain, markup=False, highlight=False, soft_wrap=True)


def _order(plan: Plan) -> tuple[str, ...]:
    guards = [each for each in plan.guards if each not in _HIDDEN]
    ids: list[str] = []
    for step in plan.steps:
        ids += [each for each in guards if _BEFORE.get(each) == step.id]
        ids.append(step.id)
    return (*ids, *(each for each in guards if each not in ids))


def _worth_showing(attempt: Attempt, id: str) -> bool:
    ran = attempt.outcome(id).seconds is not None and attempt.outcome(id).state != "skipped"
    return ran or id not in _ONLY_IF_IT_RAN


def _line(attempt: Attempt, id: str) -> Line:
    outcome = attempt.outcome(id)
    state = _STATES.get(outcome.state, outcome.state)
    return Line(
        id=id,
        title=_title(attempt.asked.plan, id),
        state=state,
        seconds=outcome.seconds,
        words=_words(attempt, id) if outcome.output else _problem(attempt, id),
    )


_STATES = {"not_reached": "pending", "scheduled": "pending", "queued": "pending"}


def _title(plan: Plan, id: str) -> str:
    steps = {each.id: each for each in plan.steps}
    return f"{steps[id].number}. {steps[id].title}" if id in steps else _TITLES.get(id, id)


def _problem(attempt: Attempt, id: str) -> str:
    """Return the first line of what went wrong; empty if nothing did."""
    task = attempt.tasks.get(id)
    return ((task and task.problem) or "").partition("\n")[0]


def _words(attempt: Attempt, id: str) -> str:
    """Say what a task's output means; a guard's own words where it has some."""
    steps = {each.id: each for each in attempt.asked.plan.steps}
    output = attempt.outcome(id).output
    if id in steps:
        return outputs.in_words(steps[id].capability, output)
    match id:
        case "approval":
            chosen = " ".join(str(each) for each in output.get("chosen_options") or ())
            by = (output.get("responded_by_user") or {}).get("name", "")
            return f"{chosen} by {by}" if by else chosen
        case "preview" | "backup":
            return f"way back: {output.get('target', '')}"
        case "rollback":
            return str(output.get("restored", ""))
        case "notify":
            return ", ".join(output.get("notified") or ()) or "nobody could be told"
        case _:
            return ""


_PADDING = 8
"""A column of space on both sides of each of four cells."""


def _widest(shown: tuple[Line, ...], cell: Callable[[Line], str]) -> int:
    return max((cell_len(cell(line)) for line in shown), default=0)


def _sign(line: Line) -> str:
    return _mark(line.state)[0]


def _name(line: Line) -> str:
    return line.title


def _time(line: Line) -> str:
    return "" if line.seconds is None else f"{line.seconds:.1f} s"


def _shortened(line: Line, room: int) -> str:
    """Cut a line's words between two words; the summary at the end has all of them."""
    words = line.words or ("" if line.state in ("success", "pending") else line.state)
    return (
        textwrap.shorten(words, max(room, 1), placeholder=" …", break_on_hyphens=False)
        if words
        else ""
    )


def _mark(state: str) -> tuple[str, str]:
    return _MARKS.get(state, ("·", "dim"))
