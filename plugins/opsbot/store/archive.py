"""The archive of backups: sealed files in a folder, or below any address that fsspec knows.

A file says in the clear what it is (`Label`) and keeps what was saved sealed. The label stands
inside the seal a second time, so that a label that was edited, a file that was renamed and one
that was put in another's place are noticed. A file appears as a whole: it is written beside its
place, moved there, read back and compared before anybody relies on it.

Whatever goes wrong here happens before a change, and stops it.
"""

import hashlib
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

from pydantic import ValidationError

from opsbot.store.backup_keys import Keyring, Sealed
from opsbot.vocabulary import backup_name
from opsbot.vocabulary.backup_name import BackupName
from opsbot.vocabulary.errors import OpsBotError, Refused, StepFailed, TryAgain
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.redaction import redact

if TYPE_CHECKING:
    from airflow.sdk import ObjectStoragePath

_SUFFIX = ".json"
_LARGEST = 64 * 1024 * 1024
"""Bytes of a file that are read; a release of a hundred full Secrets is smaller."""


class Label(Value):
    """What a backup is of; nothing of it is secret."""

    name: BackupName
    namespace: str
    deployment: str
    target: str
    """What a rollback goes back to, in words."""
    objects: tuple[str, ...]
    """Kind and name of each saved object."""
    secrets: bool
    """Whether there are Secrets among them."""


class Archived(Value):
    """A label and what was saved, as JSON."""

    label: Label
    content: dict[str, Any]


class Kept(Value):
    """A backup that was written, read back and compared."""

    name: str
    sha256: str
    """Of the file."""
    key: str
    """Where the key is kept that it is sealed with."""


class _File(Value):
    format: Literal["opsbot-backup-1"] = "opsbot-backup-1"
    label: Label
    key: str
    key_id: str
    sealed: str


class Archive:
    """The backups below one folder."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def require_writable(self) -> None:
        """Fail unless a file can be written here and read back."""
        with self._reaching("write a trial file"):
            trial = self._root() / f".trial-{uuid.uuid4().hex}"
            trial.parent.mkdir(parents=True, exist_ok=True)
            trial.write_bytes(b"trial")
            found = trial.read_bytes()
            trial.unlink(missing_ok=True)
        if found != b"trial":
            raise StepFailed(f"The backup folder {self.folder!r} does not keep what is written.")

    def keep(self, label: Label, content: Mapping[str, Any], keyring: Keyring) -> Kept:
        """Write a backup and read it back; fail unless it opens to what was saved."""
        backup = Archived(label=label, content=dict(content))
        sealed = keyring.seal(backup.model_dump_json().encode(), secrets=label.secrets)
        file = _File(label=label, key=sealed.key, key_id=sealed.key_id, sealed=sealed.token)
        written = f"{file.model_dump_json()}\n".encode()
        self._write(label.name, written)
        found, sha256 = self.recall(label.name, keyring)
        if found != backup:
            raise StepFailed(f"The backup {label.name} was read back and is another. Ask again.")
        return Kept(name=str(label.name), sha256=sha256, key=sealed.key)

    def recall(self, name: BackupName, keyring: Keyring) -> tuple[Archived, str]:
        """Return a backup and the SHA-256 of its file; `Refused` unless it is exactly that one."""
        written = self._read(name)
        try:
            file = _File.model_validate_json(written)
        except ValidationError:
            raise _unreadable(name, "it is no whole backup: cut off or damaged") from None
        if file.label.name != name:
            raise _unreadable(name, f"it is the backup {file.label.name} under another's name")
        try:
            opened = keyring.open(Sealed(token=file.sealed, key=file.key, key_id=file.key_id))
            backup = Archived.model_validate_json(opened)
        except (Refused, ValidationError) as error:
            why = str(error) if isinstance(error, Refused) else "another version of OPS Bot made it"
            raise _unreadable(name, why) from None
        if backup.label != file.label:
            raise _unreadable(name, f"its label was edited: it is sealed as {backup.label.name}")
        return backup, hashlib.sha256(written).hexdigest()

    def label(self, name: BackupName) -> Label:
        """Return what a file says in the clear, believed or not."""
        try:
            return _File.model_validate_json(self._read(name)).label
        except ValidationError:
            raise _unreadable(name, "it is no whole backup: cut off or damaged") from None

    def names(self) -> tuple[BackupName, ...]:
        """Return the names of all backups, newest first; files of other forms are none."""
        with self._reaching("list"):
            self._root().fs.invalidate_cache()
            paths = [str(each) for each in self._root().glob(f"*/*/*{_SUFFIX}")]
        found = [name for path in paths if (name := _name_of(path)) is not None]
        return tuple(sorted(found, key=lambda each: each.taken_at, reverse=True))

    def delete(self, name: BackupName) -> None:
        """Remove a backup; one that is gone already is no error."""
        with self._reaching(f"remove {name}"):
            self._path(name).unlink(missing_ok=True)

    def _write(self, name: BackupName, content: bytes) -> None:
        path = self._path(name)
        with self._reaching(f"write {name}"):
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.exists():
                raise TryAgain(f"There is a backup {name} already, taken in this very second.")
            part = path.with_name(f".{path.name}.part")
            part.write_bytes(content)
            part.rename(path)

    def _read(self, name: BackupName) -> bytes:
        path = self._path(name)
        with self._reaching(f"read {name}"):
            if not path.exists():
                raise Refused(
                    f"There is no backup {name} in {self.folder!r}. Nothing was changed. `opsbot "
                    "backups` lists what there is; workers on several machines need a folder that "
                    "all of them share."
                )
            if path.stat().st_size > _LARGEST:
                raise _unreadable(name, "it is too large to be one")
            return bytes(path.read_bytes())

    def _path(self, name: BackupName) -> "ObjectStoragePath":
        return self._root() / name.application / name.environment / f"{name.id}{_SUFFIX}"

    def _root(self) -> "ObjectStoragePath":
        from airflow.sdk import ObjectStoragePath

        return ObjectStoragePath(self.folder)

    @contextmanager
    def _reaching(self, doing: str) -> Iterator[None]:
        """Say in our own words what a file system answers."""
        try:
            yield
        except OpsBotError:
            raise
        except (ConnectionError, TimeoutError) as fault:
            raise TryAgain(self._failed(doing, fault)) from None
        except (OSError, ImportError, ValueError) as fault:
            raise StepFailed(self._failed(doing, fault)) from None
        except Exception as fault:  # each kind of storage has errors of its own
            raise TryAgain(self._failed(doing, fault)) from None

    def _failed(self, doing: str, fault: Exception) -> str:
        why = redact(str(fault)).partition("\n")[0][:200]
        return (
            f"Could not {doing} in the backup folder {redact(self.folder)!r} "
            f"({type(fault).__name__}: {why}). Correct [opsbot] backup_folder or its rights."
        )


def _name_of(path: str) -> BackupName | None:
    try:
        return backup_name.parse("/".join(path.removesuffix(_SUFFIX).split("/")[-3:]))
    except Refused:
        return None


def _unreadable(name: BackupName, why: str) -> Refused:
    return Refused(f"The backup {name} cannot be used: {why}. Nothing was changed.")
