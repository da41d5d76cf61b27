"""A run's report for a terminal: what came of a plan, for the person who asked for it."""

import re
from collections.abc import Iterator

from opsbot.planning import phrases, wording
from opsbot.planning.ending import Status
from opsbot.planning.report import Ended, EndedStep, Judged, Report, RolledBack
from opsbot.verification.proving import Proof

RULE = "=" * wording.WIDTH
THIN_RULE = "-" * wording.WIDTH

STEP_MARK = {"success": "✅", "failed": "❌"}
NO_MARK = "➖"
JUDGED_MARK = {True: "✅", False: "❌", None: NO_MARK}
_DIGEST = re.compile(r"(sha256:[0-9a-f]{12})[0-9a-f]+")
"""A digest is longer than a line; its beginning tells it from others."""
JUDGED_WORDS = {True: "", False: "not met: ", None: "not measured: "}


def text(report: Report) -> str:
    """Write the execution summary in lines of at most 80 columns."""
    lines = [
        *_header(report),
        *(line for step in report.steps for line in _step(step)),
        RULE,
        "",
        *wording.wrapped(f"{report.title}: {_ending(report)}", "  "),
        "",
        *_persons(report),
        *(_rollback(report.rollback) if report.rollback else ()),
        "Success criteria:",
        *(line for each in report.criteria for line in _criterion(each)),
        "",
        *_compliance(report.compliance),
        report.verdict,
    ]
    return "\n".join(lines) + "\n"


def _ending(report: Report) -> str:
    completed = report.status is Status.COMPLETED
    return "completed successfully!" if completed else report.headline


def _header(report: Report) -> Iterator[str]:
    """Write the run's facts."""
    totals = report.totals
    yield from (RULE, "📊 EXECUTION SUMMARY", RULE, "")
    yield f"Plan ID: {wording.visible(report.plan_id)}"
    place = phrases.where(report.application, report.version, report.environment)
    yield from wording.wrapped(place, "    ", "Application: ")
    yield from wording.wrapped(report.headline, "    ", "Status: ")
    yield f"Duration: {wording.seconds(totals.seconds)}"
    yield f"Steps Completed: {totals.completed}"
    yield f"Steps Failed: {totals.failed}"
    if totals.not_run:
        yield f"Steps Not Run: {totals.not_run}"
    yield from ("", THIN_RULE, "STEP RESULTS:", THIN_RULE, "")


def _step(step: EndedStep) -> Iterator[str]:
    """Write what became of one step."""
    mark = STEP_MARK.get(step.state, NO_MARK)
    yield from wording.wrapped(step.title, "   ", f"{mark} Step {step.number}: ")
    if step.why_not:
        yield from wording.wrapped(step.why_not, "   ", "   Not run: ")
    else:
        yield f"   Duration: {wording.seconds(step.seconds)}"
        yield from _found(step)
    yield ""


def _found(step: Ended) -> Iterator[str]:
    """Write what a task found, or the error that ended it."""
    for label, lines, mark in (("Output", step.words, "• "), ("Error", step.problem, "")):
        for number, line in enumerate(lines):
            first = f"   {label}: " if number == 0 else f"     {mark}"
            yield from wording.wrapped(line, "     ", first)


def _persons(report: Report) -> Iterator[str]:
    """Write who asked, and who answered what to what."""
    if report.requested_by:
        yield f"👤 Requested by {wording.visible(report.requested_by)}"
    for each in report.answers:
        said = f"{each.option} by {each.by} at {each.at}"
        subject = f", subject {each.subject_sha256[:12]}" if each.subject_sha256 else ""
        reason = f": {each.reason}" if each.reason else ""
        line = f"{said}{subject}{reason}"
        yield from wording.wrapped(line, "   ", f"👤 {each.question.capitalize()}: ")
    yield ""


def _rollback(rolled_back: RolledBack) -> Iterator[str]:
    """Write what was done to go back, and how long each action took."""
    target = _DIGEST.sub(r"\1", rolled_back.target) or "no record of what was restored"
    yield from wording.wrapped(target, "     ", f"🔄 Rollback ({rolled_back.outcome}): ")
    for each in rolled_back.actions:
        took = "" if each.seconds is None else f" ({wording.seconds(each.seconds)})"
        note = f": {each.note}" if each.note else ""
        mark = STEP_MARK.get(each.state, NO_MARK)
        line = f"{each.id.replace('_', ' ')}{took}{note}"
        yield from wording.wrapped(line, "     ", f"  {mark} ")
    for words in rolled_back.objects:
        yield from wording.wrapped(words, "     ", "  • ")
    yield ""


def _criterion(judged: Judged) -> list[str]:
    """Write one criterion with its verdict and what says so."""
    line = f"{judged.words} ({JUDGED_WORDS[judged.met]}{judged.reason})"
    return wording.wrapped(line, "     ", f"  {JUDGED_MARK[judged.met]} ")


def _compliance(proofs: tuple[Proof, ...]) -> Iterator[str]:
    """Write each compliance word with its proof."""
    if not proofs:
        return
    yield "📜 Compliance:"
    for each in proofs:
        evidence = _DIGEST.sub(r"\1", each.evidence)
        words = f"{each.word}: {'' if each.proven else 'NOT PROVEN: '}{evidence}"
        yield from wording.wrapped(words, "     ", f"  {'✅' if each.proven else '❌'} ")
    yield ""
