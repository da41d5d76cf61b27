"""Text that a server wrote, made fit for a person's eyes.

It is cut to a length, its secrets are masked and what has no picture is spelt out. It is shown in
quotes, as what the server said; nothing is ever decided by it.
"""

from opsbot.planning import wording
from opsbot.vocabulary.redaction import redact

LONGEST_SHOWN = 2000
_LONGEST_MASKED = 4 * LONGEST_SHOWN
"""Masking is not paid for what is cut off anyway; the margin keeps a secret from being halved."""


def shown(text: str, longest: int = LONGEST_SHOWN) -> str:
    """Return a server's text in the form in which it is shown."""
    masked = wording.visible(" ".join(redact(text[:_LONGEST_MASKED]).split()))
    return masked if len(masked) <= longest else f"{masked[:longest]}... (cut)"
