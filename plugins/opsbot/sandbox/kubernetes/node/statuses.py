"""A pod's status, composed from what its containers show."""

from dataclasses import dataclass

from opsbot.sandbox.kubernetes.cluster import stamp
from opsbot.sandbox.kubernetes.node.containers import Container
from opsbot.sandbox.kubernetes.problems import Json

_UNREADY = "ContainersNotReady"


@dataclass(frozen=True)
class Parts:
    """What a status is made of."""

    before: Json
    generation: int
    address: str
    started_at: str
    mounted: bool
    inits: list[Container]
    mains: list[Container]
    restart_policy: str
    over: bool
    """Whether the pod was told to end and has."""


def compose(parts: Parts) -> Json:
    """Describe a pod as it is now."""
    status: Json = {"qosClass": parts.before.get("qosClass", "BestEffort")}
    status |= {"phase": phase(parts), "observedGeneration": parts.generation}
    status |= {"hostIP": "127.0.0.1", "hostIPs": [{"ip": "127.0.0.1"}]}
    status["startTime"] = parts.started_at
    if parts.mounted:
        status |= {"podIP": parts.address, "podIPs": [{"ip": parts.address}]}
    status["conditions"] = _conditions(parts, status["phase"])
    if parts.inits:
        status["initContainerStatuses"] = [_container(each) for each in parts.inits]
    status["containerStatuses"] = [_container(each) for each in parts.mains]
    return status


def phase(parts: Parts) -> str:
    """Sum the containers' states up."""
    views = [container.view for container in parts.mains]
    ended = [view.state.get("terminated") for view in views]
    if parts.over or (all(ended) and all(container.done.is_set() for container in parts.mains)):
        return "Succeeded" if all(end and end["exitCode"] == 0 for end in ended) else "Failed"
    waiting = ["waiting" in view.state and not view.last_state for view in views]
    if any(waiting) or not is_initialised(parts.inits):
        broken = [each.view.state.get("terminated", {}).get("exitCode") for each in parts.inits]
        return "Failed" if parts.restart_policy == "Never" and any(broken) else "Pending"
    return "Running"


def is_initialised(inits: list[Container]) -> bool:
    """Tell whether all init containers have done their work."""
    return all(each.view.state.get("terminated", {}).get("exitCode", 1) == 0 for each in inits)


def _container(container: Container) -> Json:
    view, spec = container.view, container.spec
    status: Json = {
        "name": container.name,
        "image": spec["image"],
        "imageID": view.image.identity if view.image and view.identity else "",
        "state": view.state,
        "lastState": view.last_state,
        "ready": view.ready,
        "started": view.started,
        "restartCount": view.restarts,
    }
    if view.identity:
        status["containerID"] = f"containerd://{view.identity}"
        status["resources"] = spec["resources"]
    return status


def _conditions(parts: Parts, phase: str) -> list[Json]:
    unready = [each.name for each in parts.mains if not each.view.ready]
    uninitialised = [] if is_initialised(parts.inits) else [each.name for each in parts.inits]
    reason = {"Succeeded": "PodCompleted", "Failed": "PodFailed"}.get(phase, _UNREADY)
    text = f"containers with unready status: [{' '.join(unready)}]" if reason == _UNREADY else ""
    lacking = f"containers with incomplete status: [{' '.join(uninitialised)}]"
    wanted = [
        ("PodReadyToStartContainers", parts.mounted, "", ""),
        ("Initialized", not uninitialised, "ContainersNotInitialized", lacking),
        ("Ready", not unready, reason, text),
        ("ContainersReady", not unready, reason, text),
        ("PodScheduled", True, "", ""),
    ]
    before = {each["type"]: each for each in parts.before.get("conditions", [])}
    return [_condition(parts, before.get(each[0]), each) for each in wanted]


def _condition(parts: Parts, before: Json | None, wanted: tuple[str, bool, str, str]) -> Json:
    type, holds, reason, message = wanted
    status = "True" if holds else "False"
    same = before is not None and before["status"] == status
    condition: Json = {"type": type, "status": status, "lastProbeTime": None}
    condition["lastTransitionTime"] = before["lastTransitionTime"] if before and same else stamp()
    condition["observedGeneration"] = parts.generation
    if not holds and reason:
        condition |= {"reason": reason} | ({"message": message} if message else {})
    return condition
