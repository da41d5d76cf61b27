"""Read a build's log: from an offset on, or its end; secrets are masked."""

from opsbot.capabilities.jenkins.get_build_logs import GetBuildLogs
from opsbot.integrations.jenkins import logs
from opsbot.integrations.jenkins.client import JenkinsClient
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say


class BuildLog(Value):
    """A piece of a build's log."""

    job: str
    build_number: int
    text: str
    truncated: bool
    """Whether something is left off: the middle, or with `tail` the beginning."""
    left_off: int
    """Bytes."""
    next_offset: int | None
    """Where to read on; None where the end was asked for."""
    more: bool
    """Whether the build may still write."""


def run(client: JenkinsClient, params: GetBuildLogs, *, say: Say) -> BuildLog:
    """Return the piece that was asked for."""
    job, number = params.job_name, params.build_number
    if params.tail:
        piece = logs.tail(client, job, number, params.max_bytes)
    else:
        piece = logs.since(client, job, number, params.offset, params.max_bytes)
    say(f"Read {len(piece.text)} characters of the log of {job} #{number}.")
    return BuildLog(
        job=job,
        build_number=number,
        text=piece.text,
        truncated=piece.left_off > 0,
        left_off=piece.left_off,
        next_offset=None if params.tail else piece.next_offset,
        more=piece.more,
    )
