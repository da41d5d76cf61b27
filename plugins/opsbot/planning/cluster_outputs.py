"""What the outputs of the Kubernetes tools mean, in lines a person can read."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Words = str | tuple[str, ...]
"""A line, or a line and its particulars."""


def compared(proofs: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Say whether restored objects are what was saved; nothing where nothing was compared."""
    if not proofs:
        return ()
    equal = sum(bool(each["equal"]) for each in proofs)
    counts = f"{equal} of {len(proofs)} objects are exactly as they were saved"
    different = (
        f"{each['object']} differs: {'; '.join(each['differences'])}"
        for each in proofs
        if not each["equal"]
    )
    return (counts, *different)


def _deployed(output: Mapping[str, Any]) -> Words:
    ready = f"Deployment successful - {output['ready']}/{output['replicas']} replicas ready"
    return (ready, *compared(output.get("objects") or ()))


def _deployment(output: Mapping[str, Any]) -> str:
    if output["state"] == "not_deployed":
        return f"Not deployed - no Deployment {output['deployment']} in {output['namespace']}"
    images = ", ".join(output["images"])
    return (
        f"Deployment {_spoken(output['state'])} - {output['ready']}/{output['replicas']} replicas "
        f"ready, revision {output['revision']}, image {images}"
    )


def _rollout(output: Mapping[str, Any]) -> str:
    if output["state"] == "not_deployed":
        return f"Not deployed - no Deployment {output['deployment']} in {output['namespace']}"
    reason = f" - {output['reason']}" if output["reason"] else ""
    return f"Rollout {_spoken(output['state'])}{reason}"


def _pods(output: Mapping[str, Any]) -> Words:
    counts = f"{output['running']} of {output['pods']} pods running, {output['ready']} ready"
    return (counts, *output["troubles"])


def _logs(output: Mapping[str, Any]) -> Words:
    counts = (
        f"Application {_spoken(output['health'])} - {output['errors']} errors, "
        f"{output['warnings']} warnings in the logs"
    )
    return (counts, *output["quotes"])


def _events(output: Mapping[str, Any]) -> Words:
    told = [
        f"{each['object']}: {each['reason']} ({each['count']}x) {each['message']}"
        for each in output["events"]
    ]
    more = [f"{output['left_off']} older ones"] if output["left_off"] else []
    return (*told, *more) or ("No events",)


def _backup(output: Mapping[str, Any]) -> Words:
    saved = f"Backup verified - {', '.join(output['objects'])}; {output['target']}"
    return (saved, f"Kept as {output['archive']}")


def _service(output: Mapping[str, Any]) -> str:
    if output["trouble"]:
        return str(output["trouble"])
    port = "" if output["port"] is None else f" on port {output['port']}"
    answers = (
        f"{output['requests']} requests, {output['failed']} failed"
        if output["requests"]
        else "no request sent"
    )
    seconds = output["observed_seconds"]
    watched = f", watched for {seconds} s without a restart" if seconds else ""
    return (
        f"Service {output['service']} - {output['endpoints']} endpoints ready{port}, "
        f"{answers}{watched}"
    )


def _spoken(word: str) -> str:
    return word.replace("_", " ")


WORDS: Mapping[str, Callable[[Mapping[str, Any]], Words]] = {
    "apply_deployment": _deployed,
    "restart_deployment": _deployed,
    "scale_deployment": _deployed,
    "rollback_deployment": _deployed,
    "restore_release": _deployed,
    "backup_release": _backup,
    "get_deployment": _deployment,
    "get_rollout_status": _rollout,
    "get_events": _events,
    "get_pods": _pods,
    "get_pod_logs": _logs,
    "get_service": _service,
}
"""By capability; an output without the expected fields raises `KeyError`."""
