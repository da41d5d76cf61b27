"""The commands that close a gap are ones that Airflow takes."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from opsbot.planning import gaps

KINDS = ("jenkins", "sonarqube", "docker", "kubernetes", gaps.SLACK, gaps.FERNET)


@pytest.mark.parametrize("kind", KINDS)
def test_airflow_takes_the_command_that_adds_a_connection(kind):
    from airflow.cli.cli_parser import get_parser
    from airflow.models import Connection

    program, *arguments = shlex.split(gaps.how_to_add(f"opsbot_{kind}", kind))
    parsed = get_parser().parse_args(arguments)

    assert program == "airflow"
    assert parsed.conn_id == f"opsbot_{kind}"
    assert Connection(conn_id=parsed.conn_id, extra=parsed.conn_extra).extra_dejson is not None


def test_the_command_for_the_keys_of_backups_makes_one():
    from opsbot.store import backup_keys

    *_, option, password = shlex.split(gaps.how_to_add("opsbot_backup", gaps.FERNET))
    made = subprocess.run(
        ["/bin/sh", "-c", f'echo "{password}"'],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": str(Path(sys.executable).parent)},
    ).stdout

    assert option == "--conn-password"
    assert len(backup_keys.keys_of(made, "opsbot_backup")) == 1


def test_the_command_for_a_key_makes_one():
    from cryptography.fernet import Fernet

    airflow = gaps.Airflow(connections=frozenset(), fernet_key=False)
    (missing,) = gaps.missing_settings(gaps.SEALED, airflow)
    program, *arguments = shlex.split(missing.how_to_set)

    made = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, check=True
    ).stdout.strip()

    name, _, key = made.partition("=")
    assert (program, name) == ("python", "AIRFLOW__CORE__FERNET_KEY")
    Fernet(key)
