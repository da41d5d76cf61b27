"""Differences that are known and stay, each with its reason: `explained.yaml`.

An entry names stories, a place, and what each of the two tells there, in full: it explains exactly
this and nothing that comes to differ later. One that no longer matches anything is stale, and as
much of a fault as an unexplained difference.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml
from pydantic import TypeAdapter

from opsbot.vocabulary.model import Value
from tests.truth.comparing import Difference

EXPLAINED = Path(__file__).parent / "explained.yaml"


class Explanation(Value):
    """Why two tellings differ at a place."""

    stories: tuple[str, ...]
    where: str
    lab: tuple[str, ...] = ()
    sandbox: tuple[str, ...] = ()
    reason: str

    def explains(self, story: str, found: Difference) -> bool:
        """Tell whether it is this difference, neither more nor less."""
        known = Difference(where=self.where, lab=self.lab, sandbox=self.sandbox)
        return story in self.stories and found == known


def all_of_them(path: Path = EXPLAINED) -> tuple[Explanation, ...]:
    """Read the explanations."""
    read = yaml.safe_load(path.read_text("utf-8"))
    return TypeAdapter(tuple[Explanation, ...]).validate_python(read or ())


def unexplained(
    story: str, found: Sequence[Difference], known: Sequence[Explanation]
) -> list[Difference]:
    """Return the differences without a reason."""
    return [each for each in found if not any(one.explains(story, each) for one in known)]


def stale(
    found: Mapping[str, Sequence[Difference]], known: Sequence[Explanation]
) -> list[tuple[str, Explanation]]:
    """Return the explanations, by story, of what no longer differs in the stories told."""
    return [
        (story, each)
        for each in known
        for story in each.stories
        if story in found and not any(each.explains(story, one) for one in found[story])
    ]
