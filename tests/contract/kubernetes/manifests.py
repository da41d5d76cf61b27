"""Small objects that start no pod, and the edits that people make with kubectl."""

import base64
from typing import Any

from kubernetes import client as kube

from opsbot.integrations.kubernetes import owners, release
from opsbot.integrations.kubernetes.fieldsets import Fields
from opsbot.integrations.kubernetes.objects import Json
from tests.contract.kubernetes.stage import Stage

TIMEOUT = {"_request_timeout": 30}


def deployment(stage: Stage, name: str, **spec: Any) -> Json:
    """A Deployment that starts no pod."""
    labels = {"app": name}
    container = {"name": "app", "image": "127.0.0.1:9/none:1", "env": [{"name": "A", "value": "1"}]}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": stage.namespace, "labels": labels},
        "spec": {
            "replicas": 0,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}},
            **spec,
        },
    }


def with_image(manifest: Json, image: str) -> Json:
    return with_container(manifest, image=image)


def marked(manifest: Json) -> Json:
    """Mark an object as a rendered release marks it."""
    mark = {release.RELEASE_OF: "shop"}
    return {**manifest, "metadata": {**manifest["metadata"], "annotations": mark}}


def config_map(stage: Stage, name: str, **entries: str) -> Json:
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name, "namespace": stage.namespace},
        "data": entries,
    }


def secret(stage: Stage, name: str, **entries: str) -> Json:
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": name, "namespace": stage.namespace},
        "data": {key: base64.b64encode(each.encode()).decode() for key, each in entries.items()},
    }


def with_container(manifest: Json, **parts: Any) -> Json:
    """Change the first container of a Deployment."""
    template = manifest["spec"]["template"]
    container = {**template["spec"]["containers"][0], **parts}
    spec = {**template["spec"], "containers": [container]}
    return {**manifest, "spec": {**manifest["spec"], "template": {**template, "spec": spec}}}


def set_image(apps: kube.AppsV1Api, stage: Stage, name: str, image: str) -> None:
    """Do what `kubectl set image` does."""
    body = {"spec": {"template": {"spec": {"containers": [{"name": "app", "image": image}]}}}}
    apps.patch_namespaced_deployment(
        name, stage.namespace, body, field_manager="kubectl-set", **TIMEOUT
    )


def scale(apps: kube.AppsV1Api, stage: Stage, name: str, replicas: int) -> None:
    """Do what `kubectl scale` does."""
    body = {"spec": {"replicas": replicas}}
    apps.patch_namespaced_deployment_scale(
        name, stage.namespace, body, field_manager="kubectl", **TIMEOUT
    )


def managers(stage: Stage, name: str, kind: str = "Deployment") -> dict[str, Fields]:
    """Return what each manager owns of a live object, but for its status."""
    return {each.manager: each.fields for each in owners.of(stage.live(kind, name))}
