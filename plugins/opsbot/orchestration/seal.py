"""Approvals sealed with Airflow's own Fernet key.

The answer of an approval travels to the deploy as an XCom, and a person with the right to edit
XComs could write one. A sealed answer can only be made by an Airflow process that holds the
`[core] fernet_key`; what does not open is no approval. Without a Fernet key Airflow encrypts
nothing, and neither does the seal: set one in production, as Airflow's own guide says.
"""

from cryptography.fernet import InvalidToken
from pydantic import ValidationError

from opsbot.verification.approval import Given


def close(given: Given) -> str:
    """Seal an approval."""
    from airflow.sdk.crypto import get_fernet

    return get_fernet().encrypt(given.model_dump_json().encode()).decode()


def open_seal(sealed: object) -> Given | None:
    """Return the sealed approval, or None if there is none or it was not sealed here."""
    from airflow.sdk.crypto import get_fernet

    if not isinstance(sealed, str):
        return None
    try:
        return Given.model_validate_json(get_fernet().decrypt(sealed.encode()))
    except (InvalidToken, ValidationError):
        return None
