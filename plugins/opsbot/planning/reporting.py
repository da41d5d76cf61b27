"""Make the report of a run from what its tasks left behind.

What was not measured is said as that, and a task that did not run says why. What people and
systems wrote is masked and cut before it goes into the report.
"""

from collections.abc import Iterable

from opsbot.planning import cluster_outputs, ending, headline, outputs, phrases
from opsbot.planning.ending import Status, WayBack
from opsbot.planning.plan import Plan, Step
from opsbot.planning.report import (
    Ended,
    EndedStep,
    Judged,
    PersonsAnswer,
    Report,
    RollbackAction,
    RolledBack,
    Totals,
)
from opsbot.planning.run import Run
from opsbot.verification import criteria, proving
from opsbot.verification.approval import Given
from opsbot.verification.criteria import Judgement
from opsbot.verification.proving import Proof
from opsbot.vocabulary.redaction import redact
from opsbot.vocabulary.words import Compliance, Guard

LINES = 40
"""Most lines of one task's words."""
LINE = 400
"""Most characters of a line."""


def make(plan: Plan, run: Run) -> Report:
    """Return the report of a plan's run."""
    states = {each.id: each.state for each in run.outcomes}
    status = ending.status(plan, states)
    answers = tuple(_answer(question, given) for question, given in run.answers.items())
    rollback = _rolled_back(run, ending.way_back(states))
    steps = tuple(_step(plan, each, run, status) for each in plan.steps)
    judged = _criteria(plan, run)
    totals = _totals(run.seconds, steps, judged)
    return Report(
        plan_id=plan.plan_id,
        fingerprint=plan.fingerprint,
        title=plan.title,
        command=_masked(plan.intent.command),
        action=plan.intent.action,
        application=plan.intent.application,
        environment=plan.intent.environment,
        version=phrases.version(plan),
        requested_by=run.requested_by,
        status=status,
        headline=headline.of(plan, states, run, rollback),
        reads_only=not any(each.changes_cluster for each in plan.steps),
        totals=totals,
        steps=steps,
        guards=_guards(plan, run),
        answers=answers,
        rollback=rollback,
        criteria=judged,
        verdict=_verdict(totals, status),
        compliance=_compliance(plan, run),
    )


def _step(plan: Plan, step: Step, run: Run, status: Status) -> EndedStep:
    """Say what became of a step, or why it did not run."""
    end = run.outcome(step.id)
    ran = end.seconds is not None
    found = outputs.in_lines(step.capability, end.output) if end.state == "success" else ()
    return EndedStep(
        id=step.id,
        number=step.number,
        title=step.title,
        server=step.server,
        state=end.state,
        seconds=end.seconds,
        words=_bounded(found),
        problem=_bounded(end.problem.splitlines()),
        why_not="" if ran else _why_not(plan, end.state, run, status),
    )


def _why_not(plan: Plan, state: str, run: Run, status: Status) -> str:
    """Say why a step did not run: what stood before it, in a person's words."""
    if state != "upstream_failed":
        return state.replace("_", " ")
    if status is Status.NOT_APPROVED:
        given = run.answers.get(Guard.APPROVAL.value)
        return "approval was rejected" if headline.rejects(given) else "approval was not given"
    failed = ending.failures(plan, {each.id: each.state for each in run.outcomes})
    return f"{failed[0]} failed before it" if failed else "something before it failed"


def _guards(plan: Plan, run: Run) -> tuple[Ended, ...]:
    """Say what became of the guards that ran."""
    ends = [end for each in plan.guards if (end := run.outcome(each.value)).seconds is not None]
    return tuple(
        Ended(
            id=end.id,
            state=end.state,
            seconds=end.seconds,
            problem=_bounded(end.problem.splitlines()),
        )
        for end in ends
    )


