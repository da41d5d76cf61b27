"""Names of projects, branches and metrics, as arguments.

A project's key has letters, digits, `-`, `_`, `.` and `:`, and at least one that is no digit. The
Community edition knows one branch; on the others a branch has to be named to be looked at.
"""

from typing import Annotated

from pydantic import Field

from opsbot.vocabulary.model import Value

ProjectKey = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9\-_.:]*[A-Za-z\-_.:][A-Za-z0-9\-_.:]*$", max_length=400)
]
"""`my-application`"""
Branch = Annotated[str, Field(pattern=r"^[^\s\x00-\x1f]+$", max_length=255)]
"""`main`"""
MetricKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
"""`duplicated_lines_density`"""


class OfProject(Value):
    """The parameters of a tool that reads one project."""

    project_key: ProjectKey
    branch: Branch | None = None
    """None: the main one."""
