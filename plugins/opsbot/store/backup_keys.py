"""The keys that backups are sealed with.

A backup holds Secrets, and outlives what Airflow keeps of its run. So it has a key of its own: the
password of an Airflow connection, one Fernet key or several, newest first. The first seals; each
of them opens, so that a new key does not make the old backups unreadable. A file says by a hash
which key it wants, which tells a wrong key from a damaged file.

A backup without Secrets may do without that connection: it is sealed with Airflow's own key, since
the environment of its pods is nobody's business either. One with Secrets may not: whoever gives
up Airflow's key one day would give up the last copy of a password.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from cryptography.fernet import Fernet, InvalidToken

from opsbot.vocabulary.errors import Refused

AIRFLOWS_KEY = "[core] fernet_key"
HOW_TO_MAKE = (
    "python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'"
)


@dataclass(frozen=True)
class Sealed:
    """What was sealed, and with which key."""

    token: str
    key: str
    """Where the key is kept: a connection id or Airflow's setting."""
    key_id: str


@dataclass(frozen=True)
class Keyring:
    """The keys of one environment."""

    connection: str
    """The Airflow connection that holds its own keys."""
    own: tuple[str, ...] = field(repr=False, default=())
    """Newest first; empty where there is no such connection."""
    airflows: tuple[str, ...] = field(repr=False, default=())

    def require(self, *, secrets: bool) -> None:
        """Refuse what could not be sealed."""
        if self.own or (self.airflows and not secrets):
            return
        what = "A release with Secrets is" if secrets else "A release is"
        raise Refused(
            f"{what} not changed without a backup, and there is no key for one: the connection "
            f"{self.connection!r} does not exist. Nothing was changed. Add it (type fernet); its "
            f"password is a key made by: {HOW_TO_MAKE}"
        )

    def seal(self, content: bytes, *, secrets: bool) -> Sealed:
        """Seal with the newest own key, or with Airflow's where there is none and no Secret."""
        self.require(secrets=secrets)
        key = (self.own or self.airflows)[0]
        token = Fernet(key).encrypt(content).decode()
        where = self.connection if self.own else AIRFLOWS_KEY
        return Sealed(token=token, key=where, key_id=_id_of(key))

    def open(self, sealed: Sealed) -> bytes:
        """Return what was sealed; `Refused` says whether the key or the file is wrong."""
        keys = {_id_of(key): key for key in (*self.own, *self.airflows)}
        if sealed.key_id not in keys:
            raise Refused(
                f"it is sealed with the key {sealed.key_id} of {sealed.key!r}, which is not among "
                f"the present keys ({', '.join(keys) or 'there is none'}). Add the old key behind "
                f"the new one in the connection {self.connection!r}"
            )
        try:
            return Fernet(keys[sealed.key_id]).decrypt(sealed.token.encode())
        except InvalidToken:
            raise Refused(
                "it was altered or damaged after it was sealed: it does not open with its own key"
            ) from None


def of_environment(connection_id: str) -> Keyring:
    """Return the keys that this Airflow has for an environment."""
    return Keyring(
        connection=connection_id,
        own=_of_connection(connection_id),
        airflows=tuple(_airflows()),
    )


def keys_of(text: str, where: str) -> tuple[str, ...]:
    """Return the keys that stand in a connection's password, between commas or spaces."""
    keys = tuple(each for each in re.split(r"[\s,]+", text) if each)
    wrong = sum(not _is_key(each) for each in keys)
    if wrong or not keys:
        found = f"{wrong} of its {len(keys)} parts are" if keys else "its password is"
        raise Refused(
            f"The connection {where!r} holds no Fernet key: {found} none. Nothing was changed. "
            f"Put keys there that are made by: {HOW_TO_MAKE}"
        )
    return keys


def _of_connection(connection_id: str) -> tuple[str, ...]:
    from airflow.sdk import Connection
    from airflow.sdk.exceptions import AirflowNotFoundException

    try:
        connection = Connection.get(connection_id)
    except AirflowNotFoundException:
        return ()
    return keys_of(connection.password or "", connection_id)


def _airflows() -> Iterator[str]:
    from airflow.configuration import conf

    text = conf.get("core", "fernet_key", fallback="") or ""
    yield from (each for each in text.split(",") if _is_key(each))


def _is_key(text: str) -> bool:
    try:
        Fernet(text)
    except ValueError:
        return False
    return True


def _id_of(key: str) -> str:
    """Name a key without giving it away: it is 256 bits of chance, so its hash tells nothing."""
    return hashlib.sha256(key.encode()).hexdigest()[:12]
