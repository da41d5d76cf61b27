"""Save a release as it runs now, so that it can be restored exactly.

Saved are the Deployment and, where one is named, its Service. Every plan that changes a release
does the same before the change; this tool is for a backup that somebody wants to keep.
"""

from opsbot.capabilities.capability import NOTHING_TO_UNDO, Capability
from opsbot.vocabulary.model import Span, Value
from opsbot.vocabulary.words import Risk, ServerKind


class BackupRelease(Value):
    """What to save."""

    deployment_name: str
    namespace: str
    service_name: str = ""
    """Service that is saved with the Deployment; empty where there is none."""


CAPABILITY = Capability(
    server=ServerKind.KUBERNETES,
    name="backup_release",
    params=BackupRelease,
    risk=Risk.LOW,
    duration=Span(min=0, max=10),
    changes=False,
    undo=NOTHING_TO_UNDO,
    summary="Back up a release",
    what_it_does="Saves the live objects of a release, reads them back and proves them by dry run",
)
