"""`opsbot plan`: interpret a command and show its plan; nothing is touched.

The exit code tells the outcome: 0 a plan, 3 a question, 4 a refusal, 2 a wrong call or a mistake in
the configuration. A batch always ends with 0: each line has its own outcome.
"""

import argparse
import json
import pathlib
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from opsbot.vocabulary.errors import ConfigurationError

if TYPE_CHECKING:
    from opsbot.doors.answer import Knowledge
    from opsbot.planning.plan import Plan
    from opsbot.understanding.answer import Question, Refusal

SUMMARY = "interpret a command and show its plan; nothing is touched"
USAGE_ERROR = 2
_EXIT_CODES = {"plan": 0, "question": 3, "refusal": 4}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `opsbot plan` takes."""
    parser.add_argument("sentence", nargs="*", metavar="COMMAND", help="what should be done")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print the answer as JSON")
    form.add_argument("--markdown", action="store_true", help="print the plan as Markdown")
    parser.add_argument(
        "--batch",
        type=pathlib.Path,
        metavar="FILE",
        help='answer every line of FILE, {"command": "..."}; needs --json',
    )


def run(arguments: argparse.Namespace) -> int:
    """Answer the command or the batch."""
    if wrong := _wrong_call(arguments):
        return _fail(wrong)
    from opsbot.doors import answer

    try:
        knowledge = answer.load()
    except ConfigurationError as error:
        return _fail(str(error))
    if arguments.batch is not None:
        return _batch(arguments.batch, knowledge)
    return _single(" ".join(arguments.sentence), knowledge, arguments)


def _wrong_call(arguments: argparse.Namespace) -> str | None:
    if arguments.batch is not None and not arguments.json:
        return "--batch needs --json."
    if arguments.batch is not None and arguments.sentence:
        return "Give a COMMAND or --batch FILE, not both."
    if arguments.batch is None and not arguments.sentence:
        return 'Say what should be done: opsbot plan "deploy the code to staging".'
    return None


def _fail(message: str) -> int:
    print(f"opsbot plan: {message}", file=sys.stderr)
    return USAGE_ERROR


def _single(command: str, knowledge: "Knowledge", arguments: argparse.Namespace) -> int:
    from opsbot.doors import answer

    considered = answer.consider(command, knowledge, at=int(time.time()))
    data = answer.as_data(considered)
    if arguments.json:
        _print(json.dumps(data, indent=2, ensure_ascii=False))
    else:
        _print(_in_words(considered, markdown=arguments.markdown))
    return _EXIT_CODES[data["outcome"]]


def _in_words(considered: "Plan | Question | Refusal", *, markdown: bool) -> str:
    from opsbot.planning import explain
    from opsbot.understanding.answer import Question, Refusal

    match considered:
        case Question():
            return f"Question: {considered.question}"
        case Refusal():
            return f"Refused ({considered.code}): {considered.reason}"
        case _:
            written = explain.markdown if markdown else explain.text
            return written(considered).rstrip("\n")


def _batch(file: pathlib.Path, knowledge: "Knowledge") -> int:
    try:
        lines = file.read_bytes().splitlines()
    except OSError as error:
        return _fail(f"{file} cannot be read: {error.strerror}. Name a file of JSON lines.")
    moment = int(time.time())
    for data in _answers(lines, knowledge, moment):
        _print(json.dumps(data, ensure_ascii=False))
    return 0


def _answers(lines: list[bytes], knowledge: "Knowledge", moment: int) -> Iterator[dict[str, Any]]:
    from opsbot.doors import answer

    for line in lines:
        command = _command(line)
        if command is None:
            yield {
                "outcome": "question",
                "question": 'This line is not {"command": "..."} in JSON. What should be done?',
                "missing": ["action"],
                "options": {},
            }
        else:
            yield answer.answer(command, knowledge, at=moment)


def _command(line: bytes) -> str | None:
    """Return the command of a batch line, or None if the line is broken."""
    try:
        value = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    command = value.get("command") if isinstance(value, dict) else None
    return command if isinstance(command, str) else None


def _print(text: str) -> None:
    """Print text on any terminal: what its encoding lacks is escaped."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
