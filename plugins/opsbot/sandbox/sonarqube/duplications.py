"""Copied code: runs of equal lines, within a file or between files.

Empty lines, lone brackets and comments are looked over; ten lines in a row have to be equal.
"""

from dataclasses import dataclass

from opsbot.sandbox.sonarqube import rules

LEAST_LINES = 10


@dataclass(frozen=True)
class Block:
    """Lines of a file, counted from 1."""

    path: str
    first: int
    size: int


Group = tuple[Block, ...]
"""Blocks that hold the same lines."""
Numbered = list[tuple[int, str]]
Places = frozenset[tuple[str, int]]
"""Where equal runs begin: files and positions among the lines that count."""


def find(files: dict[str, str]) -> tuple[Group, ...]:
    """Return the groups of blocks that hold the same lines, each as long as it can be."""
    numbered = {path: _lines(text) for path, text in sorted(files.items())}
    runs = _equal_runs(numbered)
    # A run that goes on from an equal one a line before is a part of that.
    first = [run for run in runs if _moved(run, -1) not in runs]
    return tuple(_group(run, _length(run, runs), numbered) for run in first)


def lines_of(groups: tuple[Group, ...], path: str) -> int:
    """Count the lines of a file that are also elsewhere."""
    return len(
        {
            number
            for group in groups
            for block in group
            if block.path == path
            for number in range(block.first, block.first + block.size)
        }
    )


def _lines(text: str) -> Numbered:
    lines = rules.without_comments(text).split("\n")
    return [(number, each.strip()) for number, each in enumerate(lines, 1) if len(each.strip()) > 1]


def _equal_runs(numbered: dict[str, Numbered]) -> dict[Places, None]:
    found: dict[tuple[str, ...], list[tuple[str, int]]] = {}
    for path, lines in numbered.items():
        for first in range(len(lines) - LEAST_LINES + 1):
            key = tuple(line for _, line in lines[first : first + LEAST_LINES])
            places = found.setdefault(key, [])
            # A run does not repeat within itself.
            if not places or places[-1][0] != path or places[-1][1] + LEAST_LINES <= first:
                places.append((path, first))
    return {frozenset(places): None for places in found.values() if len(places) > 1}


def _moved(run: Places, lines: int) -> Places:
    return frozenset((path, first + lines) for path, first in run)


def _length(run: Places, runs: dict[Places, None]) -> int:
    length = LEAST_LINES
    while (run := _moved(run, 1)) in runs:
        length += 1
    return length


def _group(run: Places, length: int, numbered: dict[str, Numbered]) -> Group:
    blocks = []
    for path, first in sorted(run):
        begins, ends = numbered[path][first][0], numbered[path][first + length - 1][0]
        blocks.append(Block(path, begins, ends - begins + 1))
    return tuple(blocks)
