"""Which Secrets and ConfigMaps a pod template refers to: what its pods cannot start without.

A template names them in four places: single variables, whole sets of variables, volumes and pull
secrets. A volume names its Secret in its own way, depending on its type: `secretName` (secret,
azureFile), `secretRef` (cephfs, rbd, iscsi, ...), `nodePublishSecretRef` (csi), and a projected
volume names several. Pull secrets that hang on the ServiceAccount are not the template's.

Manifests come as the organisation wrote them; what is no Kubernetes object refers to nothing here,
and the API server says what is wrong with it.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from opsbot.vocabulary.model import Value

Json = Mapping[str, Any]
_CONTAINERS = ("initContainers", "containers")


class Reference(Value):
    """One object that pods refer to, in the namespace of their own."""

    kind: Literal["ConfigMap", "Secret"]
    name: str
    optional: bool = False
    """Whether pods start without it as well, for every place that mentions it."""


def of_template(template: Json) -> tuple[Reference, ...]:
    """Return what a pod template refers to, each object once, in the order of mention."""
    pod = _part(template, "spec")
    found = [
        *(each for kind in _CONTAINERS for one in _rows(pod, kind) for each in _of_container(one)),
        *(each for volume in _rows(pod, "volumes") for each in _of_volume(volume)),
        *(_pull_secret(each) for each in _rows(pod, "imagePullSecrets")),
    ]
    merged: dict[tuple[str, str], Reference] = {}
    for each in found:
        if each.name:
            known = merged.get((each.kind, each.name), each)
            merged[each.kind, each.name] = known if each.optional else each
    return tuple(merged.values())


def secrets_of(manifests: Iterable[Json]) -> tuple[str, ...]:
    """Return the names of the Secrets that a release holds or refers to, in alphabetical order."""
    names: set[str] = set()
    for each in manifests:
        if each.get("kind") == "Secret":
            names.add(str(_part(each, "metadata").get("name")))
        found = of_template(_part(_part(each, "spec"), "template"))
        names |= {reference.name for reference in found if reference.kind == "Secret"}
    return tuple(sorted(names))


def _of_container(container: Json) -> Iterator[Reference]:
    for variable in _rows(container, "env"):
        source = _part(variable, "valueFrom")
        yield _config_map(_part(source, "configMapKeyRef"))
        yield _secret(_part(source, "secretKeyRef"), "name")
    for source in _rows(container, "envFrom"):
        yield _config_map(_part(source, "configMapRef"))
        yield _secret(_part(source, "secretRef"), "name")


def _of_volume(volume: Json) -> Iterator[Reference]:
    yield _config_map(_part(volume, "configMap"))
    for source in _rows(_part(volume, "projected"), "sources"):
        yield _config_map(_part(source, "configMap"))
        yield _secret(_part(source, "secret"), "name")
    for type in volume:
        details = _part(volume, type)
        yield _secret(details, "secretName")
        yield _secret(_part(details, "secretRef"), "name")
        yield _secret(_part(details, "nodePublishSecretRef"), "name")


def _config_map(source: Json) -> Reference:
    return _reference("ConfigMap", source, "name")


def _secret(source: Json, key: str) -> Reference:
    return _reference("Secret", source, key)


def _pull_secret(source: Json) -> Reference:
    """Read a pull secret: without it the image is pulled anonymously, which may well succeed."""
    return _secret({**source, "optional": True}, "name")


def _reference(kind: Literal["ConfigMap", "Secret"], source: Json, key: str) -> Reference:
    name, optional = str(source.get(key) or ""), source.get("optional") is True
    return Reference(kind=kind, name=name, optional=optional)


def _part(value: Json, key: str) -> Json:
    """Return the object under a key; an empty one where there is none."""
    found = value.get(key)
    return found if isinstance(found, Mapping) else {}


def _rows(value: Json, key: str) -> tuple[Json, ...]:
    """Return the objects of the list under a key."""
    found = value.get(key)
    return tuple(e for e in found if isinstance(e, Mapping)) if isinstance(found, list) else ()
