"""What a person is shown who must say yes or no: a short page in Markdown.

First the facts that people ask for (what, where, by whom, made from what, tested how), then what
would change, then the way back. All of it is data from other systems and other people: facts stand
in code spans, the previewed change in a fence, and neither can hold Markdown of its own.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from opsbot.planning import outputs as tool_outputs
from opsbot.planning import phrases, wording
from opsbot.planning.markdown_page import code, escaped
from opsbot.planning.plan import Plan
from opsbot.vocabulary.redaction import redact

LONGEST_PREVIEW = 20_000
"""Characters of the previewed change; beyond, the page says how much was left off."""
LONGEST_FACT = 400
_JUDGED = {
    "run_tests": "Tests",
    "analyze_project": "Quality gate",
    "get_vulnerabilities": "Security scan",
    "verify_image": "Image check",
}
"""Tools whose outputs a person decides by, with the name of their fact."""

Outputs = Mapping[str, Mapping[str, Any]]


def write(
    plan: Plan, *, requested_by: str | None, outputs: Outputs, preview: Mapping[str, Any]
) -> str:
    """Write the page; `outputs` are those of the steps before the change, by id."""
    facts = [*_asked(plan, requested_by), *_made(plan, outputs, preview), *_judged(plan, outputs)]
    target = str(preview.get("target", ""))
    lines = [
        f"**{escaped(plan.title)}**",
        "",
        "| | |",
        "|---|---|",
        *(f"| {name} | {code(_bounded(value))} |" for name, value in facts),
        "",
        "**What changes**",
        "",
        *_fenced(str(preview.get("text", ""))),
        "",
        f"**Way back:** {code(redact(target))}",
        "",
        f"Approved subject: {code(str(preview.get('subject_sha256', '')))}",
    ]
    return "\n".join(lines) + "\n"


def _asked(plan: Plan, requested_by: str | None) -> Iterator[tuple[str, str]]:
    """Return what was asked for, where and by whom."""
    yield "Application", plan.intent.application
    yield "Environment", plan.intent.environment or "none"
    yield "Command, as typed", plan.intent.command
    yield "Requested by", requested_by or "nobody knows"
    yield "Risk", plan.risk.value.upper()


def _made(plan: Plan, outputs: Outputs, preview: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Return which version it is, and what it was made from."""
    if version := phrases.version(plan):
        yield "Version", version
    commit = _first(outputs, "commit", "revision")
    if commit:
        yield "Commit", commit
    subject = preview.get("subject") or {}
    if digest := str(subject.get("digest", "")):
        yield "Image digest", digest


def _judged(plan: Plan, outputs: Outputs) -> Iterator[tuple[str, str]]:
    """Return what the steps before the change have found; silence is said to be silence."""
    for step in plan.before_change:
        name = _JUDGED.get(step.capability)
        if name is not None:
            output = outputs.get(step.id)
            found = tool_outputs.in_words(step.capability, output) if output else "NOT ON RECORD"
            yield name, found


def _first(outputs: Outputs, *fields: str) -> str:
    """Return the first of these fields that any output has."""
    found = (output.get(field) for output in outputs.values() for field in fields)
    return str(next((each for each in found if each), ""))


def _bounded(value: str) -> str:
    plain = redact(value)
    return plain if len(plain) <= LONGEST_FACT else f"{plain[:LONGEST_FACT]} ..."


def _fenced(text: str) -> Iterator[str]:
    """Write text that stays inside its fence, its lines kept."""
    plain = redact(text).replace("`", "'")
    yield "```text"
    yield from (wording.visible(line) for line in plain[:LONGEST_PREVIEW].split("\n"))
    if len(plain) > LONGEST_PREVIEW:
        yield f"... {len(plain) - LONGEST_PREVIEW} more characters: see the output of 'preview'"
    yield "```"
