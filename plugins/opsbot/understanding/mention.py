"""A mention: a piece of the command together with everything it may mean.

A word can be several things at once ("drop" destroys, and lowers a number). All its kinds are
kept until the sentence around it decides.
"""

from dataclasses import dataclass, field

from opsbot.understanding.lexicon.kinds import Kind
from opsbot.vocabulary.words import Action, Urgency

Meaning = str | int | Action | Urgency | tuple[str, ...] | None


@dataclass(frozen=True)
class Mention:
    """One piece of the command; `start` and `end` count tokens."""

    text: str
    meanings: dict[Kind, Meaning]
    start: int
    end: int
    corrected: bool = False
    """Whether the spelling had to be mended to recognise it."""
    extra: tuple[str, ...] = field(default=())

    def may_be(self, *kinds: Kind) -> bool:
        """Tell whether the mention can be one of the kinds."""
        return any(each in self.meanings for each in kinds)

    def only(self, *kinds: Kind) -> bool:
        """Tell whether the mention can be nothing but these kinds."""
        return all(each in kinds for each in self.meanings)

    def action(self, *kinds: Kind) -> Action | None:
        """Return the action that the mention names as one of the kinds."""
        for each in kinds:
            if isinstance(value := self.meanings.get(each), Action):
                return value
        return None

    def name(self, kind: Kind) -> str:
        """Return what the mention names as that kind."""
        return str(self.meanings[kind])
