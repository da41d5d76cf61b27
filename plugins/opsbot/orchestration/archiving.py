"""The backup of a release between the cluster and the archive.

What was saved leaves its task as a sealed file; the task's output names the file and its hash and
holds nothing of it. Whoever takes it from there gets exactly that file, of this application and
this environment, or a refusal.
"""

from collections.abc import Mapping
from datetime import datetime
from itertools import groupby
from typing import Any

from pydantic import ValidationError

from opsbot.integrations.kubernetes import backup as backups
from opsbot.integrations.kubernetes import objects
from opsbot.integrations.kubernetes.backup import Backup
from opsbot.orchestration import configured, record
from opsbot.planning.plan import Plan
from opsbot.store import backup_keys, plans, retention
from opsbot.store.archive import Archive, Archived, Label
from opsbot.store.backup_keys import Keyring
from opsbot.vocabulary import backup_name
from opsbot.vocabulary.backup_name import BackupName
from opsbot.vocabulary.errors import OpsBotError, Refused
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.organisation import Policies
from opsbot.vocabulary.progress import Say


class BackupOutput(Value):
    """What was saved, and where."""

    deployment: str
    namespace: str
    objects: tuple[str, ...]
    target: str
    """What a rollback goes back to."""
    verified: bool
    """Read back and compared, in the cluster and in the archive, and proven by a dry run."""
    archive: str
    """The name of the backup; `opsbot backups` lists them."""
    sealed_with: str
    """The connection or the setting that holds its key."""
    sha256: str
    """Of the archive's file."""


def require_possible(plan: Plan, *, secrets: bool) -> None:
    """Fail where a backup could not be kept, before anybody is asked about the change."""
    keyring_of(plan).require(secrets=secrets)
    archive().require_writable()


def keep(plan: Plan, saved: Backup, *, at: datetime) -> BackupOutput:
    """Write a backup into the archive, read it back and compare it."""
    name = BackupName(
        application=plan.intent.application,
        environment=plan.intent.environment or plans.ANY,
        taken_at=at,
        plan_id=plan.plan_id,
    )
    return write(name, saved, keyring_of(plan))


def write(name: BackupName, saved: Backup, keyring: Keyring) -> BackupOutput:
    """Write a backup under a name."""
    titles = tuple(objects.title(each) for each in saved.everything)
    label = Label(
        name=name,
        namespace=saved.namespace,
        deployment=saved.deployment,
        target=saved.target,
        objects=titles,
        secrets=saved.holds_secrets,
    )
    kept = archive().keep(label, saved.model_dump(mode="json"), keyring)
    return BackupOutput(
        deployment=saved.deployment,
        namespace=saved.namespace,
        objects=titles,
        target=saved.target,
        verified=True,
        archive=kept.name,
        sealed_with=kept.key,
        sha256=kept.sha256,
    )


def recall(plan: Plan, output: Mapping[str, Any]) -> Backup:
    """Return the backup that a plan's own task has kept; `output` is what the task has left."""
    name = backup_name.parse(str(output.get("archive")))
    archived, sha256 = archive().recall(name, keyring_of(plan))
    if name.plan_id != plan.plan_id or sha256 != output.get("sha256"):
        raise Refused(
            f"The backup {name} is not the one that this plan has kept: the file is another. "
            "Nothing was changed; ask for a new plan."
        )
    return _content_of(archived)


def named(plan: Plan, text: str) -> Backup:
    """Return a backup of the plan's application and environment by its name or its last part."""
    place = f"{plan.intent.application}/{plan.intent.environment}"
    name = backup_name.parse(text if "/" in text else f"{place}/{text}")
    if f"{name.application}/{name.environment}" != place:
        raise Refused(
            f"The backup {name} is of {name.application!r} in {name.environment!r}, and this plan "
            f"is for {place!r}. Nothing was changed."
        )
    return opened(name, keyring_of(plan))


def opened(name: BackupName, keyring: Keyring) -> Backup:
    """Return a backup by its name."""
    archived, _ = archive().recall(name, keyring)
    return _content_of(archived)


def purge(policies: Policies, *, now: datetime, say: Say) -> None:
    """Remove the backups that the policies keep no longer; none that a rollback may need.

    What cannot be removed now is removed another time; it is no reason to stop a change.
    """
    try:
        for name in _superfluous(policies, now):
            if not record.is_open(name.plan_id):
                archive().delete(name)
                say(f"Removed the old backup {name}")
    except OpsBotError as error:
        say(f"Old backups stay for now: {error}")


def archive() -> Archive:
    """Return the archive of this Airflow."""
    return Archive(configured.backup_folder())


def keyring_of(plan: Plan) -> Keyring:
    """Return the keys for the backups of a plan."""
    return backup_keys.of_environment(plan.backup_connection)


def _superfluous(policies: Policies, now: datetime) -> list[BackupName]:
    found: list[BackupName] = []
    ordered = sorted(archive().names(), key=_place)
    for (_, environment), names in groupby(ordered, key=_place):
        policy = policies.environments.get(environment)
        if policy is not None:
            kept, days = policy.backups_kept, policy.backups_max_days
            found += retention.superfluous(names, kept=kept, max_days=days, now=now)
    return found


def _place(name: BackupName) -> tuple[str, str]:
    return name.application, name.environment


def _content_of(archived: Archived) -> Backup:
    try:
        saved = Backup.model_validate(archived.content)
    except ValidationError:
        raise Refused(
            f"The backup {archived.label.name} was written by another version of OPS Bot and "
            "cannot be read. Nothing was changed."
        ) from None
    backups.refuse_altered(saved)
    return saved
