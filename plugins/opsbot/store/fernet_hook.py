"""The Airflow connection type `fernet`: the keys of backups, newest first, as its password."""

from typing import Any

from airflow.sdk import BaseHook

from opsbot.store import backup_keys
from opsbot.store.backup_keys import Keyring
from opsbot.vocabulary.errors import Refused


class FernetHook(BaseHook):
    """Reads the keys of an Airflow connection."""

    conn_name_attr = "fernet_conn_id"
    default_conn_name = "opsbot_backup"
    conn_type = "fernet"
    hook_name = "Fernet keys"

    def __init__(self, fernet_conn_id: str = default_conn_name) -> None:
        super().__init__()
        self.fernet_conn_id = fernet_conn_id

    @classmethod
    def get_ui_field_behaviour(cls) -> dict[str, Any]:
        """Return how Airflow's connection form looks for this type."""
        return {
            "hidden_fields": ["host", "port", "schema", "login", "extra"],
            "relabeling": {"password": "Keys, newest first"},
            "placeholders": {"password": "newest key, older key, ..."},
        }

    def get_conn(self) -> Keyring:
        """Return the connection's keys."""
        return backup_keys.of_environment(self.fernet_conn_id)

    def test_connection(self) -> tuple[bool, str]:
        """Tell Airflow's connection form whether these are keys."""
        try:
            keyring = self.get_conn()
        except Refused as problem:
            return False, str(problem)
        return bool(keyring.own), f"{len(keyring.own)} keys; the first one seals."
