"""A build's console, told line by line while it runs.

Jenkins names the next offset in `X-Text-Size`; it is an opaque mark, not a length. An offset
beyond the end brings the whole log again. Logs can be endless and hold anything, so each look
reads a bounded piece, only so many lines are told, control characters are removed and secrets are
masked. A console proves nothing: results come from the build itself.
"""

import re
from collections import deque

from opsbot.integrations import web
from opsbot.integrations.jenkins import addresses
from opsbot.integrations.jenkins.client import JenkinsClient
from opsbot.vocabulary.errors import TryAgain
from opsbot.vocabulary.progress import Say
from opsbot.vocabulary.redaction import redact

PIECE = 256 * 1024
"""Most bytes read at one look."""
MOST_LINES = 400
LONGEST_LINE = 500
TAIL = 20
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]")


class Console:
    """The console of one build, and how much of it has been told."""

    def __init__(self, client: JenkinsClient, job: str, number: int, say: Say) -> None:
        self._client, self._say = client, say
        self._path = f"{addresses.of_build(job, number)}logText/progressiveText"
        self._offset, self._told, self._partial = 0, 0, ""
        self._last: deque[str] = deque(maxlen=TAIL)

    @property
    def tail(self) -> str:
        """The last lines, masked."""
        return redact("\n".join(self._last))

    def tell_news(self, *, to_the_end: bool = False) -> None:
        """Tell the lines that were written since the last look; a fault is no reason to stop."""
        try:
            response = self._client.server.send(
                "GET", self._path, params={"start": str(self._offset)}
            )
            size = int(response.headers.get("X-Text-Size", self._offset))
            piece = web.text(response, PIECE) if response.status_code == 200 else ""
        except (TryAgain, ValueError):
            return
        # A log that shrank is another log (a restarted server): not told twice.
        news = piece if size >= self._offset else ""
        self._offset = size
        *lines, self._partial = (self._partial + news).split("\n")
        if to_the_end and self._partial:
            lines.append(self._partial)
            self._partial = ""
        for line in lines:
            self._tell(line.rstrip("\r"))

    def _tell(self, line: str) -> None:
        line = CONTROL.sub("", line)[:LONGEST_LINE]
        self._last.append(line)
        self._told += 1
        if self._told <= MOST_LINES:
            self._say(redact(line))
        elif self._told == MOST_LINES + 1:
            self._say("(more lines are in Jenkins)")
