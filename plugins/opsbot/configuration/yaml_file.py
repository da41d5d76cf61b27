"""YAML as people write it: every value keeps the line it stands on.

A configuration error is only useful with file and line, and pydantic knows neither. So a file is
composed to nodes, and the nodes are turned into plain values while the line of every key and item
is remembered under its path. Only plain data is accepted: no tags that build objects, no anchors
(they make one small file mean gigabytes), no key twice (YAML would silently keep the last).
"""

import pathlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

import yaml

from opsbot.vocabulary.errors import ConfigurationError

Location = tuple[str | int, ...]

LARGEST_FILE = 512 * 1024
DEEPEST_NESTING = 40
LONGEST_NUMBER = 64
"""Characters; YAML 1.1 would compute with thousands (`59:59:59` is 215999)."""
_PLAIN_TAGS = frozenset(
    f"tag:yaml.org,2002:{each}"
    for each in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq")
)
# libyaml where PyYAML was built with it: five times quicker, the same language.
_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Document:
    """One YAML document: its plain value, and the line of everything in it."""

    file: str
    value: Any
    lines: dict[Location, int]

    def line(self, location: Location) -> int:
        """Return the line of a location, or of the nearest thing around it."""
        while location and location not in self.lines:
            location = location[:-1]
        return self.lines.get(location, 1)

    def fail(self, location: Location, problem: str, remedy: str) -> NoReturn:
        """Raise the configuration error of one place in this document."""
        raise ConfigurationError(self.file, self.line(location), problem, remedy)


def read(path: pathlib.Path) -> Document:
    """Read the one document of a file."""
    documents = read_all(path)
    if len(documents) != 1:
        raise ConfigurationError(
            str(path), 1, f"The file holds {len(documents)} documents.", "Keep exactly one."
        )
    return documents[0]


def read_all(path: pathlib.Path) -> tuple[Document, ...]:
    """Read all documents of a file; empty ones are left out."""
    text = _text(path)
    try:
        _refuse_traps(path, text)
        nodes = list(yaml.compose_all(text, Loader=_Loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = min(mark.line, text.count("\n")) + 1 if mark else 1
        problem = f"This is not YAML: {error.problem or error.context}."
        raise ConfigurationError(str(path), line, problem, "Correct the line.") from None
    except yaml.YAMLError as error:
        remedy = "Save the file as plain text."
        raise ConfigurationError(
            str(path), 1, f"This is not YAML: {_first_line(error)}.", remedy
        ) from None
    return tuple(_document(path, node) for node in nodes if node is not None)


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0].rstrip(".")


def _text(path: pathlib.Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise ConfigurationError(
            str(path), 1, f"The file cannot be read: {error.strerror}.", "Create or unlock it."
        ) from None
    if len(content) > LARGEST_FILE:
        problem = f"The file is larger than {LARGEST_FILE} bytes."
        raise ConfigurationError(str(path), 1, problem, "Split it or remove what is not needed.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ConfigurationError(
            str(path), line, "The file is not UTF-8 text.", "Save it as UTF-8."
        ) from None


def _refuse_traps(path: pathlib.Path, text: str) -> None:
    """Refuse anchors, aliases and deep nesting before anything is built from them."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise ConfigurationError(
                str(path), line, "Anchors and aliases are not allowed.", "Write the value out."
            )
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST_NESTING:
            raise ConfigurationError(
                str(path), line, f"Nested deeper than {DEEPEST_NESTING} levels.", "Flatten it."
            )


def _document(path: pathlib.Path, node: yaml.Node) -> Document:
    lines: dict[Location, int] = {}
    value = _Builder(str(path), lines).build(node, ())
    return Document(file=str(path), value=value, lines=lines)


class _Builder:
    """Turns nodes into plain values and notes their lines on the way."""

    def __init__(self, file: str, lines: dict[Location, int]) -> None:
        self._file = file
        self._lines = lines
        self._scalars = yaml.constructor.SafeConstructor()

    def build(self, node: yaml.Node, location: Location) -> Any:
        """Return the plain value of a node."""
        self._lines.setdefault(location, node.start_mark.line + 1)
        if node.tag not in _PLAIN_TAGS:
            self._fail(node, f"The tag {node.tag!r} is not plain data.", "Remove the tag.")
        match node:
            case yaml.MappingNode():
                return dict(self._pairs(node, location))
            case yaml.SequenceNode():
                return [self.build(each, (*location, n)) for n, each in enumerate(node.value)]
            case _:
                return self._scalar(node)

    def _pairs(self, node: yaml.MappingNode, location: Location) -> Iterator[tuple[str, Any]]:
        seen: set[str] = set()
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if not isinstance(key_node, yaml.ScalarNode) or key == "<<":
                self._fail(key_node, "A key must be one plain word.", "Write the keys out.")
            if key in seen:
                self._fail(key_node, f"The key {key!r} stands twice.", "Keep one of them.")
            seen.add(key)
            self._lines[(*location, key)] = key_node.start_mark.line + 1
            yield key, self.build(value_node, (*location, key))

    def _scalar(self, node: yaml.Node) -> Any:
        # A version such as 1.0 or a date is a word to us; only its spelling is safe.
        if node.tag.endswith((":float", ":timestamp")):
            return node.value
        if node.tag.endswith(":int") and len(node.value) > LONGEST_NUMBER:
            self._fail(node, "The number is too long to be one.", "Put it in quotes.")
        try:
            return self._scalars.construct_object(node, deep=True)
        except (ValueError, yaml.YAMLError) as error:
            self._fail(node, f"{node.value!r} cannot be read: {error}.", "Put it in quotes.")

    def _fail(self, node: yaml.Node, problem: str, remedy: str) -> NoReturn:
        raise ConfigurationError(self._file, node.start_mark.line + 1, problem, remedy)
