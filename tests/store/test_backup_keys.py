import json

import pytest

from opsbot.store import backup_keys
from opsbot.vocabulary.errors import Refused
from tests.store.backups import a_key, a_keyring

ID = "opsbot_backup"


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch):
    """Give Airflow the connection with this password."""

    def connect(password: str | None) -> None:
        text = json.dumps({"conn_type": "fernet", "password": password})
        monkeypatch.setenv("AIRFLOW_CONN_OPSBOT_BACKUP", text)

    return connect


@pytest.mark.parametrize("between", [",", ", ", "\n", " "])
def test_keys_stand_in_the_password_newest_first(connected, between: str) -> None:
    new, old = a_key(), a_key()
    connected(f"{new}{between}{old}\n")

    keyring = backup_keys.of_environment(ID)

    assert keyring.own == (new, old)
    assert keyring.open(a_keyring(old).seal(b"x", secrets=True)) == b"x"


def test_without_the_connection_there_are_no_own_keys() -> None:
    keyring = backup_keys.of_environment(ID)

    assert keyring.own == ()
    with pytest.raises(Refused, match="type fernet"):
        keyring.require(secrets=True)


def test_airflows_own_key_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    key = a_key()
    monkeypatch.setenv("AIRFLOW__CORE__FERNET_KEY", key)

    keyring = backup_keys.of_environment(ID)

    assert keyring.airflows == (key,)
    keyring.require(secrets=False)


@pytest.mark.parametrize("password", [None, "", "hunter2", "too-short=", "é" * 44])
def test_s20_a_password_that_is_no_key_is_refused_and_not_shown(connected, password) -> None:
    connected(password)

    with pytest.raises(Refused, match="holds no Fernet key") as caught:
        backup_keys.of_environment(ID)

    assert not password or password not in str(caught.value)


def test_s20_one_wrong_part_among_good_keys_is_refused(connected) -> None:
    connected(f"{a_key()},hunter2")

    with pytest.raises(Refused, match="1 of its 2 parts are none"):
        backup_keys.of_environment(ID)


def test_s20_a_keyring_shows_no_key() -> None:
    key = a_key()

    assert key not in repr(a_keyring(key, airflows=(key,)))
