"""Which tools are never called, whatever a pin says, until an administrator allows them by name.

Three reasons: the name says that the tool destroys, runs what it is told or hands out secrets; an
input takes a command line or code; or the tool changes something and nobody knows what. Hints can
add a tool here (a reader that calls itself destructive), never take one away.
"""

import re

from opsbot.capabilities.matching.general import CHANGING, LOOKING
from opsbot.capabilities.matching.inputs import Input, Inputs
from opsbot.capabilities.matching.words import Word, one_by_one, texts
from opsbot.capabilities.mcp_tool import McpTool

_USUAL_NAME = re.compile(r"[A-Za-z0-9_.:/-]{1,128}")

_DESTROYS = one_by_one(
    "delete destroy remove prune purge wipe drop clean cleanup clear reset erase "
    "uninstall evict drain cordon uncordon taint rm rmi trash truncate nuke"
)
_RUNS_ANYTHING = one_by_one(
    "exec shell bash sh ssh rsh zsh powershell terminal command cmd script groovy eval "
    "generic raw arbitrary passthrough attach debug request proxy"
)
_SECRETS = one_by_one(
    "secret credential password passwd token kubeconfig env environment login logout"
)
_CALLS = one_by_one("execute call invoke run dispatch")
_INDIRECT = one_by_one("tool function method capability query api operation")
_CODE = one_by_one("command cmd script shell groovy code expression")
_ARGUMENTS = one_by_one("arg argument flag cli")


def is_dangerous(tool: McpTool, words: tuple[Word, ...], inputs: Inputs) -> bool:
    """Tell whether a tool destroys, runs anything or hands out secrets, by its name and inputs."""
    said = texts(words)
    return (
        _USUAL_NAME.fullmatch(tool.name) is None
        or bool(said & (_DESTROYS | _RUNS_ANYTHING | _SECRETS))
        or bool(said & _CALLS and said & _INDIRECT)
        or any(_takes_code(each) for each in inputs.inputs)
    )


def only_looks(words: tuple[Word, ...]) -> bool:
    """Tell whether the name is a plain reader's: it looks, and says nothing of doing."""
    said = texts(words)
    return bool(said & LOOKING) and not said & CHANGING


def says_it_destroys(tool: McpTool) -> bool:
    """Tell whether the tool's own hint calls it destructive."""
    return tool.annotations.get("destructiveHint") is True


def _takes_code(each: Input) -> bool:
    """Tell whether an input takes a command line or code, rather than one of a few words."""
    if each.values or each.types & {"boolean", "integer", "number"}:
        return False
    code = bool(each.words & _CODE) and each.words <= _CODE | _ARGUMENTS | {
        "line",
        "text",
        "string",
    }
    return code or (each.required and bool(each.words) and each.words <= _ARGUMENTS)
