"""Whether one reading of a tool is one way of a capability, and how well it fits.

Every word of the name must be accounted for: the verb, the thing, or a word that may stand beside.
Every input that the tool demands must be one that a call can fill. The score only chooses among
tools that fit.
"""

from collections.abc import Iterator

from opsbot.capabilities.matching.general import FILLING, LISTING, READING
from opsbot.capabilities.matching.inputs import Input, Inputs
from opsbot.capabilities.matching.readings import Reading, is_kind
from opsbot.capabilities.matching.row import Role, Table, Way
from opsbot.capabilities.matching.words import Word, texts

_KIND = "kind"
"""The role of the input that says to what kind of object; its values are the way's `kinds`."""


def judge(way: Way, reading: Reading, inputs: Inputs, table: Table) -> float | None:
    """Return how well the reading fits, more is better, or None where it is something else."""
    cost = _cost_of_name(way, reading, table)
    if cost is None or not _can_call(way, reading, inputs, table):
        return None
    known = {name for name in way.fills if _inputs_of(name, way, inputs, table)}
    generic = _KIND in way.needs or bool(reading.chosen)
    return 0.1 * len(known) - cost - (1.5 if generic else 0.0)


def _cost_of_name(way: Way, reading: Reading, table: Table) -> int | None:
    """Return how far the name is from the way's own words; None: it names something else."""
    said = _meaningful(reading.words, table)
    words = (*said, *_meaningful(reading.told, table))
    if not words:
        return None
    costs = [
        rank + len(rest)
        for rank, thing in enumerate(way.things)
        if thing <= texts(said)
        for rest in _without_verb(way, words, thing)
        if rest <= way.beside and _number_is_right(way, words, thing)
    ]
    return min(costs, default=None)


def _meaningful(words: tuple[Word, ...], table: Table) -> tuple[Word, ...]:
    silent = table.own_names | FILLING
    return tuple(word for word in words if word.text not in silent)


def _without_verb(
    way: Way, words: tuple[Word, ...], thing: frozenset[str]
) -> Iterator[frozenset[str]]:
    """Return what is left of the name without its verb and its thing, for each verb it may have."""
    if way.reads:
        yield texts(words) - READING - LISTING - thing
        return
    for verb in words:
        if verb.text in way.verbs and not verb.plural:
            rest = list(words)
            rest.remove(verb)
            if thing <= texts(rest):
                yield texts(rest) - thing - {verb.text}


def _number_is_right(way: Way, words: tuple[Word, ...], thing: frozenset[str]) -> bool:
    many = bool(texts(words) & LISTING) or any(w.plural for w in words if w.text in thing)
    return way.number == "any" or many == (way.number == "many")


def _can_call(way: Way, reading: Reading, inputs: Inputs, table: Table) -> bool:
    """Tell whether a call can fill all that the tool demands, and the tool takes what it must."""
    if not all(_inputs_of(need, way, inputs, table) for need in way.needs):
        return False
    demanded = [each for each in inputs.inputs if each.required]
    groups = inputs.one_of or (frozenset[str](),)
    return any(
        _fillable(
            [
                each
                for each in {*demanded, *_named(group, inputs)}
                if each.name not in reading.chosen
            ],
            way,
            table,
        )
        for group in groups
    )


def _named(names: frozenset[str], inputs: Inputs) -> list[Input]:
    return [each for each in inputs.inputs if each.name in names]


def _fillable(demanded: list[Input], way: Way, table: Table) -> bool:
    """Tell whether each demanded input has a role of its own among those a call can fill."""
    if not demanded:
        return True
    first, *rest = demanded
    if way.reads and first.may_be_null and _fillable(rest, way, table):
        return True
    return any(
        _fillable(rest, _less(way, role), table)
        for role in _roles(way, table)
        if _has_role(first, role, way, table)
    )


def _less(way: Way, role: Role | None) -> Way:
    """Return the way without a role that is taken."""
    if role is None or role.repeats:
        return way
    return way.model_copy(update={"fills": tuple(n for n in way.fills if n != role.name)})


def _roles(way: Way, table: Table) -> list[Role | None]:
    return [None if name == _KIND else table.role(name) for name in way.fills]


def _inputs_of(name: str, way: Way, inputs: Inputs, table: Table) -> list[Input]:
    role = None if name == _KIND else table.role(name)
    return [each for each in inputs.inputs if _has_role(each, role, way, table)]


def _has_role(each: Input, role: Role | None, way: Way, table: Table) -> bool:
    if role is None:
        return bool(way.kinds) and is_kind(each.words) and each.scalar and not each.values
    words = each.words - table.own_names - FILLING or each.words
    if not role.fits(words) or (each.types == {"object"} and not role.takes_object):
        return False
    return not role.values or bool({value.lower() for value in each.values} & role.values)
