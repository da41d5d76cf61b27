"""The secrets and logins of one Airflow, made once for each state folder.

Everything is random and readable by its owner alone. Airflow's simple auth manager would print
the passwords it makes; it is given a finished file instead, so nobody prints them but the demo.
"""

import base64
import json
import secrets
from collections.abc import Mapping
from pathlib import Path

from opsbot.vocabulary.model import Value

ADMIN_ONLY = {"admin": "admin"}
"""Users by name, with their role: viewer, user, op or admin."""

OPSBOT = "opsbot"
"""OPS Bot's own account, by which it rejects what a newer plan has superseded."""

_LETTERS = "abcdefghkmnpqrstuvwxyzABCDEFGHKMNPQRSTUVWXYZ23456789"


class Identity(Value):
    """Keys of an Airflow, its users' roles and passwords."""

    fernet_key: str
    jwt_secret: str
    api_secret: str
    roles: dict[str, str]
    passwords: dict[str, str]

    @property
    def airflow_users(self) -> str:
        """The users as `[core] simple_auth_manager_users` wants them."""
        return ",".join(f"{name}:{role}" for name, role in self.roles.items())


def of_state(state: Path, roles: Mapping[str, str]) -> Identity:
    """Return the identity kept in a state folder, made now if there is none for these users."""
    kept = state / "identity.json"
    if kept.exists():
        identity = Identity.model_validate_json(kept.read_text(encoding="utf-8"))
        if identity.roles == dict(roles):
            return identity
    identity = _new(roles)
    write_private(kept, identity.model_dump_json())
    write_private(state / "passwords.json", json.dumps(identity.passwords))
    return identity


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, from its first moment on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")


def _new(roles: Mapping[str, str]) -> Identity:
    return Identity(
        fernet_key=base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        jwt_secret=secrets.token_urlsafe(48),
        api_secret=secrets.token_urlsafe(32),
        roles=dict(roles),
        passwords={name: _password() for name in roles},
    )


def _password() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(16))
