"""Values that cannot be: the 422 answers, with the real texts.

Only what a deployment tool can get wrong is checked; what is not checked here is accepted.
"""

import json
import re
from collections.abc import Iterator

from opsbot.sandbox.kubernetes import canonical, problems, selectors
from opsbot.sandbox.kubernetes.kinds import Resource
from opsbot.sandbox.kubernetes.problems import Json

_SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_SUBDOMAIN_RULE = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "
    "'.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used "
    "for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
)
_FIXED = "field is immutable"
_WHEN_SET = "field is immutable when `immutable` is set"


def check(resource: Resource, new: Json, old: Json | None) -> None:
    """Refuse an object whose values cannot be, or may not change so."""
    causes = list(_causes(resource, new))
    if old is not None:
        causes += _changes(resource, new, old)
    if causes:
        raise problems.invalid(resource.kind, resource.group, new["metadata"]["name"], causes)


def _causes(resource: Resource, new: Json) -> Iterator[Json]:
    name = new["metadata"]["name"]
    if not _SUBDOMAIN.fullmatch(name) and resource.kind != "Event":
        yield _wrong("metadata.name", name, _SUBDOMAIN_RULE)
    match resource.kind:
        case "Deployment" | "ReplicaSet":
            yield from _workload(new["spec"])
        case "Pod":
            yield from _pod_spec("spec", new["spec"])
        case "Service":
            yield from _service(new["spec"])


def _workload(spec: Json) -> Iterator[Json]:
    for field in ("replicas", "minReadySeconds", "progressDeadlineSeconds"):
        if spec.get(field, 0) < 0:
            yield _wrong(f"spec.{field}", spec[field], "must be greater than or equal to 0")
    selector = spec.get("selector")
    if not selector:
        yield _required("spec.selector", "")
    labels = spec["template"]["metadata"].get("labels", {})
    if selector and not selectors.match(selectors.of_spec(selector), labels):
        yield _wrong(
            "spec.template.metadata.labels", labels, "`selector` does not match template `labels`"
        )
    yield from _pod_spec("spec.template.spec", spec["template"]["spec"])
    yield from _rolling((spec.get("strategy") or {}).get("rollingUpdate") or {})


def _rolling(rolling: Json) -> Iterator[Json]:
    nothing = [str(rolling.get(name)).rstrip("%") == "0" for name in ("maxSurge", "maxUnavailable")]
    if rolling and all(nothing):
        yield _wrong(
            "spec.strategy.rollingUpdate.maxUnavailable",
            rolling["maxUnavailable"],
            "may not be 0 when `maxSurge` is 0",
        )


def _pod_spec(path: str, spec: Json) -> Iterator[Json]:
    if not spec.get("containers"):
        yield _required(f"{path}.containers", "")
    volumes = {volume["name"] for volume in spec.get("volumes", [])}
    names: set[str] = set()
    for position, container in enumerate(spec.get("containers", [])):
        where = f"{path}.containers[{position}]"
        if container.get("name") in names:
            yield problems.cause(
                f"{where}.name", f'Duplicate value: "{container["name"]}"', "FieldValueDuplicate"
            )
        names.add(container.get("name", ""))
        yield from _container(where, container, volumes, spec["terminationGracePeriodSeconds"])


def _container(where: str, container: Json, volumes: set[str], grace: int) -> Iterator[Json]:
    if not container.get("name"):
        yield _required(f"{where}.name", "")
    if not container.get("image"):
        yield _required(f"{where}.image", "")
    for position, mount in enumerate(container.get("volumeMounts", [])):
        if mount["name"] not in volumes:
            field, text = f"{where}.volumeMounts[{position}].name", f'Not found: "{mount["name"]}"'
            yield problems.cause(field, text, "FieldValueNotFound")
    yield from _ports(where, container.get("ports", []))
    yield from _requests(where, container["resources"])
    seconds = container.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
    if not 0 <= seconds <= grace:
        rule = f"must be non-negative and less than terminationGracePeriodSeconds ({grace})"
        yield _wrong(f"{where}.lifecycle.preStop.sleep", seconds, rule)


def _ports(where: str, ports: list[Json]) -> Iterator[Json]:
    for position, port in enumerate(ports):
        if not 0 < port.get("containerPort", 0) < 65536:
            field = f"{where}.ports[{position}].containerPort"
            yield _wrong(field, port.get("containerPort"), "must be between 1 and 65535, inclusive")


def _requests(where: str, resources: Json) -> Iterator[Json]:
    limits = resources.get("limits", {})
    for name, wanted in resources.get("requests", {}).items():
        if name in limits and canonical.amount(wanted) > canonical.amount(limits[name]):
            field = f"{where}.resources.requests"
            rule = f"must be less than or equal to {name} limit of {limits[name]}"
            yield _wrong(field, wanted, rule)


def _service(spec: Json) -> Iterator[Json]:
    needs_ports = spec.get("clusterIP") != "None" and spec["type"] != "ExternalName"
    if needs_ports and not spec.get("ports"):
        yield _required("spec.ports", "")
    for position, port in enumerate(spec.get("ports", [])):
        if len(spec["ports"]) > 1 and not port.get("name"):
            yield _required(f"spec.ports[{position}].name", "")
        if not 0 < port.get("port", 0) < 65536:
            rule = "must be between 1 and 65535, inclusive"
            yield _wrong(f"spec.ports[{position}].port", port.get("port"), rule)


def _changes(resource: Resource, new: Json, old: Json) -> Iterator[Json]:
    match resource.kind:
        case "Deployment" | "ReplicaSet":
            if new["spec"]["selector"] != old["spec"]["selector"]:
                yield _wrong("spec.selector", new["spec"]["selector"], _FIXED)
        case "ConfigMap" | "Secret":
            yield from _frozen_content(new, old)
            if new.get("type") != old.get("type"):
                yield _wrong("type", new.get("type"), _FIXED)
        case "Service":
            before, after = old["spec"].get("clusterIPs"), new["spec"].get("clusterIPs")
            if before and after and before != after and new["spec"]["type"] != "ExternalName":
                yield _wrong("spec.clusterIPs[0]", after, "may not change once set")


def _frozen_content(new: Json, old: Json) -> Iterator[Json]:
    if not old.get("immutable"):
        return
    for field in ("immutable", "data", "binaryData"):
        if new.get(field) != old.get(field):
            yield problems.cause(field, f"Forbidden: {_WHEN_SET}", "FieldValueForbidden")


def _wrong(field: str, value: object, rule: str) -> Json:
    shown = json.dumps(value, separators=(",", ":"))
    return problems.cause(field, f"Invalid value: {shown}: {rule}")


def _required(field: str, rule: str) -> Json:
    text = f"Required value: {rule}" if rule else "Required value"
    return problems.cause(field, text, "FieldValueRequired")
