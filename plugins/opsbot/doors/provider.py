"""What the installed package tells Airflow: connection type, command line, configuration.

Airflow reads this through the entry point `apache_airflow_provider`. The plugin itself is the file
in plugins/ and is not declared here: two registrations of one plugin would be an import error.
"""

from typing import TYPE_CHECKING, Any

from opsbot import __version__

if TYPE_CHECKING:
    from argparse import Namespace

    from airflow.cli.cli_config import CLICommand


def get_provider_info() -> dict[str, Any]:
    """Return the provider's description in Airflow's schema."""
    return {
        "package-name": "opsbot",
        "name": "OPS Bot",
        "description": "From a sentence to an approved, verified deployment.",
        "versions": [__version__],
        "connection-types": [
            {
                "connection-type": "sonarqube",
                "hook-class-name": "opsbot.integrations.sonarqube.hook.SonarQubeHook",
                "hook-name": "SonarQube",
            },
            {
                "connection-type": "fernet",
                "hook-class-name": "opsbot.store.fernet_hook.FernetHook",
                "hook-name": "Fernet keys",
            },
        ],
        "cli": ["opsbot.doors.provider.get_cli_commands"],
        "config": {"opsbot": {"description": "OPS Bot.", "options": _options()}},
    }


def _options() -> dict[str, Any]:
    return {
        "include_folder": {
            "description": "Folder of applications.yaml, environments.yaml, policies.yaml, "
            "patterns/ and manifests/. Empty: the folder `include` beside the plugins folder.",
            "version_added": "0.1.0",
            "type": "string",
            "example": "/opt/airflow/include",
            "default": "",
        },
        "backup_folder": {
            "description": "Where releases are backed up before they are changed: a folder, or an "
            "address of an object storage. All workers must reach the same. Empty: the folder "
            "`opsbot-backups` in AIRFLOW_HOME.",
            "version_added": "0.1.0",
            "type": "string",
            "example": "s3://aws_default@my-bucket/opsbot-backups",
            "default": "",
        },
    }


def get_cli_commands() -> "list[CLICommand]":
    """Return the command `airflow opsbot`."""
    import argparse

    from airflow.cli.cli_config import ActionCommand, Arg

    words = Arg(  # type: ignore[no-untyped-call]  # Airflow's own class has no annotations
        ("words",), nargs=argparse.REMAINDER, help="see `opsbot --help`"
    )
    return [
        ActionCommand(name="opsbot", help="Plan with OPS Bot", func=_run, args=(words,), hide=False)
    ]


def _run(arguments: "Namespace") -> None:
    from opsbot.doors import cli

    raise SystemExit(cli.main(arguments.words, inside_airflow=True))
