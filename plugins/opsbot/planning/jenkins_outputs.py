"""What the outputs of the Jenkins tools mean, in a line a person can read."""

from collections.abc import Callable, Mapping
from typing import Any


def _test_results(output: Mapping[str, Any]) -> str:
    if output["verdict"] == "not_proven":
        return f"Tests not proven - {output['reason']}"
    coverage = output["coverage"]
    covered = "not measured" if coverage is None else f"{coverage:g}%"
    new = f" ({output['new_failures']} of them new)" if output["failed"] else ""
    return (
        f"Tests {output['verdict']} - {output['passed']} passed, {output['failed']} failed{new}, "
        f"{output['skipped']} skipped - Coverage: {covered}"
    )


def _status(output: Mapping[str, Any]) -> str:
    number = output["build_number"]
    name = f"Build #{number}" if number else f"Queue item {output['queue_id']}"
    why = f" - {output['why']}" if output["why"] else ""
    waiting = "".join(f" - waits for an answer to {each['id']}" for each in output["waits_for"])
    return f"{name} of {output['job']} - {_spoken(output['state'])}{why}{waiting}"


def _queued(output: Mapping[str, Any]) -> str:
    number = f" as #{output['build_number']}" if output["build_number"] else ""
    why = f" - {output['why']}" if output["why"] else ""
    return f"Queue item {output['queue_id']} - {_spoken(output['state'])}{number}{why}"


def _cancelled(output: Mapping[str, Any]) -> str:
    if output["outcome"] == "cancelled":
        return f"Queue item {output['queue_id']} cancelled - nothing was built"
    return f"Not cancelled - it had started as #{output['build_number']}"


def _stopped(output: Mapping[str, Any]) -> str:
    if output["outcome"] == "stopped":
        return f"Build #{output['build_number']} stopped - what it had done stays"
    return f"Not stopped - build #{output['build_number']} had ended: {output['result']}"


def _stages(output: Mapping[str, Any]) -> str:
    if not output["available"]:
        return f"Stages of build #{output['build_number']} not available"
    told = [
        f"{each['name']} {each['status']}{': ' + each['error'] if each['error'] else ''}"
        for each in output["stages"]
    ]
    more = [f"{output['left_off']} more"] if output["left_off"] else []
    return f"Stages - {', '.join((*told, *more)) or 'none'}"


def _answered(output: Mapping[str, Any]) -> str:
    return f"Answered {output['input_id']} ({output['answer']}) - build {_spoken(output['state'])}"


def _server(output: Mapping[str, Any]) -> str:
    quiet = ", about to shut down" if output["quieting_down"] else ""
    return f"Jenkins {output['version'] or 'of an unknown version'}, as {output['user']}{quiet}"


def _spoken(word: str) -> str:
    return word.replace("_", " ")


WORDS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "get_build_status": _status,
    "get_test_results": _test_results,
    "get_queue_item": _queued,
    "cancel_queued_build": _cancelled,
    "stop_build": _stopped,
    "get_build_stages": _stages,
    "answer_build_input": _answered,
    "get_server_status": _server,
}
"""By capability; an output without the expected fields raises `KeyError`."""
