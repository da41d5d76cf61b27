"""Whole servers, labelled by reading their tools: what serves what, what serves nothing.

Each file has tools as such a server would have them. `never` are tools that must serve nothing and
be denied. The folder `others` has servers of other systems, which serve nothing of any kind.
"""

import pytest

from opsbot.capabilities.matching import match
from opsbot.vocabulary.words import ServerKind
from tests.capabilities.matching import tool_lists

SERVERS = sorted((tool_lists.FOLDER / "servers").glob("*.yaml"))
OTHERS = sorted((tool_lists.FOLDER / "others").glob("*.yaml"))


@pytest.fixture(params=SERVERS, ids=lambda path: path.stem)
def server(request):
    return tool_lists.loaded(request.param)


@pytest.fixture
def matching(server):
    return match.match(ServerKind(server["kind"]), tool_lists.tools(server["tools"]))


def test_each_capability_has_the_tool_that_a_reader_would_take(server, matching):
    due = {
        capability: tools if isinstance(tools, list) else [tools]
        for capability, tools in server["serves"].items()
    }

    assert {c: matching.mapping[c] for c in due if matching.mapping[c] not in due[c]} == {}


def test_what_no_tool_serves_has_none(server, matching):
    found = {c: matching.mapping[c] for c in server["nothing"] if matching.mapping[c]}

    assert found == {}


def test_s05_what_must_never_be_called_serves_nothing_and_is_denied(server, matching):
    assert set(server["never"]) & set(matching.mapping.values()) == set()
    assert set(server["never"]) <= set(matching.denied)


def test_the_order_in_which_a_server_lists_its_tools_changes_nothing(server, matching):
    turned = tuple(reversed(tool_lists.tools(server["tools"])))

    assert match.match(ServerKind(server["kind"]), turned).mapping == matching.mapping


@pytest.mark.parametrize("kind", list(ServerKind))
@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.stem)
def test_a_server_of_another_system_serves_nothing(path, kind):
    assert tool_lists.matched(kind, tool_lists.loaded(path)["tools"]) == {}
