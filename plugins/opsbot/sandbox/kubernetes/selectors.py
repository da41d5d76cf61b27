"""Which objects a client asks for: label selectors and the field selectors clients use.

A selector in a query is text (`app=web,tier!=db`); in a spec it is matchLabels and
matchExpressions. Both are the same list of requirements.
"""

import re
from dataclasses import dataclass
from typing import Any

from opsbot.sandbox.kubernetes import problems
from opsbot.sandbox.kubernetes.problems import Json

_TERM = re.compile(
    r"\s*(?P<bang>!)?\s*(?P<key>[\w./-]+)\s*"
    r"(?:(?P<operator>==|=|!=|\s+in\s+|\s+notin\s+|in\s*(?=\()|notin\s*(?=\())\s*"
    r"(?:\((?P<values>[^)]*)\)|(?P<value>[\w./-]*)))?\s*(?:,|$)"
)


@dataclass(frozen=True)
class Requirement:
    """One condition on the labels."""

    key: str
    operator: str
    values: tuple[str, ...] = ()

    def holds(self, labels: dict[str, str]) -> bool:
        """Tell whether labels meet the condition."""
        match self.operator:
            case "In":
                return labels.get(self.key) in self.values
            case "NotIn":
                return labels.get(self.key) not in self.values
            case "Exists":
                return self.key in labels
            case _:
                return self.key not in labels


def of_text(text: str) -> tuple[Requirement, ...]:
    """Read a query's labelSelector."""
    found, position = [], 0
    while position < len(text):
        term = _TERM.match(text, position)
        if not term or term.end() == position:
            raise problems.bad_request(f"unable to parse requirement: found '{text[position:]}'")
        found.append(_requirement(term))
        position = term.end()
    return tuple(found)


def _requirement(term: re.Match[str]) -> Requirement:
    operator = (term["operator"] or "").strip()
    if not operator:
        return Requirement(term["key"], "DoesNotExist" if term["bang"] else "Exists")
    listed = term["values"] if term["values"] is not None else term["value"]
    values = tuple(value.strip() for value in listed.split(","))
    return Requirement(term["key"], "NotIn" if operator in ("!=", "notin") else "In", values)


def of_spec(selector: Json | None) -> tuple[Requirement, ...]:
    """Read the selector of a Deployment or ReplicaSet."""
    selector = selector or {}
    equal = [Requirement(k, "In", (v,)) for k, v in selector.get("matchLabels", {}).items()]
    listed = [
        Requirement(each["key"], each["operator"], tuple(each.get("values") or ()))
        for each in selector.get("matchExpressions", [])
    ]
    return tuple(equal + listed)


def text(selector: Json | None) -> str:
    """Write a spec's selector the way a query does."""
    return ",".join(f"{k}={v}" for k, v in sorted((selector or {}).get("matchLabels", {}).items()))


def match(requirements: tuple[Requirement, ...], labels: dict[str, str] | None) -> bool:
    """Tell whether labels meet all conditions."""
    return all(each.holds(labels or {}) for each in requirements)


def match_fields(text: str, candidate: Json) -> bool:
    """Tell whether an object meets a query's fieldSelector."""
    for term in filter(None, (part.strip() for part in text.split(","))):
        key, negated, value = _field_term(term)
        if (_field(candidate, key) == value) == negated:
            return False
    return True


def _field_term(term: str) -> tuple[str, bool, str]:
    parts = re.fullmatch(r"([\w.]+)\s*(==|=|!=)\s*(.*)", term)
    if not parts:
        raise problems.bad_request(f"invalid selector: '{term}'; can't understand '{term}'")
    return parts[1], parts[2] == "!=", parts[3]


def _field(candidate: Json, path: str) -> str:
    value: Any = candidate
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return "" if value is None else str(value)
