"""`opsbot setup`: make what a system must have before the first plan runs.

It takes an administrator's rights, which OPS Bot never needs afterwards: so it is a command of its
own, with a login from the environment that is stored nowhere.
"""

import argparse
import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from opsbot.vocabulary.errors import ConfigurationError, OpsBotError, Refused

if TYPE_CHECKING:
    from opsbot.integrations.sonarqube.client import SonarClient

SUMMARY = "make what a system must have before the first plan runs"
SYSTEMS = ("sonarqube",)
URL, TOKEN = "SONAR_HOST_URL", "SONAR_TOKEN"
USAGE_ERROR = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `opsbot setup` takes."""
    words = "sonarqube: the quality gates and projects that include/ names"
    parser.add_argument("system", choices=SYSTEMS, help=words)
    parser.epilog = (
        f"The SonarQube is named by {URL}, and {TOKEN} holds a user token of an administrator."
    )


def run(arguments: argparse.Namespace) -> int:
    """Make what is missing; say what is not as it should be."""
    from opsbot.doors import answer, quality_gates

    try:
        client = connect(os.environ)
        organisation = answer.load().organisation
        lacking = quality_gates.provide(client, organisation, print)
    except OpsBotError as error:
        print(f"opsbot setup: {error}", file=sys.stderr)
        return USAGE_ERROR if isinstance(error, Refused | ConfigurationError) else 1
    for each in lacking:
        print(
            f"opsbot setup: the gate was there and does not judge this: {each}. Add the condition "
            "in SonarQube, or name another gate in include/applications.yaml.",
            file=sys.stderr,
        )
    return 1 if lacking else 0


def connect(environment: Mapping[str, str]) -> "SonarClient":
    """Return the client of the server that the environment names; `Refused` says what lacks."""
    from opsbot.integrations.sonarqube import client

    if lacking := [name for name in (URL, TOKEN) if not environment.get(name)]:
        raise Refused(
            f"{', '.join(lacking)} is not set. Say which SonarQube to set up: export "
            f"{URL}=https://HOST {TOKEN}=squ_..."
        )
    return client.of(environment[URL].strip(), environment[TOKEN].strip())
