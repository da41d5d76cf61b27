"""Which tools are never called, whatever a pin says, until an administrator allows them by name.

A name can say that the tool destroys, runs what it is told, or hands out secrets; an input can
demand a command line or code. Everything else that does something, and nobody knows what, is
denied too: a name that is no capability's and no plain reader's. Hints can add a tool here (a
reader that calls itself destructive), never take one away.
"""

import re

from opsbot.capabilities.matching.general import CHANGING, LOOKING
from opsbot.capabilities.matching.inputs import Input, Inputs
from opsbot.capabilities.matching.words import Word, one_by_one, texts
from opsbot.capabilities.mcp_tool import McpTool

_USUAL_NAME = re.compile(r"[A-Za-z0-9_.:/-]{1,128}")
"""Others may look like a name that they are not."""

_DESTROYS = one_by_one(
    "delete destroy remove prune purge wipe drop clean cleanup clear reset erase "
    "uninstall evict drain cordon uncordon taint rm rmi trash truncate nuke"
)
_RUNS_ANYTHING = one_by_one(
    "exec shell bash sh ssh rsh zsh powershell terminal command cmd script groovy eval"
)
_SECRETS = one_by_one("secret credential password passwd token kubeconfig environment login logout")

_CALLS = one_by_one("execute call invoke run dispatch")
_INDIRECT = one_by_one("tool function method capability query api operation")
"""What stands for something else: `execute_tool` is every tool."""

_DOORS = one_by_one("api rest http")
_METHODS = one_by_one("get post put patch delete")
"""A name of these alone, `api_get`, leads past all other tools."""

_CODE = one_by_one("command cmd script shell groovy code expression")
_ARGUMENTS = one_by_one("argument flag cli")
_TEXT = one_by_one("line text string")

_MORE = one_by_one("and then or")
"""What follows such a word is not looked into."""

WORDS = _DESTROYS | _RUNS_ANYTHING | _SECRETS | _CALLS | _INDIRECT | _CODE
"""Words that must be found as they are, not taken apart."""


def is_dangerous(
    tool: McpTool, words: tuple[Word, ...], inputs: Inputs, own_names: frozenset[str]
) -> bool:
    """Tell whether a tool destroys, runs anything or hands out secrets, by its name and inputs."""
    said = texts(words)
    return (
        _USUAL_NAME.fullmatch(tool.name) is None
        or bool(said & (_DESTROYS | _RUNS_ANYTHING | _SECRETS))
        or bool(said & _CALLS and said & _INDIRECT)
        or bool(said & _DOORS and said <= _DOORS | _METHODS | own_names)
        or any(_takes_code(each) for each in inputs.inputs)
    )


def only_looks(tool: McpTool, words: tuple[Word, ...]) -> bool:
    """Tell whether the name is a plain reader's: it looks, and says nothing of doing."""
    said = texts(words)
    looks = bool(said & LOOKING) and not said & (CHANGING | _MORE)
    return looks and not says_it_destroys(tool)


def says_it_destroys(tool: McpTool) -> bool:
    """Tell whether the tool's own hint calls it destructive."""
    return tool.annotations.get("destructiveHint") is True


def _takes_code(each: Input) -> bool:
    """Tell whether an input demands a command line or code, rather than one of a few words."""
    if not each.required or each.values or each.types & {"boolean", "integer", "number"}:
        return False
    return bool(each.words & (_CODE | _ARGUMENTS)) and each.words <= _CODE | _ARGUMENTS | _TEXT
