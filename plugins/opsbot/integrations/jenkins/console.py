"""A build's console, told line by line while it runs.

Jenkins names the next offset in `X-Text-Size`; it is an opaque mark, not a length. Logs can be
endless and hold anything, so each look reads a bounded piece, only so many lines are told, control
characters are removed and secrets are masked. A console proves nothing: results come from the
build itself.
"""

from collections import deque

from opsbot.integrations import web
from opsbot.integrations.jenkins import addresses
from opsbot.integrations.jenkins.client import JenkinsClient
from opsbot.integrations.jenkins.text import CONTROL, KEY_BEGINS, KEY_ENDS
from opsbot.vocabulary.errors import TryAgain
from opsbot.vocabulary.progress import Say
from opsbot.vocabulary.redaction import MASK, redact

PIECE = 256 * 1024
"""Most bytes read at one look."""
MOST_LINES = 400
LONGEST_LINE = 500
TAIL = 20


class Console:
    """The console of one build, and how much of it has been told."""

    def __init__(self, client: JenkinsClient, job: str, number: int, say: Say) -> None:
        self._client, self._say = client, say
        self._path = f"{addresses.of_build(job, number)}logText/progressiveText"
        self._offset, self._told, self._partial = 0, 0, ""
        self._in_key = False
        self._last: deque[str] = deque(maxlen=TAIL)

    @property
    def tail(self) -> str:
        """The last lines told, masked."""
        return "\n".join(self._last)

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
            self._tell(self._masked(line))

    def _masked(self, line: str) -> str:
        """Mask a line; those of a private key are known only by where the key begins and ends."""
        begins, ends = KEY_BEGINS.search(line), KEY_ENDS.search(line)
        inside, self._in_key = self._in_key, bool(begins or self._in_key) and not ends
        return MASK if inside or begins else redact(CONTROL.sub("", line)[:LONGEST_LINE])

    def _tell(self, line: str) -> None:
        self._last.append(line)
        self._told += 1
        if self._told <= MOST_LINES:
            self._say(line)
        elif self._told == MOST_LINES + 1:
            self._say("(more lines are in Jenkins)")
