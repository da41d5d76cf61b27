"""`opsbot watch --replay FILE...`: judge recorded rollouts by the rule that judges live ones."""

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from opsbot.vocabulary.errors import OpsBotError, Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opsbot.verification.replay import Judgement
    from opsbot.verification.signatures import Signature

SUMMARY = "judge recorded rollouts by the rule that judges live ones"
LARGEST_FILE = 200 * 1024**2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `opsbot watch` takes."""
    parser.add_argument(
        "--replay", nargs="+", type=Path, required=True, metavar="FILE", help="recorded rollouts"
    )
    parser.add_argument("--json", action="store_true", help="one JSON verdict a line")


def run(arguments: argparse.Namespace) -> int:
    """Print one verdict for each recording, in the same order."""
    from opsbot.configuration import include
    from opsbot.configuration.signatures import read_signatures

    try:
        signatures = read_signatures(include.find(os.environ, Path.cwd()))
        for path in arguments.replay:
            judged = _judge(path, signatures)
            print(judged.model_dump_json() if arguments.json else _words(path, judged), flush=True)
    except OpsBotError as error:
        print(f"opsbot watch: {error}", file=sys.stderr)
        return 2
    return 0


def _judge(path: Path, signatures: "Sequence[Signature]") -> "Judgement":
    from opsbot.verification import recording, replay

    found = recording.parse(_lines(path), str(path))
    try:
        return replay.judge(found, signatures)
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise Refused(
            f"{path} holds objects that no Kubernetes has made ({problem!r}). Record it anew."
        ) from None


def _lines(path: Path) -> list[str]:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise Refused(f"{path} is larger than {LARGEST_FILE} bytes. Cut the recording.")
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        raise Refused(f"{path} cannot be read: {problem}. Give a recorded rollout.") from None


def _words(path: Path, judged: "Judgement") -> str:
    at = "" if judged.at is None else f" after {judged.at:.1f} s"
    return f"{path}: {judged.verdict}{at}: {judged.reason}"
