import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from opsbot.store import archive
from opsbot.store.archive import Archive
from opsbot.vocabulary import backup_name
from opsbot.vocabulary.errors import Refused, StepFailed, TryAgain
from tests.store.backups import CONTENT, ENCODED, PASSWORD, a_key, a_keyring, a_label, a_name


@pytest.fixture(params=["folder", "object store"])
def kept_in(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Archive]:
    """An archive in a folder, and one that no file system of the machine holds."""
    if request.param == "folder":
        yield Archive(str(tmp_path / "backups"))
        return
    import fsspec
    from airflow.sdk.io import attach

    memory = fsspec.filesystem("memory")
    attach("memory", fs=memory)
    place = f"memory://{uuid.uuid4().hex}"
    yield Archive(place)
    if memory.exists(place):
        memory.rm(place, recursive=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def file_of(folder: Path) -> Path:
    (found,) = folder.glob("*/*/*.json")
    return found


def test_a_backup_comes_back_as_it_was_kept(kept_in: Archive) -> None:
    keyring = a_keyring(a_key())

    kept = kept_in.keep(a_label(), CONTENT, keyring)

    found, sha256 = kept_in.recall(a_name(), keyring)
    assert (found.label, found.content) == (a_label(), CONTENT)
    assert kept.name == str(a_name())
    assert kept.sha256 == sha256
    assert kept.key == "opsbot_backup"


def test_backups_are_listed_newest_first_and_other_files_are_none(kept_in: Archive) -> None:
    keyring = a_keyring(a_key())
    later = a_name(taken_at=datetime(2025, 2, 1, tzinfo=UTC))
    elsewhere = a_name(application="payments-api", taken_at=datetime(2024, 1, 1, tzinfo=UTC))
    for name in (a_name(), later, elsewhere):
        kept_in.keep(a_label(name=name), CONTENT, keyring)
    stranger = kept_in._root() / "my-application" / "production" / "notes.json"
    stranger.write_text("hello")

    assert kept_in.names() == (later, a_name(), elsewhere)


def test_an_archive_that_never_was_used_is_empty(kept_in: Archive) -> None:
    assert kept_in.names() == ()


def test_what_is_deleted_is_gone_and_may_be_deleted_again(kept_in: Archive) -> None:
    keyring = a_keyring(a_key())
    kept_in.keep(a_label(), CONTENT, keyring)

    kept_in.delete(a_name())
    kept_in.delete(a_name())

    with pytest.raises(Refused, match="There is no backup my-application/production/2025"):
        kept_in.recall(a_name(), keyring)


def test_two_backups_of_one_plan_in_one_second_are_not_one(kept_in: Archive) -> None:
    keyring = a_keyring(a_key())
    kept_in.keep(a_label(), CONTENT, keyring)

    with pytest.raises(TryAgain, match="taken in this very second"):
        kept_in.keep(a_label(target="another"), CONTENT, keyring)


def test_no_part_of_a_file_is_left_beside_it(folder: Path) -> None:
    Archive(str(folder)).keep(a_label(), CONTENT, a_keyring(a_key()))

    assert [each.name for each in file_of(folder).parent.iterdir()] == [file_of(folder).name]


def test_a_file_that_was_begun_and_not_finished_is_no_backup(folder: Path) -> None:
    place = folder / "my-application" / "production"
    place.mkdir(parents=True)
    (place / f".{a_name().id}.json.part").write_text("{")

    assert Archive(str(folder)).names() == ()


def test_s20_a_backup_file_shows_no_secret(folder: Path) -> None:
    Archive(str(folder)).keep(a_label(), CONTENT, a_keyring(a_key()))

    text = file_of(folder).read_text()
    assert "my-application" in text
    assert PASSWORD not in text
    assert ENCODED not in text


def test_s20_without_a_key_nothing_is_kept(folder: Path) -> None:
    with pytest.raises(Refused, match=r"'opsbot_backup' does not exist\. Nothing was changed"):
        Archive(str(folder)).keep(a_label(), CONTENT, a_keyring(airflows=(a_key(),)))

    assert not folder.exists()


def test_a_backup_without_secrets_is_sealed_with_airflows_key(folder: Path) -> None:
    keyring = a_keyring(airflows=(a_key(),))

    kept = Archive(str(folder)).keep(a_label(secrets=False), CONTENT, keyring)

    assert kept.key == "[core] fernet_key"
    assert PASSWORD not in file_of(folder).read_text()


def test_s20_a_wrong_key_opens_nothing_and_is_told_from_damage(folder: Path) -> None:
    there = Archive(str(folder))
    there.keep(a_label(), CONTENT, a_keyring(a_key()))

    with pytest.raises(Refused, match="not among the present keys") as caught:
        there.recall(a_name(), a_keyring(a_key()))

    assert "Add the old key behind the new one" in str(caught.value)


def test_a_new_key_before_the_old_one_opens_old_backups(folder: Path) -> None:
    there, old, new = Archive(str(folder)), a_key(), a_key()
    there.keep(a_label(), CONTENT, a_keyring(old))
    later = a_name(taken_at=datetime(2025, 2, 1, tzinfo=UTC))
    there.keep(a_label(name=later), CONTENT, a_keyring(new, old))

    assert there.recall(a_name(), a_keyring(new, old))[0].content == CONTENT
    assert there.recall(later, a_keyring(new))[0].content == CONTENT


@pytest.mark.parametrize("size", [0, 1, 0.5, 0.99], ids=str)
def test_s20_a_file_that_was_cut_off_is_refused(folder: Path, size: float) -> None:
    there, keyring = Archive(str(folder)), a_keyring(a_key())
    there.keep(a_label(), CONTENT, keyring)
    whole = file_of(folder).read_bytes()
    file_of(folder).write_bytes(whole[: int(size if size >= 1 else len(whole) * size)])

    with pytest.raises(Refused, match="cut off or damaged"):
        there.recall(a_name(), keyring)


def edit(folder: Path, **changes: object) -> None:
    file = file_of(folder)
    file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))


