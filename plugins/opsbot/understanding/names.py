"""The organisation's names in a command, also misspelt ones.

Case, spaces, hyphens and underscores make no other name. A near miss of exactly one known name is
that name; near two names, or an ordinary English word, it stays unknown and is asked about. Digits
are never mended: `prod2` is another place than `prod`.
"""

import functools
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from opsbot.understanding.lexicon import ordinary
from opsbot.understanding.lexicon.kinds import Kind
from opsbot.vocabulary.organisation import Organisation

LONGEST_NAME_IN_WORDS = 4


@dataclass(frozen=True)
class Name:
    """Whom a word means."""

    kind: Kind
    owner: str


@dataclass(frozen=True)
class Names:
    """Every word the organisation uses for something, by its sound."""

    owners: dict[str, Name]
    generic: frozenset[str]
    """Sounds such as `theapp`: they mean the default application unless another is named."""

    def exact(self, words: tuple[str, ...]) -> Name | None:
        """Return whom the words name, spelt right."""
        return self.owners.get(sound("".join(words)))

    def near(self, word: str) -> tuple[Name, ...]:
        """Return everyone whom a misspelt word may mean; several make it unclear."""
        heard = sound(word)
        if heard in ordinary.WORDS and not any(_plural(heard, each) for each in self.owners):
            return ()
        found = {name for spelt, name in self.owners.items() if is_near(heard, spelt)}
        return tuple(sorted(found, key=lambda each: each.owner))


@functools.lru_cache(maxsize=8)
def _cached(
    applications: tuple[tuple[str, ...], ...],
    environments: tuple[tuple[str, ...], ...],
    generic: tuple[str, ...],
) -> Names:
    owners: dict[str, Name] = {}
    for kind, groups in (
        (Kind.APPLICATION, applications),
        (Kind.ENVIRONMENT, environments),
    ):
        for owner, *words in groups:
            for word in (owner, *words):
                owners.setdefault(sound(word), Name(kind=kind, owner=owner))
    return Names(owners=owners, generic=frozenset(sound(each) for each in generic))


def of(organisation: Organisation) -> Names:
    """Return the names of an organisation."""
    default = organisation.application(organisation.default_application)
    return _cached(
        tuple((each.name, each.repository, *each.aliases) for each in organisation.applications),
        tuple((each.name, *each.aliases) for each in organisation.environments),
        tuple(each for each in default.aliases if each.split()[0] in {"the", "our", "my"}),
    )


def sound(word: str) -> str:
    """Return a word without case, spaces and hyphens."""
    return "".join(each for each in word.lower() if each.isalnum() or each in "/.")


def is_near(heard: str, spelt: str) -> bool:
    """Tell whether a word is a likely slip of the keyboard for another."""
    if _digits(heard) != _digits(spelt) or abs(len(heard) - len(spelt)) > 2 or heard == spelt:
        return False
    allowed = 0 if len(spelt) < 4 else 1 if len(spelt) < 8 else 2
    distance = OSA.distance(heard, spelt, score_cutoff=allowed)
    if len(spelt) == 4:
        return distance == 1 and sorted(heard) == sorted(spelt)
    return distance <= allowed


def _digits(word: str) -> str:
    return "".join(each for each in word if each.isdigit())


def _plural(heard: str, spelt: str) -> bool:
    return len(spelt) > 5 and (f"{heard}s" == spelt or f"{spelt}s" == heard)
