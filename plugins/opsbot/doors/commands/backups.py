"""`opsbot backups`: what releases can be gone back to, newest first, read from the archive.

What a backup is of stands in the clear in its file, so listing needs no key. Going back to one is a
plan like any other: "restore APPLICATION in ENVIRONMENT from backup NAME".
"""

import argparse
import contextlib
import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from opsbot.vocabulary.errors import OpsBotError, Refused

if TYPE_CHECKING:
    from opsbot.store.archive import Archive

SUMMARY = "list the backups that releases can be restored from"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `opsbot backups` takes."""
    parser.add_argument("--json", action="store_true", help="print the backups as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print every backup with what it holds; one that cannot be read is listed with the reason."""
    try:
        # Airflow logs to standard output, where a program reads JSON.
        with contextlib.redirect_stdout(sys.stderr):
            from opsbot.orchestration import archiving

            archive = archiving.archive()
            found = list(listing(archive))
    except OpsBotError as error:
        print(f"opsbot backups: {error}", file=sys.stderr)
        return 1
    if arguments.json:
        print(json.dumps({"folder": archive.folder, "backups": found}, indent=2))
        return 0
    for each in found:
        print("\n".join(_words(each)))
    if not found:
        print(f"There is no backup in {archive.folder}.")
    return 0


def listing(archive: "Archive") -> Iterator[dict[str, Any]]:
    """Return what each backup says of itself, or why it says nothing."""
    for name in archive.names():
        try:
            label = archive.label(name)
        except Refused as fault:
            yield {"name": str(name), "problem": str(fault)}
            continue
        if label.name == name:
            yield {**label.model_dump(mode="json", exclude={"name"}), "name": str(name)}
        else:
            problem = f"The file is the backup {label.name} under another's name."
            yield {"name": str(name), "problem": problem}


def _words(backup: dict[str, Any]) -> Iterator[str]:
    yield backup["name"]
    if "problem" in backup:
        yield f"  cannot be used: {backup['problem']}"
        return
    yield f"  {backup['target']}"
    yield f"  {', '.join(backup['objects']) or 'nothing was there'} in {backup['namespace']!r}"
