"""The objects that stories apply: one Deployment with its Service, changed as a release says."""

import copy
from typing import Any

from tests.truth.story import Release

Json = dict[str, Any]
NAME = "app"


def deployment(release: Release, images: dict[str, str]) -> Json:
    """The Deployment of a release."""
    container = _merged(_container(release, images), release.container)
    pod = {
        "containers": [container, *_sidecar(release, images)],
        # No story needs a token, and it would be a volume more.
        "automountServiceAccountToken": False,
        "terminationGracePeriodSeconds": 3,
    }
    pod = _merged(pod, release.pod)
    for first in pod.get("initContainers", []):
        first["image"] = images[first["image"]]
    template = {"labels": {"app": NAME}, "annotations": release.template}
    rolling = {"maxSurge": 1, "maxUnavailable": 0}
    spec = {
        "replicas": release.replicas,
        "selector": {"matchLabels": {"app": NAME}},
        "strategy": {"type": "RollingUpdate", "rollingUpdate": rolling},
        "template": {"metadata": template, "spec": pod},
    }
    return _object("apps/v1", "Deployment", NAME) | {"spec": _merged(spec, release.spec)}


def _sidecar(release: Release, images: dict[str, str]) -> list[Json]:
    if not release.sidecar:
        return []
    return [{"name": "side", "image": images["application"], "env": _plain(release.sidecar)}]


def _plain(env: dict[str, str]) -> list[Json]:
    return [{"name": name, "value": value} for name, value in env.items()]


def _container(release: Release, images: dict[str, str]) -> Json:
    host = {"name": "HOST", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}}
    probe = {"httpGet": {"port": 8080, "path": "/health"}, "periodSeconds": 1}
    return {
        "name": NAME,
        "image": images[release.image],
        "env": [host, *_plain(release.env)],
        "readinessProbe": {**probe, "failureThreshold": 1},
    }


def service() -> Json:
    """The Service in front of it."""
    spec = {"selector": {"app": NAME}, "ports": [{"port": 80, "targetPort": 8080}]}
    return _object("v1", "Service", NAME) | {"spec": spec}


def config_map(name: str) -> Json:
    """A ConfigMap with one entry."""
    return _object("v1", "ConfigMap", name) | {"data": {"GREETING": "hello"}}


def _object(version: str, kind: str, name: str) -> Json:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name}}


def _merged(plain: Json, change: Json) -> Json:
    """Merge objects by their keys; a null removes, everything else replaces."""
    merged = copy.deepcopy(plain)
    for key, value in change.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict) and isinstance(merged.get(key), dict):
            merged[key] = _merged(merged[key], value)
        else:
            merged[key] = copy.deepcopy(value)
    return merged
