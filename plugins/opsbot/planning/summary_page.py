"""A run's report as Markdown, for Airflow's pages and whoever reads the XCom.

Everything that a person or a system wrote stands escaped or in a code span, so that it is shown
and never obeyed.
"""

from collections.abc import Iterator

from opsbot.planning import phrases, wording
from opsbot.planning.markdown_page import code, escaped
from opsbot.planning.report import EndedStep, PersonsAnswer, Report, RolledBack
from opsbot.planning.summary import JUDGED_MARK, JUDGED_WORDS, NO_MARK, STEP_MARK

_STATUS_MARK = {"COMPLETED": "✅", "NOT APPROVED": "⛔"}


def write(report: Report) -> str:
    """Write the execution summary."""
    return "\n".join([*_facts(report), *_steps(report), *_record(report)]) + "\n"


def _facts(report: Report) -> Iterator[str]:
    """Write how it ended and the facts that a reader looks for first."""
    totals = report.totals
    yield f"# {_STATUS_MARK.get(report.status, '❌')} {escaped(report.title)}"
    yield from ("", f"**{escaped(report.headline)}**", "")
    place = phrases.where(report.application, report.version, report.environment)
    yield f"- Application: {code(place)}"
    yield f"- Command: {code(report.command)}"
    yield f"- Plan: {code(report.plan_id)}, fingerprint {code(report.fingerprint[:12])}"
    yield f"- Requested by: {code(report.requested_by) if report.requested_by else 'nobody knows'}"
    yield from (_answer(each) for each in report.answers)
    yield (
        f"- Duration: {wording.seconds(totals.seconds)}; steps: {totals.completed} completed, "
        f"{totals.failed} failed, {totals.not_run} not run"
    )
    yield f"- {report.verdict}"
    yield ""


def _answer(answer: PersonsAnswer) -> str:
    """Write what a person answered, and to what."""
    to = f" to the subject {code(answer.subject_sha256[:12])}" if answer.subject_sha256 else ""
    reason = f": {code(answer.reason)}" if answer.reason else ""
    said = f"{escaped(answer.option)} by {code(answer.by)} at {answer.at}"
    return f"- {escaped(answer.question.capitalize())}: {said}{to}{reason}"


def _steps(report: Report) -> Iterator[str]:
    """Write what each step found; where a plan only reads, that is the answer."""
    yield f"## {'Answer' if report.reads_only else 'Step results'}"
    for step in report.steps:
        mark = STEP_MARK.get(step.state, NO_MARK)
        yield from ("", f"### {mark} Step {step.number}: {escaped(step.title)}", "")
        yield from _step(step)
    yield ""


def _step(step: EndedStep) -> Iterator[str]:
    """Write what a step found, why it failed, or why it did not run."""
    if step.why_not:
        yield f"Not run: {escaped(step.why_not)}"
        return
    yield from (f"- {escaped(each)}" for each in step.words)
    yield from (f"- ❌ {escaped(each)}" for each in step.problem[:1])
    yield from (f"  - {escaped(each)}" for each in step.problem[1:])
    yield f"- Duration: {wording.seconds(step.seconds)}"


def _record(report: Report) -> Iterator[str]:
    """Write the way back, the criteria and the proofs."""
    if report.rollback:
        yield from _rollback(report.rollback)
    yield from ("## Success criteria", "")
    for each in report.criteria:
        found = escaped(f"{JUDGED_WORDS[each.met]}{each.reason}")
        yield f"- {JUDGED_MARK[each.met]} {escaped(each.words)} ({found})"
    if not report.compliance:
        return
    yield from ("", "## Compliance", "")
    for proof in report.compliance:
        mark, lacking = ("✅", "") if proof.proven else ("❌", "not proven: ")
        yield f"- {mark} {code(proof.word)}: {escaped(lacking + proof.evidence)}"


def _rollback(rolled_back: RolledBack) -> Iterator[str]:
    """Write what was done to go back, and how long each action took."""
    yield from ("## Rollback", "", f"{escaped(rolled_back.target)} ({rolled_back.outcome})", "")
    if rolled_back.actions:
        yield from ("| Action | State | Time | Note |", "|---|---|---|---|")
    for each in rolled_back.actions:
        took = wording.seconds(each.seconds)
        name = escaped(each.id.replace("_", " "))
        yield f"| {name} | {escaped(each.state)} | {took} | {escaped(each.note)} |"
    if rolled_back.objects:
        yield from ("", *(f"- {escaped(words)}" for words in rolled_back.objects))
    yield ""
