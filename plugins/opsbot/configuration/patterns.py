"""The patterns folder: one pattern a file, named as its file.

The name is what plans and people call the pattern, so a file that holds another name would send
them looking in the wrong place.
"""

import pathlib

from opsbot.configuration import checked_model
from opsbot.planning.pattern import Pattern
from opsbot.vocabulary.errors import ConfigurationError


def read_patterns(include: pathlib.Path) -> tuple[Pattern, ...]:
    """Read every pattern of an include folder, in the order of their names."""
    folder = include / "patterns"
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise ConfigurationError(
            str(folder), 1, "There is no pattern.", "Add one: a YAML file for each kind of plan."
        )
    return tuple(_read(file) for file in files)


def _read(file: pathlib.Path) -> Pattern:
    """Read one pattern."""
    pattern = checked_model.read_model(file, Pattern)
    if pattern.name != file.stem:
        raise ConfigurationError(
            str(file),
            1,
            f"Pattern {pattern.name!r} stands in the file {file.name!r}.",
            f"Rename one of them: the file {pattern.name}.yaml, or the pattern {file.stem}.",
        )
    return pattern
