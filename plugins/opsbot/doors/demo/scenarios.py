"""The stories the demo can tell, and how each must end.

Before each of them version 1 serves, laid there by the product's own integrations. What the
sandbox does differently in a scenario is the sandbox's business; here stands what a person who
knows the story expects to see.
"""

import difflib
from typing import Literal

from opsbot.vocabulary.errors import Refused
from opsbot.vocabulary.model import Value

COMMAND = "Deploy the code to Kubernetes production"
FIRST_VERSION = "v0.9.5"
"""The tag that serves before the command is given."""


class Scenario(Value):
    """A story with its end."""

    name: str
    what_happens: str
    answer: Literal["Approve", "Reject"] = "Approve"
    """What the demo answers to the request for approval, unless a person is to answer."""
    run: Literal["success", "failed"]
    """How the plan's run ends, in Airflow's word."""
    new_version_serves: bool = False
    slack_told: bool = False
    """Whether a message about the failure must have reached Slack."""
    deployment_untouched: bool = False
    """Whether the Deployment must be exactly as it was, not only serve again."""


SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        Scenario(
            name="success",
            what_happens="version 1 serves, version 2 rolls out",
            run="success",
            new_version_serves=True,
        ),
        Scenario(
            name="rejected",
            what_happens="the approver says no, and nothing changes",
            answer="Reject",
            run="failed",
            deployment_untouched=True,
        ),
        Scenario(
            name="missing-config",
            what_happens="version 2 lacks a file and crashes; version 1 is restored",
            run="failed",
            slack_told=True,
        ),
    )
}


def find(name: str) -> Scenario:
    """Return the scenario of that name; `Refused` lists what there is."""
    if name in SCENARIOS:
        return SCENARIOS[name]
    near = difflib.get_close_matches(name, SCENARIOS, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise Refused(f"There is no scenario {name!r}.{hint} There are: {', '.join(SCENARIOS)}.")
