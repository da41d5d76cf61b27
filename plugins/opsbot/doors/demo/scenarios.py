"""The stories the demo can tell, and how each must end.

What the sandbox does differently in a scenario is the sandbox's business; here stands what a
person who knows the story expects to see.
"""

import difflib
from typing import Literal

from opsbot.vocabulary.errors import Refused
from opsbot.vocabulary.model import Value

COMMAND = "Deploy the code to Kubernetes production"
ENVIRONMENT = "production"
FIRST_VERSION = "v0.9.5"
"""The tag that serves before the command is given, unless nothing does."""


class Scenario(Value):
    """A story with its end."""

    name: str
    what_happens: str
    serves_before: bool = True
    """Whether version 1 is laid, by the product's own integrations, before the command is given."""
    answer: Literal["Approve", "Reject"] = "Approve"
    """What the demo answers to the request for approval, unless a person is to answer."""
    fails_at: str = ""
    """The task that fails; empty where the run succeeds."""
    image_built: bool = True
    """Whether the run comes as far as an image in the registry."""
    new_version_serves: bool = False
    deployment_untouched: bool = False
    """Whether the Deployment must be exactly as it was, not only serve again."""
    scaled_to_zero: bool = False
    """Whether the Deployment must be at 0 replicas, and the team told so."""

    @property
    def run(self) -> Literal["success", "failed"]:
        """How the plan's run ends, in Airflow's word."""
        return "failed" if self.fails_at else "success"


SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        Scenario(
            name="success",
            what_happens="version 1 serves, version 2 rolls out",
            new_version_serves=True,
        ),
        Scenario(
            name="rejected",
            what_happens="the approver says no, and nothing changes",
            answer="Reject",
            fails_at="approval",
            deployment_untouched=True,
        ),
        Scenario(
            name="quality-gate",
            what_happens="version 2 has a bug; stopped at the gate, no image is built",
            fails_at="quality_scan",
            image_built=False,
            deployment_untouched=True,
        ),
        Scenario(
            name="vulnerability",
            what_happens="version 2 checks no certificate; stopped at the gate, no image is built",
            fails_at="security_scan",
            image_built=False,
            deployment_untouched=True,
        ),
        Scenario(
            name="first-deploy",
            what_happens="nothing serves, version 1 crashes; it is scaled to 0, and said so",
            serves_before=False,
            fails_at="deploy",
            scaled_to_zero=True,
        ),
        Scenario(
            name="slow-start",
            what_happens="version 2 needs 20 s to be ready, is waited for, and rolls out",
            new_version_serves=True,
        ),
        Scenario(
            name="missing-config",
            what_happens="version 2 lacks a file and crashes; version 1 is restored",
            fails_at="deploy",
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
