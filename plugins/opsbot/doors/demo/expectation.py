"""Whether a scenario ended as it should: everything that did not, in words."""

from collections.abc import Iterator

from opsbot.doors.demo.attempt import Attempt
from opsbot.doors.demo.scenarios import Scenario
from opsbot.doors.demo.witness import Facts


def complaints(scenario: Scenario, attempt: Attempt, facts: Facts) -> tuple[str, ...]:
    """Return what is not as the scenario should end; nothing if all is well."""
    return (
        *_of_run(scenario, attempt),
        *_of_image(scenario, attempt, facts),
        *_of_service(scenario, facts),
        *_of_deployment(scenario, facts),
        *_of_team(scenario, attempt, facts),
    )


def _of_run(scenario: Scenario, attempt: Attempt) -> Iterator[str]:
    if attempt.state != scenario.run:
        yield f"the run ended as {attempt.state}"
    if not scenario.fails_at:
        lacking = [each.id for each in attempt.outcomes() if each.state != "success"]
        if lacking:
            yield f"steps without success: {', '.join(lacking)}"
    elif (state := attempt.outcome(scenario.fails_at).state) != "failed":
        yield f"{scenario.fails_at} did not fail but is {state}"


def _of_image(scenario: Scenario, attempt: Attempt, facts: Facts) -> Iterator[str]:
    """Complain of an image that nobody should have built."""
    if scenario.image_built:
        return
    if attempt.outcome("build_image").seconds is not None:
        yield "build_image was begun"
    if new := sorted(set(facts.after.tags) - set(facts.before.tags)):
        yield f"the registry has new tags: {', '.join(new)}"


def _of_service(scenario: Scenario, facts: Facts) -> Iterator[str]:
    """Complain of what the users met; where nothing serves there are none."""
    before, after = facts.before.version, facts.after.version
    if (before is not None) is not scenario.serves_before:
        yield f"{facts.before.serving} served before"
    changed = after is not None and after != before
    if changed is not scenario.new_version_serves or (scenario.serves_before and after is None):
        yield f"{facts.after.serving} serves"
    if scenario.serves_before and not facts.requests.sent:
        yield "no user's request was sent"
    if facts.requests.failed:
        yield f"{facts.requests.failed} users' requests failed"


def _of_deployment(scenario: Scenario, facts: Facts) -> Iterator[str]:
    if scenario.deployment_untouched and facts.before.deployed != facts.after.deployed:
        yield "the Deployment was touched"
    if scenario.scaled_to_zero:
        live = facts.after.deployed
        if live is None or live.replicas:
            there = "there is no Deployment" if live is None else f"{live.replicas} replicas"
            yield f"the Deployment is not at 0: {there}"


def _of_team(scenario: Scenario, attempt: Attempt, facts: Facts) -> Iterator[str]:
    """Complain of a failure that the team does not know of; Slack is asked, not OPS Bot."""
    if not scenario.fails_at:
        return
    if attempt.asked.plan.plan_id not in facts.slack_messages:
        yield "Slack was not told"
    elif scenario.scaled_to_zero and "scaled to 0" not in facts.slack_messages.lower():
        yield "Slack was not told that it is scaled to 0"
