import pytest


@pytest.fixture(autouse=True)
def fernet_key(monkeypatch):
    """Seal with a real key, as in production."""
    from airflow.sdk import crypto
    from cryptography.fernet import Fernet

    monkeypatch.setenv("AIRFLOW__CORE__FERNET_KEY", Fernet.generate_key().decode())
    crypto.get_fernet.cache_clear()
    yield
    crypto.get_fernet.cache_clear()


@pytest.fixture(autouse=True)
def backup_folder(monkeypatch, tmp_path):
    """Archive backups where nothing else is."""
    folder = tmp_path / "backups"
    monkeypatch.setenv("AIRFLOW__OPSBOT__BACKUP_FOLDER", str(folder))
    return folder
