import pytest

from opsbot.orchestration import seal
from opsbot.verification.approval import Given

GIVEN = Given(subject_sha256="a" * 64, plan_id="plan_1", option="Approve", by="admin", at=1.0)


def test_a_seal_opens_to_what_was_sealed():
    assert seal.open_seal(seal.close(GIVEN), Given) == GIVEN


def test_a_sealed_approval_shows_nothing_readable():
    assert "Approve" not in seal.close(GIVEN)


@pytest.mark.parametrize(
    "forged", [None, "", "gAAAA", GIVEN.model_dump_json(), {"option": "Approve"}]
)
def test_s21_an_answer_that_was_not_sealed_by_airflow_is_none(forged):
    assert seal.open_seal(forged, Given) is None


def test_without_a_key_airflow_is_known_to_protect_nothing(monkeypatch):
    from airflow.sdk import crypto

    assert seal.protects()

    monkeypatch.setenv("AIRFLOW__CORE__FERNET_KEY", "")
    crypto.get_fernet.cache_clear()

    assert not seal.protects()
