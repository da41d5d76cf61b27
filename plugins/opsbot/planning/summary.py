"""What came of a plan, for the person who asked for it.

Success is claimed only for criteria that were measured and met; what nobody measured is listed as
that.
"""

from collections.abc import Iterable, Iterator

from opsbot.planning import outputs, phrases, wording
from opsbot.planning.plan import Plan, Step
from opsbot.verification import criteria
from opsbot.verification.criteria import Judgement
from opsbot.vocabulary.outcome import StepOutcome

RULE = "=" * wording.WIDTH
THIN_RULE = "-" * wording.WIDTH

_MARKS = {"success": "✅", "failed": "❌"}


def text(plan: Plan, outcomes: Iterable[StepOutcome], seconds: float) -> str:
    """Write the execution summary of a run that took that many seconds."""
    ends = {each.id: each for each in outcomes}
    judgements = criteria.judge(
        plan.success_criteria, (each.id for each in plan.steps), ends.values()
    )
    lines = [
        *_header(plan, ends, seconds),
        *(line for step in plan.steps for line in _step(step, ends.get(step.id))),
        RULE,
        "",
        *_closing(plan, ends),
        "",
        *(line for each in judgements for line in _criterion(each, plan)),
        "",
        _verdict(judgements),
    ]
    return "\n".join(lines) + "\n"


def status(plan: Plan, ends: dict[str, StepOutcome]) -> str:
    """Return COMPLETED, FAILED, or INCOMPLETE for a run that ended without a failed step."""
    states = [_state(ends.get(each.id)) for each in plan.steps]
    if all(each == "success" for each in states):
        return "COMPLETED"
    return "FAILED" if "failed" in states else "INCOMPLETE"


def _header(plan: Plan, ends: dict[str, StepOutcome], seconds: float) -> Iterator[str]:
    """Write the run's facts."""
    states = [_state(ends.get(each.id)) for each in plan.steps]
    yield from (RULE, "📊 EXECUTION SUMMARY", RULE, "")
    yield f"Plan ID: {wording.visible(plan.plan_id)}"
    yield f"Status: {status(plan, ends)}"
    yield f"Duration: {wording.seconds(seconds)}"
    yield f"Steps Completed: {states.count('success')}"
    yield f"Steps Failed: {states.count('failed')}"
    yield from ("", THIN_RULE, "STEP RESULTS:", THIN_RULE, "")


def _step(step: Step, outcome: StepOutcome | None) -> Iterator[str]:
    """Write what became of one step."""
    state = _state(outcome)
    yield f"{_MARKS.get(state, '➖')} Step {step.number}: {wording.visible(step.title)}"
    if outcome is None or outcome.seconds is None:
        yield f"   Not run: {wording.visible(state)}"
    else:
        yield f"   Duration: {wording.seconds(outcome.seconds)}"
        shown = outputs.in_words(step.capability, outcome.output)
        yield from wording.wrapped(shown, "   ", "   Output: ")
    yield ""


def _closing(plan: Plan, ends: dict[str, StepOutcome]) -> Iterator[str]:
    """Write how it ended, in one sentence."""
    failed = [each for each in plan.steps if _state(ends.get(each.id)) == "failed"]
    match status(plan, ends):
        case "COMPLETED":
            ending = "completed successfully!"
        case "FAILED":
            ending = f"failed at step {failed[0].number} ({failed[0].id})."
        case _:
            ending = "ended before its last step."
    yield from wording.wrapped(f"{plan.title}: {ending}", "  ")


def _criterion(judgement: Judgement, plan: Plan) -> Iterator[str]:
    """Write one criterion with its verdict and what says so."""
    words = phrases.criterion(judgement.criterion, plan)
    match judgement.met:
        case True:
            mark, verdict = "✅", ""
        case False:
            mark, verdict = "❌", "not met: "
        case None:
            mark, verdict = "➖", "not measured: "
    line = f"{words} ({verdict}{judgement.reason})"
    yield from wording.wrapped(line, "     ", f"  {mark} ")


def _verdict(judgements: tuple[Judgement, ...]) -> str:
    """Write the sum of all criteria; silence is not success."""
    met = [each for each in judgements if each.met]
    missed = [each for each in judgements if each.met is False]
    if missed:
        return f"❌ {len(missed)} of {len(judgements)} success criteria not met"
    if len(met) == len(judgements):
        return "✅ All success criteria met!"
    unknown = len(judgements) - len(met)
    return f"✅ {len(met)} success criteria met, {unknown} not measured"


def _state(outcome: StepOutcome | None) -> str:
    """Return a step's end in Airflow's words; a step without one was not reached."""
    return "not reached" if outcome is None else outcome.state
