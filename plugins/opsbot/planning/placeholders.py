"""Placeholders in a pattern's arguments: `{branch}`, `{application.image.name}`.

A placeholder is one of the names below and nothing else: no expressions, no attributes of
whatever happens to be there, no formatting. A string that is one placeholder keeps the type of
what it stands for (`"{replicas}"` becomes a number); inside a longer string it becomes text.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from opsbot.planning import nearness
from opsbot.vocabulary.errors import PlanningError

KNOWN = frozenset(
    {
        "action",
        "application.image.build_args",
        "application.image.dockerfile",
        "application.image.name",
        "application.jenkins.build",
        "application.jenkins.test",
        "application.name",
        "application.repository",
        "application.sonarqube.project_key",
        "application.sonarqube.quality_gate",
        "application.workload.container",
        "application.workload.deployment",
        "application.workload.health_path",
        "application.workload.manifests_sha256",
        "application.workload.selector",
        "application.workload.service",
        "branch",
        "environment.name",
        "environment.namespace",
        "policy.adopt_from",
        "policy.block_severities",
        "policy.coverage_required",
        "policy.observe_seconds",
        "policy.pre_stop_seconds",
        "policy.restarts_before_abort",
        "policy.rollout_deadline",
        "release",
        "release_tag",
        "replicas",
        "source_tags",
        "tag",
        "target",
        "version",
    }
)

_BRACES = re.compile(r"\{([^{}]*)\}")


def unknown(value: Any) -> Iterator[str]:
    """Yield a problem in words for each brace in `value` that is not a known placeholder."""
    for text in _strings(value):
        for name in _BRACES.findall(text):
            if name not in KNOWN:
                yield f"Unknown placeholder {{{name}}}. {nearness.did_you_mean(name, KNOWN)}"
        if set(_BRACES.sub("", text)) & {"{", "}"}:
            yield f"Unbalanced brace in {text!r}. Write placeholders as {{name}}."


def resolve(value: Any, names: Mapping[str, Any]) -> Any:
    """Return `value` with every placeholder replaced; a name without a value is an error."""
    match value:
        case str():
            return _resolve_text(value, names)
        case Mapping():
            return {key: resolve(each, names) for key, each in value.items()}
        case list() | tuple():
            return [resolve(each, names) for each in value]
        case _:
            return value


def _resolve_text(text: str, names: Mapping[str, Any]) -> Any:
    """Replace the placeholders of one string."""
    if whole := _BRACES.fullmatch(text):
        return _look_up(whole[1], names)
    return _BRACES.sub(lambda found: str(_look_up(found[1], names)), text)


def _look_up(name: str, names: Mapping[str, Any]) -> Any:
    """Return what a placeholder stands for."""
    if name not in KNOWN:
        raise PlanningError(f"Unknown placeholder {{{name}}}. {nearness.did_you_mean(name, KNOWN)}")
    if (found := names.get(name)) is None:
        raise PlanningError(f"Placeholder {{{name}}} has no value here. {_remedy(name)}")
    return found


def _remedy(name: str) -> str:
    """Say what gives a placeholder its value."""
    if name == "application.workload.selector":
        return "Give the application's Deployment manifest a spec.selector.matchLabels."
    return "Name an environment, or take the placeholder out of the pattern."


def _strings(value: Any) -> Iterator[str]:
    """Yield every string inside a JSON value."""
    match value:
        case str():
            yield value
        case Mapping():
            for each in value.values():
                yield from _strings(each)
        case list() | tuple():
            for each in value:
                yield from _strings(each)
