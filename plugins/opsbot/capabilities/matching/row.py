"""The form of the tables: in which ways servers offer a capability, said in words.

A way reads like a line of a phrase book: these verbs, these things, these words may stand beside;
this is what a call can fill in, and this is what the tool must be able to take. A server that says
it in another word is one more word in a line.
"""

from typing import Literal

from opsbot.capabilities.matching.words import one_by_one
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.words import ServerKind


class Role(Value):
    """What an input is for, told by the words of its name."""

    name: str
    head: frozenset[str]
    """At least one of these words."""
    beside: frozenset[str]
    """And of others only these."""
    takes_object: bool = False
    """Whether a JSON object can fill it; else it is text, a number or a list of them."""
    repeats: bool = False
    """Whether a tool may have several of them."""
    values: frozenset[str] = frozenset()
    """The values a call would use; an input that does not list one of them is not this."""

    def fits(self, words: frozenset[str]) -> bool:
        """Tell whether an input of that name has this role."""
        return bool(words & self.head) and words <= self.head | self.beside


class Way(Value):
    """One way in which servers offer a capability."""

    capability: str
    verbs: frozenset[str]
    """Empty: it reads, by any verb that reads or none."""
    things: tuple[frozenset[str], ...]
    """What it is about, best first; one of them is named. An empty one needs no naming."""
    beside: frozenset[str]
    number: Literal["one", "many", "any"]
    """Whether it is about one thing or a list of them."""
    needs: tuple[str, ...]
    """Roles that the tool must take."""
    fills: tuple[str, ...]
    """Roles that a call can fill in; those it needs are among them."""
    refuses: tuple[str, ...]
    """Roles that the tool must not take: it would be about something else."""

    @property
    def reads(self) -> bool:
        """Whether it only reads."""
        return not self.verbs


class Table(Value):
    """All that is known of one kind of server."""

    kind: ServerKind
    own_names: frozenset[str]
    """Names of the product and its kin: they say nothing about what a tool does."""
    marks: frozenset[str]
    """Words that no other kind of server uses: one of them tells the kind."""
    usual: frozenset[str]
    """Words that others use too: many tools with them tell the kind."""
    roles: tuple[Role, ...]
    ways: tuple[Way, ...]
    """For each capability the best way first."""

    def role(self, name: str) -> Role:
        """Return the role of that name."""
        return next(role for role in self.roles if role.name == name)


def role(
    name: str,
    head: str,
    beside: str = "",
    *,
    takes_object: bool = False,
    repeats: bool = False,
    values: str = "",
) -> Role:
    """Write a role; words are separated by spaces."""
    return Role(
        name=name,
        head=one_by_one(head),
        beside=one_by_one(beside),
        takes_object=takes_object,
        repeats=repeats,
        values=one_by_one(values),
    )


def way(
    capability: str,
    *things: str,
    verbs: str = "",
    beside: str = "",
    number: Literal["one", "many", "any"] = "any",
    needs: str = "",
    fills: str = "",
    refuses: str = "",
) -> Way:
    """Write a way; words and roles are separated by spaces. Without verbs it only reads."""
    return Way(
        capability=capability,
        verbs=one_by_one(verbs),
        things=tuple(one_by_one(thing) for thing in things),
        beside=one_by_one(beside),
        number=number,
        needs=tuple(needs.split()),
        fills=tuple(dict.fromkeys([*needs.split(), *fills.split()])),
        refuses=tuple(refuses.split()),
    )
