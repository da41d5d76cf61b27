"""Match the tools of one MCP server to the capabilities of its kind."""

from collections import Counter
from collections.abc import Collection, Sequence
from functools import lru_cache
from importlib import import_module
from typing import NamedTuple

from opsbot.capabilities.catalog import NATIVE
from opsbot.capabilities.matching import denying, general
from opsbot.capabilities.matching.inputs import Inputs, inputs_of
from opsbot.capabilities.matching.judging import judge
from opsbot.capabilities.matching.readings import readings_of
from opsbot.capabilities.matching.row import Table
from opsbot.capabilities.matching.words import Word, texts, words_of
from opsbot.capabilities.mcp_tool import McpTool
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.words import ServerKind

_SHARED_BY = 0.8
"""Share of the tools whose first word makes it a prefix (`harbor_list_projects`)."""
_FEWEST_SHARING = 4
_SPEAKS = 0.25
"""Share of the tools that use the words of a kind of server."""


class Matching(Value):
    """Which tool serves which capability, and which are never called."""

    mapping: dict[str, str | None]
    """For every capability of the kind: the tool's name, or None."""
    serving: dict[str, tuple[str, ...]]
    """For every capability of the kind: all tools that serve it, the best one first."""
    denied: tuple[str, ...]
    """In the order in which the server lists them."""


class _Candidate(NamedTuple):
    """A tool with its name and its schema read."""

    tool: McpTool
    words: tuple[Word, ...]
    inputs: Inputs


def match(kind: ServerKind, tools: Sequence[McpTool], *, allowed: Collection[str] = ()) -> Matching:
    """Match a server's tools to the capabilities of its kind.

    `allowed`: names of tools that an administrator permits though they would be denied. A name
    that two tools claim stays denied: nobody knows which of them a call would reach.
    """
    table = _table(kind)
    candidates = _candidates(tools, table)
    twice = _claimed_twice(tools)
    permitted = frozenset(allowed) - twice
    usable = [
        each
        for each in candidates
        if each.tool.name in permitted
        or (each.tool.name not in twice and not _is_dangerous(each, table))
    ]
    scores = _scores(usable, table, permitted) if _speaks(candidates, table) else {}
    serving = {capability: _ranked(scores.get(capability, {})) for capability in NATIVE[kind]}
    harmless = {
        *permitted,
        *(name for ranked in serving.values() for name in ranked),
        *(each.tool.name for each in usable if denying.only_looks(each.tool, each.words)),
    }
    return Matching(
        mapping={capability: next(iter(names), None) for capability, names in serving.items()},
        serving=serving,
        denied=tuple(dict.fromkeys(tool.name for tool in tools if tool.name not in harmless)),
    )


def _candidates(tools: Sequence[McpTool], table: Table) -> list[_Candidate]:
    known = _known(table.kind)
    names = [words_of(tool.name, known) for tool in tools]
    prefix = _prefix(names, known)
    return [
        _Candidate(
            tool=tool,
            words=words[1:] if prefix and words[:1] and words[0].text == prefix else words,
            inputs=inputs_of(tool.input_schema, known),
        )
        for tool, words in zip(tools, names, strict=True)
    ]


def _prefix(names: list[tuple[Word, ...]], known: frozenset[str]) -> str | None:
    """Return the first word that a server puts before all its tools, if it says nothing."""
    firsts = Counter(words[0].text for words in names if len(words) > 1)
    if not firsts:
        return None
    ((first, count),) = firsts.most_common(1)
    common = count >= max(_FEWEST_SHARING, _SHARED_BY * len(names))
    return first if common and first not in known | general.FOREIGN else None


def _claimed_twice(tools: Sequence[McpTool]) -> frozenset[str]:
    counts = Counter(tool.name for tool in tools)
    return frozenset(name for name, count in counts.items() if count > 1)


def _is_dangerous(candidate: _Candidate, table: Table) -> bool:
    tool, words, inputs = candidate
    return denying.is_dangerous(tool, words, inputs, table.own_names)


def _speaks(candidates: list[_Candidate], table: Table) -> bool:
    """Tell whether a server is of this kind: it says so, or much of what it says is of it.

    Without that, a tracker's `list_projects` would be SonarQube's.
    """
    said = [texts(each.words) | each.inputs.words() for each in candidates]
    if any(words & table.marks for words in said):
        return True
    return sum(bool(words & table.usual) for words in said) > _SPEAKS * len(said)


def _scores(
    candidates: list[_Candidate], table: Table, allowed: Collection[str]
) -> dict[str, dict[str, float]]:
    """Return for each capability the tools that serve it, with how well they do."""
    scores: dict[str, dict[str, float]] = {}
    known = _known(table.kind)
    for each in candidates:
        suspicious = denying.says_it_destroys(each.tool) and each.tool.name not in allowed
        for reading in readings_of(each.words, each.inputs, known):
            if not texts(reading.words) <= known:
                continue
            for rank, way in enumerate(table.ways):
                if suspicious and way.reads and not reading.chosen:
                    continue
                score = judge(way, reading, each.inputs, table)
                if score is not None:
                    found = scores.setdefault(way.capability, {})
                    ranked = score - 10 * rank
                    found[each.tool.name] = max(found.get(each.tool.name, ranked), ranked)
    return scores


def _ranked(scores: dict[str, float]) -> tuple[str, ...]:
    """Return the tools, best first; of equals the one with the shorter, then earlier name."""
    return tuple(sorted(scores, key=lambda name: (-scores[name], len(name), name)))


def _table(kind: ServerKind) -> Table:
    table: Table = import_module(f"opsbot.capabilities.matching.tables.{kind.value}").TABLE
    return table


@lru_cache(maxsize=len(ServerKind))
def _known(kind: ServerKind) -> frozenset[str]:
    """Return all words that mean something at a server of this kind."""
    table = _table(kind)
    said = [
        *(word for way in table.ways for thing in way.things for word in thing),
        *(word for way in table.ways for word in way.verbs | way.beside),
        *(word for role in table.roles for word in role.head | role.beside),
    ]
    return (
        frozenset(said)
        | table.own_names
        | table.marks
        | table.usual
        | general.READING
        | general.LISTING
        | general.FILLING
        | general.ABOUT
        | denying.WORDS
    )
