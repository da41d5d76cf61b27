"""Single tools in the many words that servers use for one thing, and near misses that are none."""

import pytest

from opsbot.vocabulary.words import ServerKind
from tests.capabilities.matching import tool_lists

PHRASES = [
    pytest.param(ServerKind(kind), capability, line, id=f"{kind}-{capability}-{line}")
    for kind, groups in tool_lists.loaded(tool_lists.FOLDER / "phrases.yaml").items()
    for capability, lines in groups.items()
    for line in lines.strip().splitlines()
]


@pytest.mark.parametrize(("kind", "capability", "line"), PHRASES)
def test_a_tool_is_understood_by_its_name_and_inputs(kind, capability, line):
    name = line.partition("(")[0]
    found = tool_lists.matched(kind, f"{line}\n{tool_lists.NAMES[kind]}")

    served = {each for each, tool in found.items() if tool == name}

    assert capability in served if capability != "none" else served == set()
