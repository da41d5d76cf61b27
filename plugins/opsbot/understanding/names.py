"""The organisation's names in a command, also misspelt ones.

Case, spaces, hyphens and underscores make no other name. A near miss of exactly one known name is
that name; near two names, or an ordinary English word, it stays unknown and is asked about. Digits
are never mended: `prod2` is another place than `prod`.
"""

import functools
import re
from dataclasses import dataclass

from opsbot.understanding import slips
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
    spellings: tuple[str, ...]
    """The same words as the organisation writes them."""
    generic: frozenset[str]
    """Sounds such as `theapp`: they mean the default application unless another is named."""

    def exact(self, words: tuple[str, ...]) -> Name | None:
        """Return whom the words name, spelt right."""
        return self.owners.get(sound("".join(words)))

    def near(self, word: str) -> tuple[Name, ...]:
        """Return everyone whom a misspelt word may mean; several make it unclear."""
        found = {self.owners[sound(spelt)] for spelt in self.spellings if is_near(word, spelt)}
        heard = sound(word)
        if heard in ordinary.WORDS:
            found = {each for each in found if self._is_number_of(heard, each)}
        return tuple(sorted(found, key=lambda each: each.owner))

    def _is_number_of(self, heard: str, name: Name) -> bool:
        """Tell whether a word is the singular or plural of an application's word."""
        return name.kind is Kind.APPLICATION and any(
            len(spelt) > 5 and (f"{heard}s" == spelt or f"{spelt}s" == heard)
            for spelt, owner in self.owners.items()
            if owner == name
        )


@functools.lru_cache(maxsize=8)
def _cached(
    applications: tuple[tuple[str, ...], ...],
    environments: tuple[tuple[str, ...], ...],
    generic: tuple[str, ...],
) -> Names:
    owners: dict[str, Name] = {}
    spellings: list[str] = []
    for kind, groups in (
        (Kind.APPLICATION, applications),
        (Kind.ENVIRONMENT, environments),
    ):
        for owner, *words in groups:
            for word in (owner, *words):
                owners.setdefault(sound(word), Name(kind=kind, owner=owner))
                spellings.append(word)
    return Names(
        owners=owners,
        spellings=tuple(spellings),
        generic=frozenset(sound(each) for each in generic),
    )


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
    """Tell whether a word is a likely slip of the keyboard for another.

    Where both have the same number of parts, each part must be near on its own: `payments-ui` is
    no misspelt `payments-api`.
    """
    ours, theirs = _split(heard), _split(spelt)
    if len(ours) == len(theirs):
        return all(a == b or _is_slip(a, b) for a, b in zip(ours, theirs, strict=True))
    return len(ours) < len(theirs) and _is_slip("".join(ours), "".join(theirs), at_most=1)


def _is_slip(heard: str, spelt: str, at_most: int = 2) -> bool:
    if _digits(heard) != _digits(spelt) or _is_extended(heard, spelt):
        return False
    if len(spelt) < 5:
        exchanged = sorted(heard) == sorted(spelt) and len(spelt) > 2
        lacks_inner = len(spelt) == 4 and len(heard) == 3 and heard[::2] == spelt[::3]
        return (exchanged or lacks_inner) and slips.distance(heard, spelt) == 1
    allowed = min(1 if len(spelt) < 8 else 2, at_most)
    return slips.distance(heard, spelt) <= allowed


def _is_extended(heard: str, spelt: str) -> bool:
    """Tell whether something was put before or behind a name: that is another name."""
    if heard.endswith(spelt):
        return heard != spelt[0] + spelt
    return heard.startswith(spelt) and heard not in {spelt + spelt[-1], f"{spelt}s"}


def _digits(word: str) -> str:
    return "".join(each for each in word if each.isdigit())


def _split(word: str) -> list[str]:
    return [each for each in re.split(r"[-_\s]+", word.lower()) if each]
