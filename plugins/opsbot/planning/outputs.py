"""What a step's output means, in a line a person can read.

Outputs come from other systems, so they are shown as text and never trusted to be complete: what
does not have the expected fields is shown as JSON.
"""

from collections.abc import Callable, Mapping
from typing import Any

from opsbot.planning import cluster_outputs, jenkins_outputs, quality_outputs, wording
from opsbot.vocabulary.redaction import redact_value


def in_words(capability: str, output: Mapping[str, Any]) -> str:
    """Say in one line what a tool's output means."""
    return "; ".join(in_lines(capability, output))


def in_lines(capability: str, output: Mapping[str, Any]) -> tuple[str, ...]:
    """Say what a tool's output means: a line, then the particulars, one a line."""
    if not output:
        return ("none",)
    output = redact_value(dict(output))  # while a secret still has the shape it is known by
    try:
        words = _WORDS[capability](output)
    except (KeyError, TypeError, ValueError):
        words = wording.value(output)
    lines = (words,) if isinstance(words, str) else words
    return tuple(wording.visible(str(each)) for each in lines)


def megabytes(size: int) -> str:
    """Write a size as people speak of images."""
    return f"{size / 1_000_000:.0f}MB" if size >= 1_000_000 else f"{size / 1000:.0f}kB"


def _build(output: Mapping[str, Any]) -> str:
    return (
        f"Build #{output['build_number']} - {output['status']} - "
        f"{output['artifacts']} artifacts created"
    )


def _tests(output: Mapping[str, Any]) -> str:
    coverage = output["coverage"]
    covered = "not measured" if coverage is None else f"{coverage:g}%"
    return f"{output['passed']} tests passed, {output['failed']} failed - Coverage: {covered}"


def _image(output: Mapping[str, Any]) -> str:
    return f"Image pushed - {output['image']} ({megabytes(output['size'])})"


def _built(output: Mapping[str, Any]) -> str:
    return f"Image built - {output['image']} ({megabytes(output['size'])}), not pushed"


def _pulled(output: Mapping[str, Any]) -> str:
    return f"Image pulled - {output['reference']} ({megabytes(output['size'])})"


def _tagged(output: Mapping[str, Any]) -> str:
    moved = f", which was {output['previous']} before" if output["previous"] else ""
    return f"Image tagged - {output['image']} is {output['digest']}{moved}"


def _described(output: Mapping[str, Any]) -> str:
    origin = f"commit {output['revision'][:7]}" if output["revision"] else "an unknown commit"
    return (
        f"Image found - {output['reference']} ({megabytes(output['size'])}) from {origin}, "
        f"for {', '.join(output['platforms'])}"
    )


def _tags(output: Mapping[str, Any]) -> str:
    more = f" and {output['left_off']} more" if output["left_off"] else ""
    return f"Tags of {output['repository']} - {', '.join(output['tags']) or 'none'}{more}"


def _signed(output: Mapping[str, Any]) -> str:
    return f"Image signed - {output['image']} ({output['digest']}), key {output['key'][:19]}"


def _verified(output: Mapping[str, Any]) -> str:
    platforms = f" for {', '.join(output['platforms'])}" if len(output["platforms"]) > 1 else ""
    files = f", with {', '.join(output['files'])}" if output["files"] else ""
    signature = _spoken(output["signature"])
    return f"Image verified - {output['layers']} layers{platforms}{files}, signature {signature}"


def _spoken(word: str) -> str:
    return word.replace("_", " ")


_WORDS: dict[str, Callable[[Mapping[str, Any]], cluster_outputs.Words]] = {
    "trigger_build": _build,
    "run_tests": _tests,
    "push_image": _image,
    "pull_image": _pulled,
    "tag_image": _tagged,
    "verify_image": _verified,
    "get_image_metadata": _described,
    "build_image": _built,
    "list_tags": _tags,
    "sign_image": _signed,
    **jenkins_outputs.WORDS,
    **quality_outputs.WORDS,
    **cluster_outputs.WORDS,
}