def test_s20_a_file_whose_sealed_part_was_altered_is_refused(folder: Path) -> None:
    there, keyring = Archive(str(folder)), a_keyring(a_key())
    there.keep(a_label(), CONTENT, keyring)
    token = json.loads(file_of(folder).read_text())["sealed"]
    middle = len(token) // 2
    edit(
        folder, sealed=token[:middle] + ("A" if token[middle] != "A" else "B") + token[middle + 1 :]
    )

    with pytest.raises(Refused, match="altered or damaged after it was sealed"):
        there.recall(a_name(), keyring)


def test_s20_a_label_that_was_edited_is_refused(folder: Path) -> None:
    there, keyring = Archive(str(folder)), a_keyring(a_key())
    there.keep(a_label(), CONTENT, keyring)
    edit(folder, label=a_label(namespace="staging").model_dump(mode="json"))

    with pytest.raises(Refused, match="its label was edited"):
        there.recall(a_name(), keyring)


@pytest.mark.parametrize("other", [{"environment": "staging"}, {"application": "payments-api"}])
def test_s20_a_file_in_another_ones_place_is_refused(folder: Path, other: dict[str, str]) -> None:
    there, keyring = Archive(str(folder)), a_keyring(a_key())
    there.keep(a_label(), CONTENT, keyring)
    place = folder / str(a_name(**other)).rpartition("/")[0]
    place.mkdir(parents=True)
    file_of(folder).rename(place / f"{a_name().id}.json")

    with pytest.raises(Refused, match="under another's name"):
        there.recall(a_name(**other), keyring)


def test_s20_a_file_in_another_ones_place_is_refused_though_its_label_fits(folder: Path) -> None:
    there, keyring = Archive(str(folder)), a_keyring(a_key())
    there.keep(a_label(), CONTENT, keyring)
    other = a_name(environment="staging")
    edit(folder, label=a_label(name=other).model_dump(mode="json"))
    (folder / "my-application" / "staging").mkdir()
    file_of(folder).rename(folder / "my-application" / "staging" / f"{other.id}.json")

    with pytest.raises(Refused, match="it is sealed as my-application/production/"):
        there.recall(other, keyring)


def test_a_file_that_is_no_backup_of_this_size_is_not_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, keyring = Archive(str(folder)), a_keyring(a_key())
    there.keep(a_label(), CONTENT, keyring)
    monkeypatch.setattr(archive, "_LARGEST", 100)

    with pytest.raises(Refused, match="too large to be one"):
        there.recall(a_name(), keyring)


def test_a_place_that_cannot_be_written_stops_before_the_change(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    there = Archive(str(tmp_path / "taken" / "backups"))

    for act in (there.require_writable, lambda: there.keep(a_label(), CONTENT, a_keyring(a_key()))):
        with pytest.raises(StepFailed, match=r"Correct \[opsbot\] backup_folder"):
            act()


@pytest.mark.parametrize("place", ["nosuch://here/x", "s3://bucket/without-its-client"])
def test_an_address_that_nobody_knows_says_so(place: str) -> None:
    with pytest.raises(StepFailed, match="Could not write a trial file in the backup folder"):
        Archive(place).require_writable()


def test_a_trial_leaves_nothing_behind(folder: Path) -> None:
    Archive(str(folder)).require_writable()

    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "my-application",
        "my-application/production",
        "../production/20250120T101723Z_plan_1",
        "my-application/../20250120T101723Z_plan_1",
        "my-application/production/20250120T101723Z_../../x",
        "my-application/production/20250120T101723Z_plan_1/x",
        "/my-application/production/20250120T101723Z_plan_1",
        "my-application/production/20251320T101723Z_plan_1",
        "my-application/production/20250120T101723Z_plan_1\n",
        "my-application/production/20250120T101723Z_",
        "my-application/production/20250120T101723Z_" + "a" * 200,
    ],
)
def test_what_is_no_name_is_no_path(text: str) -> None:
    with pytest.raises(Refused, match="is no name of a backup"):
        backup_name.parse(text)


def test_a_name_is_read_as_it_is_written() -> None:
    assert backup_name.parse(str(a_name())) == a_name()
    assert a_name(taken_at=a_name().taken_at + timedelta(milliseconds=3)) == a_name()
