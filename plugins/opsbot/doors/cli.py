"""The command line: `opsbot COMMAND ...`.

Each command is a module of the folder beside this file, found by its name and imported when it is
asked for: `opsbot plan` must not wait for what `opsbot demo` needs.
"""

import argparse
import importlib
import pathlib
import sys
from collections.abc import Sequence
from types import ModuleType

from opsbot import __version__

USAGE_ERROR = 2


def main(arguments: Sequence[str] | None = None, *, inside_airflow: bool = False) -> int:
    """Run the command line and return the exit code.

    `inside_airflow`: whether it was called as `airflow opsbot`, with Airflow's database at hand.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    name = next((word for word in words if not word.startswith("-")), None)
    parser = _parser(name)
    given = argparse.Namespace(inside_airflow=inside_airflow)
    parsed = parser.parse_args(words, namespace=given)
    if parsed.command is None:
        parser.print_help(sys.stderr)
        return USAGE_ERROR
    try:
        return int(_module(parsed.command).run(parsed))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output (`| head`) has seen enough.
        sys.stderr.close()
        return 0


def commands() -> list[str]:
    """Return the names of all commands."""
    folder = pathlib.Path(__file__).parent / "commands"
    return sorted(file.stem for file in folder.glob("*.py") if not file.stem.startswith("_"))


def _parser(called: str | None) -> argparse.ArgumentParser:
    """Return a parser that knows all commands, and the arguments of the called one."""
    parser = argparse.ArgumentParser(
        prog="opsbot", description="From a sentence to an approved, verified deployment."
    )
    parser.add_argument("--version", action="version", version=f"opsbot {__version__}")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name in commands():
        if called == name:
            module = _module(name)
            module.add_arguments(subparsers.add_parser(name, description=module.SUMMARY))
        elif called in commands():
            subparsers.add_parser(name)
        else:
            subparsers.add_parser(name, help=_module(name).SUMMARY)
    return parser


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"opsbot.doors.commands.{name}")


if __name__ == "__main__":
    sys.exit(main())
