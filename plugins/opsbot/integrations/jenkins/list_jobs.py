"""List jobs through three levels of folders, in one request.

What lies deeper is not looked into; its folder is listed, so that it can be asked for. A job that
the user may not read is not listed by Jenkins.
"""

from collections.abc import Iterator
from typing import Any

from opsbot.capabilities.jenkins.list_jobs import ListJobs
from opsbot.integrations.jenkins import addresses, kinds
from opsbot.integrations.jenkins.client import JenkinsClient
from opsbot.integrations.jenkins.kinds import Kind
from opsbot.integrations.jenkins.text import one_line
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say

LEVELS = 3
_FIELDS = "_class,name,buildable,lastBuild[number,building,result]"


class ListedJob(Value):
    """A job or folder in a list."""

    name: str
    """The full name."""
    kind: Kind
    buildable: bool
    """False: a folder, disabled, or its branch is gone."""
    last_build: int | None
    last_result: str | None
    """Jenkins' word for the last build's end; None: none, or it still runs."""
    building: bool


class Jobs(Value):
    """Jobs by folder and name."""

    jobs: tuple[ListedJob, ...]
    left_off: int
    """Further ones, beyond the limit."""
    unopened: tuple[str, ...]
    """Folders that lie too deep to be looked into."""


def run(client: JenkinsClient, params: ListJobs, *, say: Say) -> Jobs:
    """Return what the folder, or the server, holds."""
    path = addresses.of_job(params.folder) if params.folder else ""
    found = client.find(path, f"_class,{_tree(LEVELS)}")
    if found is None:
        raise StepFailed(
            f"The Jenkins folder {params.folder!r} is missing, or {client.user!r} may not see it. "
            "Check its full name and the user's right Job/Read."
        )
    if "jobs" not in found:
        raise StepFailed(f"{params.folder!r} is no folder but a job: it holds no jobs.")
    listed = list(_listed(found["jobs"], params.folder or "", LEVELS))
    shown = listed[: params.limit]
    say(f"{client.user} sees {len(listed)} jobs and folders.")
    return Jobs(
        jobs=tuple(job for job, _ in shown),
        left_off=len(listed) - len(shown),
        unopened=tuple(job.name for job, is_too_deep in shown if is_too_deep),
    )


def _tree(levels: int) -> str:
    below = f",{_tree(levels - 1)}" if levels > 1 else ""
    return f"jobs[{_FIELDS}{below}]"


def _listed(
    found: list[dict[str, Any]], folder: str, levels: int
) -> Iterator[tuple[ListedJob, bool]]:
    """Yield jobs and folders, each with whether it is a folder that was not opened."""
    for each in found:
        name = f"{folder}/{each['name']}".lstrip("/")
        kind = kinds.of(each.get("_class"))
        yield _job(name, kind, each), kind in kinds.HOLDERS and levels == 1
        yield from _listed(each.get("jobs") or [], name, levels - 1)


def _job(name: str, kind: Kind, found: dict[str, Any]) -> ListedJob:
    last = found.get("lastBuild") or {}
    building = bool(last.get("building"))
    return ListedJob(
        name=one_line(name),
        kind=kind,
        buildable=bool(found.get("buildable")),
        last_build=last.get("number"),
        last_result=None if building else last.get("result"),
        building=building,
    )
