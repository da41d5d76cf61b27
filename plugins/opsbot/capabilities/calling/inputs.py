"""Fill a tool's inputs from a capability's arguments.

Every input that the tool demands must be one that a table knows, and every argument that says
where to look must find an input. Anything else is no call: an input that is left to chance may
mean another cluster.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from opsbot.capabilities.calling.told import Told, plain
from opsbot.capabilities.matching.inputs import Input, Inputs, inputs_of
from opsbot.capabilities.mcp_tool import McpTool
from opsbot.vocabulary.errors import Refused


def fill(told: Told, arguments: Mapping[str, Any], tool: McpTool) -> dict[str, Any]:
    """Return the inputs of a call; `Refused` if the tool cannot be told."""
    offered = inputs_of(tool.input_schema)
    _refuse_wrapped(offered, tool)
    given = dict(_fixed(told, offered)) | dict(_from_arguments(told, arguments, offered, tool))
    for each in offered.inputs:
        if each.required and each.name not in given:
            raise Refused(
                f"The tool {tool.name!r} demands {each.name!r}, and nothing here says what that is."
            )
    if offered.one_of and not any(group <= set(given) for group in offered.one_of):
        raise Refused(f"The tool {tool.name!r} demands inputs that nothing here can fill.")
    return given


def _refuse_wrapped(offered: Inputs, tool: McpTool) -> None:
    declared = tool.input_schema.get("properties") or {}
    if any(each.name not in declared for each in offered.inputs):
        raise Refused(f"The tool {tool.name!r} does not take plain inputs.")


def _from_arguments(
    told: Told, arguments: Mapping[str, Any], offered: Inputs, tool: McpTool
) -> Iterator[tuple[str, Any]]:
    by_name = {plain(each.name): each for each in offered.inputs}
    for argument, names in told.inputs.items():
        value = arguments.get(argument)
        if value in (None, ""):
            continue
        taken = next((by_name[each] for each in names if each in by_name), None)
        if taken is not None:
            yield taken.name, _fitting(value, taken, tool)
        elif argument in told.needed:
            raise Refused(
                f"The tool {tool.name!r} cannot be told {argument} ({', '.join(names)}), so it "
                "would look elsewhere too."
            )


def _fixed(told: Told, offered: Inputs) -> Iterator[tuple[str, Any]]:
    for each in offered.inputs:
        values = told.fixed.get(plain(each.name), ())
        listed = each.values or values
        chosen = next((value for value in values if value in listed), None)
        if chosen is not None:
            yield each.name, chosen


def _fitting(value: Any, taken: Input, tool: McpTool) -> Any:
    """Return a value in a type that the input takes."""
    types = taken.types or {"string"}
    fits = not taken.values or str(value) in taken.values
    if fits and isinstance(value, str) and "string" in types:
        return value
    if fits and isinstance(value, int):
        if types & {"integer", "number"}:
            return value
        if "string" in types:
            return str(value)
    raise Refused(
        f"The tool {tool.name!r} takes no {type(value).__name__} such as this as {taken.name!r}."
    )
