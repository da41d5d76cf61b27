"""What the demo says to the person who watches it."""

import time
from collections.abc import Callable

from rich.console import Console

from opsbot.doors.demo import by_hand, expectation, report
from opsbot.doors.demo.attempt import Attempt
from opsbot.doors.demo.baseline import Baseline
from opsbot.doors.demo.real_parts import CLUSTER, SONARQUBE, Real
from opsbot.doors.demo.scenarios import Scenario
from opsbot.doors.demo.stack import Stack
from opsbot.doors.demo.witness import Facts
from opsbot.integrations.airflow.client import AirflowApi
from opsbot.planning import explain, summary
from opsbot.planning.plan import Plan
from opsbot.planning.report import Report
from opsbot.vocabulary.progress import Say


def sayer(console: Console) -> Say:
    """Return what says a line with the seconds since now before it."""
    began = time.monotonic()

    def say(words: str) -> None:
        _line(console, f"[{time.monotonic() - began:5.1f} s] {words}")

    return say


def parts(console: Console, real: Real) -> None:
    """Say which systems are real and which the sandbox's, and how to name real ones."""
    for word in ("real", "sandbox"):
        of_that_word = [name for name, found in real.parts.items() if found == word]
        _line(console, f"{word.capitalize() + ':':<9}{', '.join(of_that_word) or 'nothing'}")
    if real.nothing:
        _line(console, f"Real parts are named by {', '.join(CLUSTER)}; {', '.join(SONARQUBE)}.")


def ready(console: Console, stack: Stack, baseline: Baseline | None, seconds: float) -> None:
    """Say that all is up, and how to log in."""
    serves = "nothing serves yet" if baseline is None else f"version {baseline.version} serves"
    stack.say(f"Ready after {seconds:.0f} s: {serves}")
    login(console, stack)


def login(console: Console, stack: Stack) -> None:
    """Say where Airflow is and how to log in."""
    airflow = stack.airflow
    _line(console, f"Airflow: {airflow.url}  user {airflow.user}, password {airflow.password}")


def command(console: Console, words: str) -> None:
    """Say which command is given."""
    _line(console, f'\n> "{words}"\n')


def plan(console: Console, plan: Plan) -> None:
    """Show the plan."""
    _line(console, explain.text(plan, advice=False))


def asking(console: Console, stack: Stack) -> Callable[[AirflowApi, Attempt], None]:
    """Return what tells the person, once, where to answer the request for approval."""
    told: set[str] = set()

    def tell(_: AirflowApi, attempt: Attempt) -> None:
        if attempt.asked.run_id not in told:
            told.add(attempt.asked.run_id)
            login(console, stack)
            _line(console, f"Please approve or reject: {approval_page(stack, attempt)}")
            _line(console, "(open it, read the change, choose 'Approve' or 'Reject')")

    return tell


def approval_page(stack: Stack, attempt: Attempt) -> str:
    """Return the address of the page that asks for the approval."""
    asked = attempt.asked
    run = f"{stack.airflow.url}/dags/{asked.dag_id}/runs/{asked.run_id}"
    return f"{run}/tasks/approval/required_actions"


def ending(console: Console, scenario: Scenario, attempt: Attempt, facts: Facts) -> None:
    """Write the run's own report, what the users met, the timings and the verdict."""
    _line(console, "")
    _line(console, summary_of(attempt))
    for line in (*user_lines(facts), *timing_lines(attempt, facts)):
        _line(console, line)
    complaints = expectation.complaints(scenario, attempt, facts)
    for complaint in complaints:
        _line(console, f"❌ Not as expected: {complaint}")
    if not complaints:
        _line(console, f"✅ Scenario {scenario.name}: as expected ({scenario.what_happens})")


def summary_of(attempt: Attempt) -> str:
    """Return the summary that the run has made of itself."""
    left = attempt.outcome("report")
    if not left.output:
        return f"❌ The run left no report ({left.state}). {left.problem}\n"
    return summary.text(Report.model_validate(left.output["data"]))


def user_lines(facts: Facts) -> tuple[str, ...]:
    """Say what the users met."""
    met = facts.requests
    said = f"Users: {met.sent} requests sent, {met.failed} failed; "
    versions = f"{facts.before.serving} served before, {facts.after.serving} serves now"
    return (said + versions, *(f"  failed: {each}" for each in met.failures))


def timing_lines(attempt: Attempt, facts: Facts) -> tuple[str, ...]:
    """Say where the time went."""
    first = report.trigger_to_first_step(attempt)
    to_first = "not measured" if first is None else f"{first:.1f} s"
    return (
        f"Time: set-up {facts.setup_seconds:.1f} s, command to first step {to_first}, "
        f"the plan's run {attempt.seconds:.1f} s",
    )


def stays_up(console: Console, stack: Stack) -> None:
    """Say that all stays up, where it is, how to go on by hand, and how to end it."""
    _line(console, "")
    login(console, stack)
    for line in (*by_hand.addresses(stack.systems), *by_hand.commands(stack.airflow)):
        _line(console, line)
    _line(console, "Everything stays up. Ctrl-C stops Airflow and the sandbox.")


def _line(console: Console, words: str) -> None:
    console.print(words, markup=False, highlight=False, soft_wrap=True)
