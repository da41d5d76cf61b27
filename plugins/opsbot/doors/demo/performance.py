"""One scenario from the first process to the last word, and what was observed on the way.

While Airflow boots, version 1 is built and deployed, unless the story begins without it. Then the
command is given, the plan shown, its run followed, the approval answered, and the end compared
with what the scenario promises. From before the command until after the end, users ask the service
(if there is one) and the crash watch looks at the cluster.
"""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from rich.console import Console

from opsbot.doors.demo import attempt as attempts
from opsbot.doors.demo import progress, telling, witness
from opsbot.doors.demo.attempt import Attempt
from opsbot.doors.demo.baseline import Baseline
from opsbot.doors.demo.cluster import CrashWatch
from opsbot.doors.demo.connections import Systems
from opsbot.doors.demo.real_parts import Real
from opsbot.doors.demo.scenarios import COMMAND, Scenario
from opsbot.doors.demo.stack import Stack, starting_stack
from opsbot.doors.demo.users import Requests, Users
from opsbot.doors.demo.witness import Facts, Witness
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value

BASELINE_SECONDS = 180.0
ANSWER_SECONDS = 20.0
"""How long a service that should serve is asked for its version."""
NO_ANSWER_SECONDS = 2.0
"""How long one that should not."""
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
    real: Real,
    ask: bool,
    keep: bool,
) -> None:
    """Perform a scenario and hand over what was observed; with `keep` all stays up then."""
    began = time.monotonic()
    say = telling.sayer(console)
    with starting_stack(state, scenario=scenario.name, real=real, say=say) as stack:
        baseline = _get_ready(scenario, stack)
        setup = round(time.monotonic() - began, 1)
        telling.ready(console, stack, baseline, setup)
        performed = _perform(scenario, stack, console, ask=ask, setup=setup)
        telling.ending(console, scenario, performed.attempt, performed.facts)
        done(performed)
        if keep:
            telling.stays_up(console, stack)
            _until_interrupted(stack)


def _get_ready(scenario: Scenario, stack: Stack) -> Baseline | None:
    """Lay version 1 while Airflow boots, unless nothing is to serve."""
    if not scenario.serves_before:
        stack.wait_until_ready()
        return None
    stack.say("Building and deploying version 1 while Airflow boots")
    errand = stack.send("opsbot.doors.demo.baseline")
    stack.wait_until_ready()
    baseline = Baseline.model_validate_json(stack.outcome(errand, BASELINE_SECONDS))
    stack.mark("version 1 serves")
    return baseline


def _perform(
    scenario: Scenario, stack: Stack, console: Console, *, ask: bool, setup: float
) -> Performed:
    release = witness.release_of(stack.state / "include")
    outsider = Witness(_systems(stack), release)
    serving = scenario.serves_before or scenario.new_version_serves
    patience = ANSWER_SECONDS if serving else NO_ANSWER_SECONDS
    before = outsider.look(patience)
    with _users(outsider) as people, CrashWatch(outsider.cluster, release.namespace) as watch:
        attempt = _attempt(scenario, stack, console, ask=ask)
        time.sleep(LAST_LOOK_SECONDS)
    facts = Facts(
        before=before,
        after=outsider.look(patience),
        slack_messages=outsider.slack_messages(),
        requests=Requests() if people is None else people.met,
        first_failure=watch.first,
        setup_seconds=setup,
    )
    return Performed(attempt=attempt, facts=facts)


def _users(outsider: Witness) -> AbstractContextManager[Users | None]:
    """Return the service's users; nobody where there is no service."""
    address = outsider.address
    return nullcontext() if address is None else Users(address)


def _attempt(scenario: Scenario, stack: Stack, console: Console, *, ask: bool) -> Attempt:
    """Give the command and follow its plan's run."""
    telling.command(console, COMMAND)
    asked = attempts.ask(stack.api, COMMAND)
    telling.plan(console, asked.plan)
    approval = telling.asking(console, stack) if ask else attempts.answering(scenario.answer)
    with progress.screen(console) as screen:
        return attempts.follow(stack.api, asked, screen.show, approval)


def _systems(stack: Stack) -> Systems:
    if stack.systems is None:
        raise StepFailed("The demo needs systems to work on, and this stack has none.")
    return stack.systems


def _until_interrupted(stack: Stack) -> None:
    """Wait for a Ctrl-C; a part that ends by itself meanwhile is said."""
    try:
        while True:
            for part in stack.parts:
                part.must_live()
            time.sleep(1)
    except KeyboardInterrupt:
        return
