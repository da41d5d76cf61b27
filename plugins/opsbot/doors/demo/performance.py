"""One scenario from the first process to the last word, and what was observed on the way.

While Airflow boots, version 1 is built and deployed. Then the command is given, the plan shown,
its run followed, the approval answered, and the end compared with what the scenario promises.
From before the command until after the end, users ask the service and the crash watch looks at
the cluster.
"""

import time
from collections.abc import Callable
from pathlib import Path

import httpx
from rich.console import Console

from opsbot.doors.demo import attempt as attempts
from opsbot.doors.demo import progress, telling, users
from opsbot.doors.demo.attempt import Attempt
from opsbot.doors.demo.baseline import Baseline
from opsbot.doors.demo.cluster import Cluster, CrashWatch
from opsbot.doors.demo.connections import Sandbox
from opsbot.doors.demo.report import Facts
from opsbot.doors.demo.scenarios import COMMAND, Scenario
from opsbot.doors.demo.stack import Stack, starting_stack
from opsbot.doors.demo.users import Users
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value

BASELINE_SECONDS = 180.0
LAST_LOOK_SECONDS = 1.0
"""How long the users go on after the run: what breaks at the very end breaks in this time."""


class Performed(Value):
    """What happened, and what was observed."""

    attempt: Attempt
    facts: Facts


def perform(
    scenario: Scenario,
    state: Path,
    console: Console,
    done: Callable[[Performed], None],
    *,
    ask: bool,
    keep: bool,
) -> None:
    """Perform a scenario and hand over what was observed; with `keep` all stays up then."""
    began = time.monotonic()
    with starting_stack(state, scenario=scenario.name, say=telling.sayer(console)) as stack:
        baseline = _get_ready(stack)
        setup = round(time.monotonic() - began, 1)
        telling.ready(console, stack, baseline.version, setup)
        performed = _perform(scenario, stack, baseline, console, ask=ask, setup=setup)
        telling.ending(console, scenario, performed.attempt, performed.facts)
        done(performed)
        if keep:
            telling.stays_up(console, stack)
            _until_interrupted(stack)


def _get_ready(stack: Stack) -> Baseline:
    """Lay version 1 while Airflow boots."""
    stack.say("Building and deploying version 1 while Airflow boots")
    errand = stack.send("opsbot.doors.demo.baseline")
    stack.wait_until_ready()
    baseline = Baseline.model_validate_json(stack.outcome(errand, BASELINE_SECONDS))
    stack.mark("version 1 serves")
    return baseline


def _perform(
    scenario: Scenario,
    stack: Stack,
    baseline: Baseline,
    console: Console,
    *,
    ask: bool,
    setup: float,
) -> Performed:
    sandbox = _sandbox(stack)
    cluster = Cluster(sandbox.kubernetes.kubeconfig)
    url = cluster.user_address(baseline.namespace, baseline.service)
    before = users.served_version(url)
    deployed_before = cluster.deployed(baseline.namespace, baseline.deployment)
    with Users(url) as people, CrashWatch(cluster, baseline.namespace) as watch:
        attempt = _attempt(scenario, stack, console, ask=ask)
        time.sleep(LAST_LOOK_SECONDS)
    facts = Facts(
        version_before=before,
        version_after=users.served_version(url),
        deployed_before=deployed_before,
        deployed_after=cluster.deployed(baseline.namespace, baseline.deployment),
        slack_messages=_slack_messages(sandbox),
        requests=people.met,
        first_failure=watch.first,
        setup_seconds=setup,
    )
    return Performed(attempt=attempt, facts=facts)


def _attempt(scenario: Scenario, stack: Stack, console: Console, *, ask: bool) -> Attempt:
    """Give the command and follow its plan's run."""
    telling.command(console, COMMAND)
    asked = attempts.ask(stack.api, COMMAND)
    telling.plan(console, asked.plan)
    approval = telling.asking(console, stack) if ask else attempts.answering(scenario.answer)
    with progress.screen(console) as screen:
        return attempts.follow(stack.api, asked, screen.show, approval)


def _sandbox(stack: Stack) -> Sandbox:
    if stack.sandbox is None:
        raise StepFailed("The demo needs a sandbox, and this stack has none.")
    return stack.sandbox


def _slack_messages(sandbox: Sandbox) -> str:
    """Return all that Slack received, as it shows it."""
    return httpx.get(sandbox.slack.messages, trust_env=False).raise_for_status().text


def _until_interrupted(stack: Stack) -> None:
    """Wait for a Ctrl-C; a part that ends by itself meanwhile is said."""
    try:
        while True:
            for part in stack.parts:
                part.must_live()
            time.sleep(1)
    except KeyboardInterrupt:
        return
