"""Makers of backups for an archive."""

from datetime import UTC, datetime
from typing import Any

from cryptography.fernet import Fernet

from opsbot.store.archive import Label
from opsbot.store.backup_keys import Keyring
from opsbot.vocabulary.backup_name import BackupName

PASSWORD = "correct-horse-battery"
ENCODED = "Y29ycmVjdC1ob3JzZS1iYXR0ZXJ5"
CONTENT: dict[str, Any] = {
    "deployment": "my-application",
    "objects": [{"kind": "Secret", "data": {"password": ENCODED}}, {"note": PASSWORD}],
}


def a_key() -> str:
    return Fernet.generate_key().decode()


def a_keyring(*own: str, airflows: tuple[str, ...] = ()) -> Keyring:
    return Keyring(connection="opsbot_backup", own=own, airflows=airflows)


def a_name(**changes: Any) -> BackupName:
    stated: dict[str, Any] = {
        "application": "my-application",
        "environment": "production",
        "taken_at": datetime(2025, 1, 20, 10, 17, 23, tzinfo=UTC),
        "plan_id": "plan_deploy_production_1737354243",
    }
    return BackupName.model_validate({**stated, **changes})


def a_label(**changes: Any) -> Label:
    stated: dict[str, Any] = {
        "name": a_name(),
        "namespace": "production",
        "deployment": "my-application",
        "target": "ReplicaSet my-application-5c9f, image shop:1, 2/2 ready",
        "objects": ("Secret 'database'", "Deployment 'my-application'"),
        "secrets": True,
    }
    return Label.model_validate({**stated, **changes})
