"""Values sealed with Airflow's own Fernet key.

An approval travels to the deploy as an XCom, a backup to the rollback, a requester in the run's
conf, and a person with the right to edit these could write one. A sealed value can only be made
by an Airflow process that holds the `[core] fernet_key`, and only such a process can read it, so
a backup shows nobody what the pods' environment holds. Without a Fernet key Airflow encrypts
nothing, and neither would the seal, so a plan that needs one is not started then.
"""

from typing import TypeVar

from cryptography.fernet import InvalidToken
from pydantic import ValidationError

from opsbot.vocabulary.model import Value

Sealed = TypeVar("Sealed", bound=Value)


def protects() -> bool:
    """Tell whether this Airflow has a key, so that a seal is one."""
    from airflow.sdk.crypto import get_fernet

    return get_fernet().is_encrypted


def close(value: Value) -> str:
    """Seal a value."""
    from airflow.sdk.crypto import get_fernet

    return get_fernet().encrypt(value.model_dump_json().encode()).decode()


def open_seal(sealed: object, kind: type[Sealed]) -> Sealed | None:
    """Return the sealed value, or None if there is none or it was not sealed here."""
    from airflow.sdk.crypto import get_fernet

    if not isinstance(sealed, str):
        return None
    try:
        return kind.model_validate_json(get_fernet().decrypt(sealed.encode()))
    except (InvalidToken, ValidationError):
        return None
