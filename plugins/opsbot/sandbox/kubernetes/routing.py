"""Paths of the API: which object, or which list of objects, a request means."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from opsbot.sandbox.kubernetes import kinds, problems
from opsbot.sandbox.kubernetes.kinds import Resource, Target


@dataclass(frozen=True)
class Query:
    """The part after the question mark; names and values as clients send them."""

    values: dict[str, str]

    def text(self, name: str) -> str:
        """Return a value, empty if it is not given."""
        return self.values.get(name, "")

    def flag(self, name: str) -> bool:
        """Read a truth value."""
        return self.text(name).lower() in ("true", "1")

    def number(self, name: str) -> int | None:
        """Read a whole number."""
        text = self.text(name)
        if not text:
            return None
        try:
            return int(text)
        except ValueError:
            raise problems.bad_request(
                f'strconv.ParseInt: parsing "{text}": invalid syntax'
            ) from None


def split(raw: str) -> tuple[str, Query]:
    """Separate path and query."""
    parts = urlsplit(raw)
    return parts.path, Query(dict(parse_qsl(parts.query, keep_blank_values=True)))


def target(path: str) -> Target:
    """Read a resource path."""
    parts = [unquote(part) for part in path.strip("/").split("/")]
    match parts:
        case ["api", "v1", *rest]:
            return _inside("", rest)
        case ["apis", group, "v1", *rest]:
            return _inside(group, rest)
        case _:
            raise problems.no_such_path()


def _inside(group: str, rest: list[str]) -> Target:
    match rest:
        case ["namespaces", namespace, plural, *below] if (group, plural) in kinds.BY_PATH:
            return _named(kinds.BY_PATH[group, plural], namespace, below)
        case [plural, *below] if (group, plural) in kinds.BY_PATH:
            return _named(kinds.BY_PATH[group, plural], "", below)
        case _:
            raise problems.no_such_path()


def _named(resource: Resource, namespace: str, below: list[str]) -> Target:
    match below:
        case []:
            return Target(resource, namespace)
        case [name]:
            return Target(resource, namespace, name)
        case [name, subresource] if subresource in resource.subresources:
            return Target(resource, namespace, name, subresource)
        case _:
            raise problems.no_such_path()
