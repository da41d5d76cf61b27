"""The words of a preview: what changes, what is taken from whom, what stays with others.

What a person must not miss stands first in each object's paragraph, and is never cut; a long list
of ordinary changes is, with the number of lines that are left out. The hash that an approval binds
is of all of them.
"""

from collections.abc import Iterator, Sequence

from opsbot.integrations.kubernetes import fieldsets, handing_over, owners
from opsbot.integrations.kubernetes.adoption import Adoption
from opsbot.integrations.kubernetes.changes import Change
from opsbot.integrations.kubernetes.client import FIELD_MANAGER
from opsbot.integrations.kubernetes.outlook import Outlook

LONGEST_LIST = 60
"""Lines of ordinary changes of one object."""
_FEW, _SOME = 3, 8
"""Fields that are named where more would only be counted."""


def write(found: Sequence[Outlook], remarks: Sequence[str]) -> str:
    """Write the preview of a release; remarks stand before all objects."""
    paragraphs = [line for each in found for line in _paragraph(each)]
    return "\n".join([*remarks, *paragraphs])


def conflicts(seen: Outlook) -> Iterator[str]:
    """Say what is in the way in one object, and the command that hands it over."""
    for each in seen.conflicts:
        value = _change_of(each.field, seen.changes)
        yield f"{seen.title}: {each.field} belongs to {each.owner}{value}"
    if seen.conflicts and seen.live is not None:
        yield (
            "Keep the live value by putting it into the manifest, or deploy that version. If the "
            "edit may go, hand its fields over and ask for a new plan:"
        )
        for owner in dict.fromkeys((e.manager, e.subresource) for e in seen.conflicts):
            yield f"  {handing_over.command(seen.live, *owner)}"


def _paragraph(seen: Outlook) -> Iterator[str]:
    yield f"{seen.title}: {_verdict(seen)}"
    if seen.manager != FIELD_MANAGER:
        yield f"  applied by an MCP server, in the name of {seen.manager!r}"
    if seen.adoption:
        yield from _taken_over(seen.adoption)
    for each in seen.forced:
        yield f"  taken back by force: {each.field} belongs to {each.owner}"
    yield from _staying(seen)
    if seen.unchanged_keys:
        yield f"  unchanged: {', '.join(f'data.{key}' for key in seen.unchanged_keys)}"
    lines = [f"  {each.line}" for each in seen.shown]
    yield from lines[:LONGEST_LIST]
    if len(lines) > LONGEST_LIST:
        yield f"  ... and {len(lines) - LONGEST_LIST} more fields"


def _verdict(seen: Outlook) -> str:
    if seen.live is None:
        return "will be created"
    return f"{len(seen.shown)} field(s) change" if seen.changes else "no change"


def _taken_over(taken: Adoption) -> Iterator[str]:
    """Name each field that gets another value; count those that keep theirs."""
    yield f"  first contact: made by {' and '.join(taken.owners)}, never deployed by OPS Bot"
    for each in taken.changed:
        yield f"  taken over from {each.owner}: {each.field}"
    for owner in dict.fromkeys(each.owner for each in taken.kept):
        fields = [each.field for each in taken.kept if each.owner == owner]
        yield f"  taken over from {owner} with the value it has: {_some(fields, _SOME)}"


def _staying(seen: Outlook) -> Iterator[str]:
    """Name what others own of the object beside the manifest, and keep."""
    claims = (*seen.adoption.changed, *seen.adoption.kept) if seen.adoption else ()
    taken = {(each.field, each.owner) for each in claims}
    for owner in owners.others(seen.live, seen.manager):
        spelled = [fieldsets.spelled(path) for path in sorted(owner.fields)]
        fields = [each for each in spelled if (each, owner.words) not in taken]
        if fields:
            yield f"  stays with {owner.words}: {_some(fields, _FEW)}"


def _some(fields: Sequence[str], number: int) -> str:
    named = ", ".join(fields[:number])
    more = len(fields) - number
    return f"{named} and {more} more" if more > 0 else named


def _change_of(field: str, found: Sequence[Change]) -> str:
    """Show the two values of a field that is in the way, where the names make clear which."""
    plain = field.removeprefix(".").replace('[name="', "[").replace('"]', "]")
    line = next((each.values for each in found if each.field == plain), "")
    return f" ({line})" if line else ""
