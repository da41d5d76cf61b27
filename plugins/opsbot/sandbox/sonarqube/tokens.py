"""Tokens: a user's own may do what the user may, one for analyses little more than analyse.

The one user here is an administrator.
"""

import secrets
from dataclasses import dataclass

PREFIXES = {"USER_TOKEN": "squ_", "GLOBAL_ANALYSIS_TOKEN": "sqa_"}
FOR_ANALYSES = frozenset(
    {
        "ce/submit",
        "ce/task",
        "components/search_projects",
        "issues/search",
        "project_branches/list",
        "qualitygates/project_status",
        "qualitygates/show",
    }
)
"""What an analysis token may call."""


@dataclass(frozen=True)
class Token:
    """A token that was made."""

    name: str
    kind: str
    value: str

    def may(self, call: str) -> bool:
        """Tell whether it allows a call."""
        return self.kind == "USER_TOKEN" or call in FOR_ANALYSES


def make(name: str, kind: str = "USER_TOKEN") -> Token:
    """Make a token."""
    return Token(name, kind, f"{PREFIXES[kind]}{secrets.token_hex(20)}")
