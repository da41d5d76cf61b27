"""The name of a backup: whose it is, when it was taken (UTC) and by which plan.

    my-application/production/20250120T101723Z_plan_deploy_production_1737354243

It is also the file's place below the backup folder, so that a folder shows what there is without
opening anything, and old backups are found without a key. People type names, and names become
paths: what is not exactly of this form is none.
"""

import re
from datetime import UTC, datetime

from pydantic import field_validator

from opsbot.vocabulary.errors import Refused
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.organisation import Name

_MOMENT = "%Y%m%dT%H%M%SZ"
_PART = r"[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,98}[A-Za-z0-9])?"
_ID = r"(\d{8}T\d{6}Z)_([a-z][A-Za-z0-9_.-]{1,149})"
_NAME = re.compile(rf"({_PART})/({_PART})/{_ID}")
_SAID = re.compile(rf"(?:{_PART}/{_PART}/)?{_ID}")


class BackupName(Value):
    """What tells one backup from all others."""

    application: Name
    environment: Name
    taken_at: datetime
    """In UTC, whole seconds."""
    plan_id: str

    @field_validator("taken_at")
    @classmethod
    def _whole_seconds(cls, moment: datetime) -> datetime:
        return moment.astimezone(UTC).replace(microsecond=0)

    @property
    def id(self) -> str:
        """The last part, which names it within its application and environment."""
        return f"{self.taken_at.strftime(_MOMENT)}_{self.plan_id}"

    def __str__(self) -> str:
        return f"{self.application}/{self.environment}/{self.id}"


def is_said(text: str) -> bool:
    """Tell whether a word of a sentence names a backup, whole or by its last part alone."""
    return _SAID.fullmatch(text) is not None


def parse(text: str) -> BackupName:
    """Return the name that a person has typed or a folder shows; `Refused` if it is none."""
    found = _NAME.fullmatch(text)
    if found is not None:
        application, environment, moment, plan_id = found.groups()
        try:
            taken_at = datetime.strptime(moment, _MOMENT).replace(tzinfo=UTC)
        except ValueError:
            found = None
    if found is None:
        raise Refused(
            f"{text[:200]!r} is no name of a backup. Names are listed by `opsbot backups` and look "
            "like my-application/production/20250120T101723Z_plan_deploy_production_1737354243."
        )
    return BackupName(
        application=application, environment=environment, taken_at=taken_at, plan_id=plan_id
    )
