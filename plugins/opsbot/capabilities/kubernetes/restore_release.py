"""Restore a release from a backup, whatever was done to it since.

Unlike a rollback it does not depend on what the cluster still keeps, and it brings back all saved
objects to the last field, taking fields from others where it must.
"""

from pydantic import Field

from opsbot.capabilities.capability import Capability
from opsbot.capabilities.kubernetes.change import Change
from opsbot.vocabulary.model import Span
from opsbot.vocabulary.words import Risk, ServerKind


class RestoreRelease(Change):
    """Which release, and from what."""

    backup: str = Field(min_length=1)
    """Its name in the archive, as `opsbot backups` lists it; the part behind the last slash will
    do."""


CAPABILITY = Capability(
    server=ServerKind.KUBERNETES,
    name="restore_release",
    params=RestoreRelease,
    risk=Risk.HIGH,
    duration=Span(min=5, max=180),
    changes=True,
    undo="apply the objects of the backup that was taken before",
    summary="Restore a release",
    what_it_does="Applies the saved objects of a release and waits until all replicas run it",
)
