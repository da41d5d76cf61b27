"""`opsbot backups` lists what can be restored, without a key, and says what cannot."""

import json

import pytest

from opsbot.doors import cli
from opsbot.store.archive import Archive
from tests.store.backups import CONTENT, ENCODED, PASSWORD, a_key, a_keyring, a_label, a_name


@pytest.fixture
def archive(tmp_path, monkeypatch):
    monkeypatch.setenv("AIRFLOW__OPSBOT__BACKUP_FOLDER", str(tmp_path / "backups"))
    return Archive(str(tmp_path / "backups"))


def listed(capsys):
    assert cli.main(["backups", "--json"]) == 0
    return json.loads(capsys.readouterr().out)["backups"]


def test_a_backup_is_listed_by_its_name_with_what_it_holds(archive, capsys):
    archive.keep(a_label(), CONTENT, a_keyring(a_key()))

    (found,) = listed(capsys)

    assert found["name"] == str(a_name())
    assert found["objects"] == ["Secret 'database'", "Deployment 'my-application'"]
    assert (found["namespace"], found["secrets"]) == ("production", True)


def test_people_read_the_name_that_a_command_takes(archive, capsys):
    archive.keep(a_label(), CONTENT, a_keyring(a_key()))

    assert cli.main(["backups"]) == 0

    shown = capsys.readouterr().out
    assert str(a_name()) in shown
    assert "Deployment 'my-application' in 'production'" in shown
    assert PASSWORD not in shown
    assert ENCODED not in shown


def test_a_file_that_was_cut_off_or_renamed_is_told_and_hides_no_other(archive, tmp_path, capsys):
    archive.keep(a_label(), CONTENT, a_keyring(a_key()))
    folder = tmp_path / "backups" / "my-application" / "production"
    whole = (folder / f"{a_name().id}.json").read_text()
    cut, renamed = (a_name(plan_id=f"plan_deploy_production_{n}") for n in (1, 2))
    (folder / f"{cut.id}.json").write_text(whole[:50])
    (folder / f"{renamed.id}.json").write_text(whole)

    found = {each["name"]: each for each in listed(capsys)}

    assert "cut off or damaged" in found[str(cut)]["problem"]
    assert "under another's name" in found[str(renamed)]["problem"]
    assert "problem" not in found[str(a_name())]


def test_where_there_is_none_it_says_so(archive, capsys):
    assert cli.main(["backups"]) == 0

    assert f"There is no backup in {archive.folder}." in capsys.readouterr().out
