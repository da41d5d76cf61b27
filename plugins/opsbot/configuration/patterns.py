"""The patterns folder: one pattern a file, named as its file.

The name is what plans and people call the pattern, so a file that holds another name would send
them looking in the wrong place.
"""

import pathlib
from collections.abc import Iterable

from opsbot.capabilities.calling import fitness
from opsbot.configuration import checked_model, suggestion, yaml_file
from opsbot.planning.pattern import Pattern
from opsbot.vocabulary.errors import ConfigurationError
from opsbot.vocabulary.organisation import Organisation


def read_patterns(include: pathlib.Path, organisation: Organisation) -> tuple[Pattern, ...]:
    """Read every pattern of an include folder, in the order of their names."""
    environments = [each.name for each in organisation.environments]
    folder = include / "patterns"
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise ConfigurationError(
            str(folder), 1, "There is no pattern.", "Add one: a YAML file for each kind of plan."
        )
    found: list[Pattern] = []
    for file in files:
        document = yaml_file.read(file)
        pattern = _read(file, document)
        _refuse_unknown(document, pattern, environments)
        _refuse_rivals(document, pattern, found)
        _refuse_pins(document, pattern)
        found.append(pattern)
    return tuple(found)


def _refuse_unknown(
    document: yaml_file.Document, pattern: Pattern, environments: list[str]
) -> None:
    """Fail if a pattern is for an environment that is not there: it would never be taken."""
    for n, name in enumerate(pattern.serves.environments):
        if name not in environments:
            document.fail(
                ("serves", "environments", n),
                f"There is no environment {name!r}.",
                suggestion.did_you_mean(name, environments),
            )


def _refuse_rivals(
    document: yaml_file.Document, pattern: Pattern, others: Iterable[Pattern]
) -> None:
    """Fail if a pattern wants the same plans as another: which one is taken must be clear."""
    for other in others:
        if pattern.serves.competes(other.serves):
            shared = [each for each in pattern.serves.actions if each in other.serves.actions]
            document.fail(
                ("serves",),
                f"The patterns {other.name!r} and {pattern.name!r} both serve "
                f"{', '.join(shared)} in the same environments.",
                "Narrow one of them by `environments` or `approval`, or remove it.",
            )


def _refuse_pins(document: yaml_file.Document, pattern: Pattern) -> None:
    """Fail if a step that is done natively only is pinned to a tool of an MCP server."""
    for n, step in enumerate(pattern.steps):
        if step.mcp is not None and not fitness.can_be_pinned(step.server, step.tool):
            document.fail(
                ("steps", n, "mcp"),
                f"The step {step.id!r} uses {step.tool}, which is done natively only.",
                f"Remove `mcp`. Of {step.server.label} can be pinned: "
                f"{', '.join(fitness.pinnable(step.server)) or 'nothing'}.",
            )


def _read(file: pathlib.Path, document: yaml_file.Document) -> Pattern:
    """Check one pattern."""
    pattern = checked_model.validate(document, Pattern)
    if pattern.name != file.stem:
        raise ConfigurationError(
            str(file),
            1,
            f"Pattern {pattern.name!r} stands in the file {file.name!r}.",
            f"Rename one of them: the file {pattern.name}.yaml, or the pattern {file.stem}.",
        )
    return pattern
