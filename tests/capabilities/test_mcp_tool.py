"""Reading a tools/list result: what another program answered, and may be anything."""

import json

import pytest

from opsbot.capabilities import mcp_tool
from opsbot.vocabulary.errors import StepFailed

PUSH = {
    "name": "push",
    "description": "Push an image.",
    "inputSchema": {"type": "object", "properties": {"image": {"type": "string"}}},
}


def test_a_tool_is_read_with_all_that_it_says():
    hinted = {**PUSH, "annotations": {"readOnlyHint": False}, "outputSchema": {"type": "object"}}

    (tool,) = mcp_tool.read_tools({"tools": [hinted]})

    assert (tool.name, tool.description) == ("push", "Push an image.")
    assert tool.input_schema == PUSH["inputSchema"]
    assert tool.output_schema == {"type": "object"}
    assert tool.annotations == {"readOnlyHint": False}


def test_the_response_that_carries_the_list_is_read_too():
    response = {"jsonrpc": "2.0", "id": 1, "result": {"tools": [PUSH], "nextCursor": "2"}}

    assert [tool.name for tool in mcp_tool.read_tools(response)] == ["push"]
    assert mcp_tool.goes_on(response)
    assert not mcp_tool.goes_on({"tools": [PUSH], "nextCursor": None})


def test_the_hash_knows_the_schema_whatever_the_order_of_its_keys():
    turned = {**PUSH, "inputSchema": dict(reversed(PUSH["inputSchema"].items()))}

    assert _hash(PUSH) == _hash(turned)
    assert _hash(PUSH) == _hash({**PUSH, "description": "Other words."})


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "Push"},
        {"inputSchema": {"type": "object"}},
        {"inputSchema": {**PUSH["inputSchema"], "required": ["image"]}},
        {"inputSchema": {"type": "object", "properties": {"image": {"type": "number"}}}},
    ],
)
def test_s05_the_hash_changes_with_the_name_or_the_input_schema(changed):
    assert _hash({**PUSH, **changed}) != _hash(PUSH)


def _nested(levels: int) -> dict[str, object]:
    schema: dict[str, object] = {}
    for _ in range(levels):
        schema = {"properties": schema}
    return schema


@pytest.mark.parametrize(
    ("listing", "complaint"),
    [
        ([], "not a tools/list result"),
        (None, "not a tools/list result"),
        ({"tools": {}}, "not a tools/list result"),
        ({"error": {"code": -32601, "message": "no"}}, "MCP error"),
        ({"tools": [PUSH, "push"]}, r"tools\[1\] is not an object"),
        ({"tools": [{"inputSchema": {}}]}, r"tools\[0\] has no name"),
        ({"tools": [{**PUSH, "name": 7}]}, r"tools\[0\] has no name"),
        ({"tools": [{"name": "push"}]}, r"tools\[0\].inputSchema is not an object"),
        ({"tools": [{**PUSH, "inputSchema": []}]}, r"tools\[0\].inputSchema is not an object"),
        ({"tools": [{**PUSH, "annotations": "safe"}]}, r"tools\[0\].annotations"),
        ({"tools": [{**PUSH, "inputSchema": _nested(300)}]}, "nested deeper than 64"),
        ({"tools": [{**PUSH, "inputSchema": {"a": float("nan")}}]}, "no JSON text can spell"),
        ({"tools": [{**PUSH, "name": "\ud800"}]}, "no JSON text can spell"),
    ],
)
def test_what_is_no_list_of_tools_is_refused_with_its_place(listing, complaint):
    with pytest.raises(StepFailed, match=complaint):
        mcp_tool.read_tools(listing)


def _hash(tool: dict[str, object]) -> str:
    (read,) = mcp_tool.read_tools(json.loads(json.dumps({"tools": [tool]})))
    return read.schema_sha256
