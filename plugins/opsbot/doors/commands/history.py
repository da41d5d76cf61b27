"""`opsbot history`: past plans and attempts, as Airflow remembers them."""

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from opsbot.vocabulary.errors import OpsBotError, Refused

if TYPE_CHECKING:
    from rich.table import Table

    from opsbot.doors.history import Attempt
    from opsbot.integrations.airflow.client import AirflowApi

SUMMARY = "list past plans and attempts, as Airflow remembers them"
URL, USER, PASSWORD = (f"OPSBOT_AIRFLOW_{each}" for each in ("URL", "USER", "PASSWORD"))
USAGE_ERROR = 2
DEFAULT = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `opsbot history` takes."""
    parser.add_argument("--json", action="store_true", help="print the attempts as JSON")
    parser.add_argument(
        "--limit",
        type=_limit,
        default=DEFAULT,
        metavar="N",
        help=f"the newest N attempts, at most 100 (default: {DEFAULT})",
    )
    parser.epilog = f"The Airflow is named by {URL}, {USER} and {PASSWORD}."


def run(arguments: argparse.Namespace) -> int:
    """Read and print the attempts."""
    from opsbot.doors import history

    try:
        with connect(os.environ) as api:
            attempts = history.read(api, arguments.limit)
    except OpsBotError as error:
        print(f"opsbot history: {error}", file=sys.stderr)
        return USAGE_ERROR if isinstance(error, Refused) else 1
    if arguments.json:
        found = [each.model_dump(mode="json") for each in attempts]
        print(json.dumps({"attempts": found}, indent=2, ensure_ascii=False))
    else:
        _show(attempts)
    return 0


def connect(environment: Mapping[str, str]) -> "AirflowApi":
    """Return the API of the Airflow that the environment names; `Refused` says what lacks."""
    from opsbot.integrations.airflow.client import AirflowApi

    lacking = [name for name in (URL, USER, PASSWORD) if not environment.get(name)]
    if lacking:
        raise Refused(
            f"{', '.join(lacking)} is not set. Say which Airflow to ask: export "
            f"{URL}=http://HOST:8080 {USER}=NAME {PASSWORD}=..."
        )
    url = environment[URL].rstrip("/")
    if not url.startswith(("http://", "https://")):
        raise Refused(f"{URL} is no address of an Airflow: it must begin with http:// or https://.")
    return AirflowApi(url, environment[USER], environment[PASSWORD])


def table(attempts: "Sequence[Attempt]") -> "Table":
    """Return the attempts as a table that fits a terminal of 80 columns."""
    from rich.table import Table
    from rich.text import Text

    found = Table(box=None, padding=(0, 1, 1, 1))
    for column in ("when (UTC)", "what", "state", "seconds"):
        found.add_column(column, justify="right" if column == "seconds" else "left")
    for each in attempts:
        found.add_row(*(Text(cell) for cell in _cells(each)))
    return found


def _cells(attempt: "Attempt") -> tuple[str, ...]:
    from opsbot.planning import phrases, wording

    place = phrases.where(attempt.application, "", attempt.environment)
    what = (
        f"{attempt.action} {place}",
        f'"{attempt.command}"' if attempt.command else "(its command is not kept any more)",
        attempt.plan_id,
        _persons(attempt),
    )
    return (
        f"{attempt.at:%Y-%m-%d\n%H:%M:%S}" if attempt.at else "not begun",
        "\n".join(wording.visible(line) for line in what),
        attempt.state,
        "" if attempt.seconds is None else f"{attempt.seconds:.1f}",
    )


def _persons(attempt: "Attempt") -> str:
    """Say who asked, who answered, and whether it was taken back."""
    answer = f"; {attempt.answered} by {attempt.answered_by}" if attempt.answered else ""
    undone = "; rolled back" if attempt.rolled_back else ""
    return f"asked by {attempt.requested_by or 'nobody knows whom'}{answer}{undone}"


def _show(attempts: "Sequence[Attempt]") -> None:
    from rich.console import Console

    console = Console()
    if not attempts:
        console.print("This Airflow remembers no plan.")
        return
    console.print(table(attempts))


def _limit(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if not 1 <= number <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to 100")
    return number
