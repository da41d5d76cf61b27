"""Kinds of jobs, by the class that Jenkins names.

A multibranch project and an organisation folder hold one job a branch or repository and build
nothing themselves: a trigger only makes them look for new branches.
"""

import re
from typing import Literal

Kind = Literal["pipeline", "freestyle", "folder", "multibranch", "other"]
HOLDERS = frozenset({"folder", "multibranch"})
_KINDS: tuple[tuple[str, Kind], ...] = (
    (r"MultiBranchProject$|OrganizationFolder$", "multibranch"),
    (r"Folder$", "folder"),
    (r"WorkflowJob$", "pipeline"),
    (r"FreeStyleProject$", "freestyle"),
)


def of(name: object) -> Kind:
    """Return the kind of a class; old servers name none."""
    found = (kind for pattern, kind in _KINDS if re.search(pattern, str(name)))
    return next(found, "other")
