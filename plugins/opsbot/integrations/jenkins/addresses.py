"""Where Jenkins keeps a job, a build, an artifact.

A job in folders is `job/a/job/b`; each name is encoded once. A multibranch job keeps the branch
`feature/x` under the name `feature%2Fx`, whose own per cent sign is encoded again: names are
never decoded first.
"""

from urllib.parse import quote

from opsbot.vocabulary.errors import Refused


def of_job(name: str) -> str:
    """Return the path of a job from its full name."""
    parts = name.strip("/").split("/")
    if any(part in ("", ".", "..") for part in parts):
        raise Refused(f"{name!r} is no full name of a Jenkins job (folder/job).")
    return "/".join(f"job/{quote(part, safe='')}" for part in parts) + "/"


def of_build(job: str, number: int) -> str:
    """Return the path of one build."""
    return f"{of_job(job)}{number}/"


def of_artifact(job: str, number: int, path: str) -> str:
    """Return the path of one archived file of a build."""
    parts = path.split("/")
    if any(part in ("", ".", "..") for part in parts) or "\\" in path:
        raise Refused(f"{path!r} is no path of an archived file.")
    return f"{of_build(job, number)}artifact/" + "/".join(quote(part, safe="") for part in parts)
