from typing import Any

import pytest

from opsbot.planning import pod_references
from opsbot.planning.pod_references import Reference


def template(**pod: Any) -> dict[str, Any]:
    return {"metadata": {"labels": {"app": "a"}}, "spec": pod}


def container(**parts: Any) -> dict[str, Any]:
    return {"name": "app", "image": "app:1", **parts}


def variable(source: str, name: str) -> dict[str, Any]:
    return {"name": "X", "valueFrom": {source: {"name": name, "key": "k"}}}


def secret(name: str, *, optional: bool = False) -> Reference:
    return Reference(kind="Secret", name=name, optional=optional)


def config_map(name: str) -> Reference:
    return Reference(kind="ConfigMap", name=name)


PLACES = {
    "a variable": (
        {
            "containers": [
                container(env=[variable("secretKeyRef", "s"), {"name": "Y", "value": "1"}])
            ]
        },
        secret("s"),
    ),
    "a variable of a ConfigMap": (
        {"containers": [container(env=[variable("configMapKeyRef", "c")])]},
        config_map("c"),
    ),
    "all variables": (
        {"containers": [container(envFrom=[{"prefix": "P_", "secretRef": {"name": "s"}}])]},
        secret("s"),
    ),
    "all variables of a ConfigMap": (
        {"containers": [container(envFrom=[{"configMapRef": {"name": "c"}}])]},
        config_map("c"),
    ),
    "an init container": (
        {"initContainers": [container(env=[variable("secretKeyRef", "s")])], "containers": []},
        secret("s"),
    ),
    "a volume": ({"volumes": [{"name": "v", "secret": {"secretName": "s"}}]}, secret("s")),
    "a volume of a ConfigMap": (
        {"volumes": [{"name": "v", "configMap": {"name": "c"}}]},
        config_map("c"),
    ),
    "a projected volume": (
        {
            "volumes": [
                {
                    "name": "v",
                    "projected": {
                        "sources": [
                            {"serviceAccountToken": {"path": "token"}},
                            {"downwardAPI": {"items": []}},
                            {"secret": {"name": "s"}},
                        ]
                    },
                }
            ]
        },
        secret("s"),
    ),
    "a projected ConfigMap": (
        {"volumes": [{"name": "v", "projected": {"sources": [{"configMap": {"name": "c"}}]}}]},
        config_map("c"),
    ),
    "a CSI volume": (
        {"volumes": [{"name": "v", "csi": {"driver": "d", "nodePublishSecretRef": {"name": "s"}}}]},
        secret("s"),
    ),
    "a network volume": (
        {"volumes": [{"name": "v", "rbd": {"image": "i", "secretRef": {"name": "s"}}}]},
        secret("s"),
    ),
    "an Azure file": (
        {"volumes": [{"name": "v", "azureFile": {"shareName": "x", "secretName": "s"}}]},
        secret("s"),
    ),
    "a pull secret": ({"imagePullSecrets": [{"name": "s"}]}, secret("s", optional=True)),
}


@pytest.mark.parametrize(("pod", "reference"), PLACES.values(), ids=PLACES)
def test_a_template_refers_to_what_it_names(pod: dict[str, Any], reference: Reference) -> None:
    assert pod_references.of_template(template(**pod)) == (reference,)


def test_what_is_named_twice_is_one_reference() -> None:
    both = [variable("secretKeyRef", "s"), variable("secretKeyRef", "s")]
    pod = template(containers=[container(env=both)], imagePullSecrets=[{"name": "s"}])

    assert pod_references.of_template(pod) == (secret("s"),)


@pytest.mark.parametrize(
    "empty",
    [
        {},
        {"spec": None},
        template(volumes=None, containers=None),
        template(volumes="x", containers=[None, container(env="x", envFrom=[3])]),
    ],
)
def test_a_template_without_references_has_none(empty: dict[str, Any]) -> None:
    assert pod_references.of_template(empty) == ()


def test_volumes_without_a_source_of_their_own_refer_to_nothing() -> None:
    pod = template(
        volumes=[{"name": "v", "emptyDir": {}}, {"name": "w", "hostPath": {"path": "/"}}]
    )

    assert pod_references.of_template(pod) == ()


def test_the_secrets_of_a_release_are_its_own_and_those_its_pods_refer_to() -> None:
    deployment = {
        "kind": "Deployment",
        "spec": {"template": template(imagePullSecrets=[{"name": "pull"}])},
    }
    own = {"kind": "Secret", "metadata": {"name": "database"}}
    service = {"kind": "Service", "metadata": {"name": "web"}, "spec": {"selector": {}}}

    assert pod_references.secrets_of([deployment, own, service]) == ("database", "pull")
    assert pod_references.secrets_of([service]) == ()


def test_what_any_place_needs_is_not_optional() -> None:
    maybe = variable("secretKeyRef", "s")
    maybe["valueFrom"]["secretKeyRef"]["optional"] = True
    firm = variable("secretKeyRef", "s")

    def found(*variables: dict[str, Any]) -> tuple[Reference, ...]:
        return pod_references.of_template(template(containers=[container(env=list(variables))]))

    assert found(maybe, maybe) == (secret("s", optional=True),)
    assert found(maybe, firm) == found(firm, maybe) == (secret("s"),)