def _answer(question: str, given: Given) -> PersonsAnswer:
    return PersonsAnswer(
        question=question,
        option=given.option,
        by=given.by,
        at=proving.moment(given.at),
        subject_sha256=given.subject_sha256,
        reason=_masked(given.reason),
    )


def _rolled_back(run: Run, outcome: WayBack) -> RolledBack | None:
    """Return the way back as the rollback's own record tells it."""
    if outcome is WayBack.UNTOUCHED:
        return None
    output = run.outcome(Guard.ROLLBACK.value).output
    return RolledBack(
        outcome=outcome,
        target=_masked(str(output.get("restored", ""))),
        version=str(output.get("version", "")),
        actions=tuple(_action(each) for each in output.get("actions") or ()),
        objects=_compared(run),
    )


def _compared(run: Run) -> tuple[str, ...]:
    """Say what the second look at the restored version has compared."""
    proofs = run.outcome(Guard.VERIFY_ROLLBACK.value).output.get("objects") or ()
    return tuple(_masked(each) for each in cluster_outputs.compared(proofs))


def _action(action: dict[str, object]) -> RollbackAction:
    found = RollbackAction.model_validate(action)
    return found.model_copy(update={"note": _masked(found.note)})


def _criteria(plan: Plan, run: Run) -> tuple[Judged, ...]:
    """Judge each criterion from the outcomes of the steps."""
    steps = [each.id for each in plan.steps]
    found = criteria.judge(plan.success_criteria, steps, run.outcomes)
    return tuple(_judged(each, plan) for each in found)


def _judged(judgement: Judgement, plan: Plan) -> Judged:
    words = phrases.criterion(judgement.criterion, plan)
    return Judged(words=words, **judgement.model_dump())


def _compliance(plan: Plan, run: Run) -> tuple[Proof, ...]:
    """Prove the plan's words; a change carries all of them and proves none."""
    provers: dict[Compliance, tuple[str, ...]] = {
        word: tuple(s.id for s in plan.steps if word in s.compliance and not s.changes_cluster)
        for word in plan.compliance
    }
    approved = run.answers.get(Guard.APPROVAL.value)
    found = proving.prove(plan.compliance, provers, run.outcomes, approved)
    return tuple(each.model_copy(update={"evidence": _masked(each.evidence)}) for each in found)


def _totals(seconds: float, steps: tuple[EndedStep, ...], judged: tuple[Judged, ...]) -> Totals:
    states = [each.state for each in steps]
    met = [each.met for each in judged]
    completed, failed = states.count("success"), states.count("failed")
    return Totals(
        seconds=round(seconds, 2),
        steps=len(steps),
        completed=completed,
        failed=failed,
        not_run=len(steps) - completed - failed,
        criteria_met=met.count(True),
        criteria_missed=met.count(False),
        criteria_not_measured=met.count(None),
    )


def _verdict(totals: Totals, status: Status) -> str:
    """Write the sum of all criteria; what a person did not want has not failed them."""
    if status is Status.NOT_APPROVED:
        return "➖ Not carried out, so there is nothing to judge"
    criteria = totals.criteria_met + totals.criteria_missed + totals.criteria_not_measured
    if totals.criteria_missed:
        return f"❌ {totals.criteria_missed} of {criteria} success criteria not met"
    if totals.criteria_met == criteria:
        return "✅ All success criteria met!"
    return (
        f"✅ {totals.criteria_met} success criteria met, "
        f"{totals.criteria_not_measured} not measured"
    )


def _bounded(lines: Iterable[str]) -> tuple[str, ...]:
    """Mask and cut what a system wrote; say if there was more."""
    shown = [_masked(each) for each in lines if each.strip()]
    more = (f"... {len(shown) - LINES} more lines",) if len(shown) > LINES else ()
    return (*shown[:LINES], *more)


def _masked(text: str) -> str:
    """Mask secrets first, so that no cut leaves half of one."""
    plain = redact(text)
    return plain if len(plain) <= LINE else f"{plain[:LINE]} ..."
