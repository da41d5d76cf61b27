"""The environment and arguments of a container: literal, by reference, and expanded."""

import base64
import re

from opsbot.sandbox.kubernetes import canonical, kinds
from opsbot.sandbox.kubernetes.cluster import NODE, Cluster
from opsbot.sandbox.kubernetes.kinds import Resource
from opsbot.sandbox.kubernetes.problems import Json

_VARIABLE = re.compile(r"\$(\$|\(([A-Za-z_][A-Za-z0-9_.-]*)\))")


class ConfigError(Exception):
    """Something a container refers to is missing; the message is what its status shows."""


def environment(cluster: Cluster, pod: Json, container: Json, address: str) -> dict[str, str]:
    """Work out a container's variables, later ones winning."""
    found: dict[str, str] = {}
    for source in container.get("envFrom", []):
        found |= _all_of(cluster, pod, source)
    for variable in container.get("env", []):
        if "valueFrom" in variable:
            value = _referred(cluster, pod, container, variable["valueFrom"], address)
            if value is not None:
                found[variable["name"]] = value
        else:
            found[variable["name"]] = expand(variable.get("value", ""), found)
    return found


def expand(text: str, variables: dict[str, str]) -> str:
    """Replace `$(NAME)` by a variable's value; unknown ones stay, `$$` is a dollar."""

    def value(found: re.Match[str]) -> str:
        return "$" if found[1] == "$" else variables.get(found[2], found[0])

    return _VARIABLE.sub(value, text)


def _all_of(cluster: Cluster, pod: Json, source: Json) -> dict[str, str]:
    prefix = source.get("prefix", "")
    for key, resource in (("configMapRef", kinds.CONFIG_MAPS), ("secretRef", kinds.SECRETS)):
        if key in source:
            content = _content(cluster, pod, resource, source[key])
            return {prefix + name: value for name, value in (content or {}).items()}
    return {}


def _content(
    cluster: Cluster, pod: Json, resource: Resource, reference: Json
) -> dict[str, str] | None:
    namespace = pod["metadata"]["namespace"]
    found = cluster.store.get(resource, namespace, reference.get("name", ""))
    if found is None:
        if reference.get("optional"):
            return None
        raise ConfigError(f'{resource.kind.lower()} "{reference.get("name", "")}" not found')
    return {name: raw.decode(errors="replace") for name, raw in content_of(found).items()}


def content_of(found: Json) -> dict[str, bytes]:
    """Return the entries of a ConfigMap or Secret as bytes."""
    encoded = dict(found.get("binaryData", {}))
    plain = {}
    if found["kind"] == "Secret":
        encoded |= found.get("data", {})
    else:
        plain = {name: text.encode() for name, text in found.get("data", {}).items()}
    return plain | {name: base64.b64decode(text) for name, text in encoded.items()}


def _referred(
    cluster: Cluster, pod: Json, container: Json, source: Json, address: str
) -> str | None:
    if "fieldRef" in source:
        return field(pod, source["fieldRef"]["fieldPath"], address)
    if "resourceFieldRef" in source:
        kind, _, name = source["resourceFieldRef"]["resource"].partition(".")
        return str(container["resources"].get(kind, {}).get(name, "0"))
    for key, resource in (("configMapKeyRef", kinds.CONFIG_MAPS), ("secretKeyRef", kinds.SECRETS)):
        if key in source:
            return _entry(cluster, pod, resource, source[key])
    raise ConfigError("the sandbox does not know this kind of valueFrom")


def _entry(cluster: Cluster, pod: Json, resource: Resource, reference: Json) -> str | None:
    content = _content(cluster, pod, resource, reference)
    key = reference["key"]
    if content is not None and key in content:
        return str(content[key])
    if reference.get("optional"):
        return None
    where = f"{pod['metadata']['namespace']}/{reference['name']}"
    raise ConfigError(f"couldn't find key {key} in {resource.kind} {where}")


def field(pod: Json, path: str, address: str) -> str:
    """Return one of the pod's own fields (the downward API)."""
    metadata = pod["metadata"]
    if entry := re.fullmatch(r"metadata\.(labels|annotations)\['([^']+)'\]", path):
        return str(metadata.get(entry[1], {}).get(entry[2], ""))
    known = {
        "metadata.name": metadata["name"],
        "metadata.namespace": metadata["namespace"],
        "metadata.uid": metadata["uid"],
        "spec.nodeName": NODE,
        "spec.serviceAccountName": pod["spec"].get("serviceAccountName", ""),
        "status.podIP": address,
        "status.podIPs": address,
        "status.hostIP": "127.0.0.1",
        "status.hostIPs": "127.0.0.1",
    }
    if path not in known:
        raise ConfigError(f"unsupported fieldPath: {path}")
    return str(known[path])


def memory_limit(container: Json) -> int | None:
    """Return how many bytes a container may hold; None for no limit."""
    limit = container["resources"].get("limits", {}).get("memory")
    return int(canonical.amount(limit)) if limit else None
