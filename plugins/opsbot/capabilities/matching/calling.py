"""Whether a call of a capability can fill a tool's inputs.

What a tool demands must have a role that the capability knows how to fill, each role once; what it
does not demand is left out. A tool must also take what makes the call mean the right thing: a build
status without a number is that of whatever build came last.
"""

from opsbot.capabilities.matching.general import FILLING
from opsbot.capabilities.matching.inputs import Input, Inputs
from opsbot.capabilities.matching.readings import Reading, is_kind
from opsbot.capabilities.matching.row import Role, Table, Way

KIND = "kind"
"""The role of the input that says to what kind of object: a call names the kind it is about."""


def can_call(way: Way, reading: Reading, inputs: Inputs, table: Table) -> bool:
    """Tell whether a call can fill all that the tool demands, and the tool takes what it must."""
    if not all(has(need, way, inputs, table) for need in way.needs):
        return False
    if not reading.chosen and any(has(each, way, inputs, table) for each in way.refuses):
        return False
    if KIND in way.fills and any(_is_left_open(each, reading) for each in inputs.inputs):
        return False
    return any(_can_fill(demanded, way, table) for demanded in _demanded(inputs, reading.chosen))


def has(role: str, way: Way, inputs: Inputs, table: Table) -> bool:
    """Tell whether the tool has an input of that role."""
    return any(_is(each, role, way, table) for each in inputs.inputs)


def demands(role: str, way: Way, inputs: Inputs, table: Table) -> bool:
    """Tell whether the tool demands an input of that role."""
    return any(each.required and _is(each, role, way, table) for each in inputs.inputs)


def _is_left_open(each: Input, reading: Reading) -> bool:
    """Tell whether a kind is chosen from a list by the server's default, which nobody knows."""
    listed = is_kind(each.words) and each.scalar and bool(each.values)
    return listed and each.words != {"type"} and each.name not in reading.chosen


def _demanded(inputs: Inputs, chosen: frozenset[str]) -> list[list[Input]]:
    """Return the groups of inputs of which one must be filled whole."""
    by_name = {each.name: each for each in inputs.inputs if each.name not in chosen}
    always = [name for name, each in by_name.items() if each.required]
    return [
        [by_name[name] for name in {*always, *group} if name in by_name]
        for group in inputs.one_of or (frozenset[str](),)
    ]


def _can_fill(demanded: list[Input], way: Way, table: Table) -> bool:
    """Tell whether each demanded input can be filled."""
    single = [name for name in way.fills if name == KIND or not table.role(name).repeats]
    repeating = [name for name in way.fills if name not in single]
    hard = [
        each
        for each in demanded
        if not (way.reads and each.may_be_null)
        and not any(_is(each, name, way, table) for name in repeating)
    ]
    return len(hard) <= len(single) and _can_share(hard, tuple(single), way, table)


def _can_share(hard: list[Input], names: tuple[str, ...], way: Way, table: Table) -> bool:
    """Tell whether there is a role of its own for each input."""
    if not hard:
        return True
    first, *rest = hard
    return any(
        _is(first, name, way, table)
        and _can_share(rest, tuple(each for each in names if each != name), way, table)
        for name in names
    )


def _is(each: Input, name: str, way: Way, table: Table) -> bool:
    if name == KIND:
        return is_kind(each.words) and each.scalar and not each.values
    return _fits(each, table.role(name), table)


def _fits(each: Input, role: Role, table: Table) -> bool:
    meant = each.words - table.own_names - FILLING
    if not (role.fits(each.words) or role.fits(meant)):
        return False
    if each.types == {"object"} and not role.takes_object:
        return False
    return not role.values or bool({value.lower() for value in each.values} & role.values)
