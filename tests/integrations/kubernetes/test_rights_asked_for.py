"""The Role that is shipped grants what is asked for, no more and no less."""

from pathlib import Path
from typing import Any

import yaml

from opsbot.integrations.kubernetes import rights
from opsbot.integrations.kubernetes.objects import Json
from opsbot.integrations.kubernetes.rights import Right
from opsbot.integrations.kubernetes.wanted import Wanted

ROLE = Path("include/kubernetes/role.yaml")
SECRET = "my-application-secrets"


def an_object(kind: str, name: str = "shop", **parts: Any) -> Json:
    return {"kind": kind, "metadata": {"name": name, "namespace": "production"}, **parts}


def a_deployment(**container: Any) -> Json:
    template = {"spec": {"containers": [{"name": "shop", **container}]}}
    return an_object("Deployment", spec={"template": template})


def on_secrets(found: tuple[Right, ...]) -> set[tuple[str, str]]:
    return {(each.verb, each.name) for each in found if each.resource == "secrets"}


def test_the_shipped_role_grants_exactly_what_a_whole_release_needs() -> None:
    service_account, role, binding = yaml.safe_load_all(ROLE.read_text(encoding="utf-8"))
    granted = {
        Right(group, resource, verb, name)
        for rule in role["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
        for name in rule.get("resourceNames", [""])
    }
    kinds = ("Secret", "ConfigMap", "Service")
    held = [an_object(kind, SECRET if kind == "Secret" else "shop") for kind in kinds]

    asked = rights.needed(Wanted(manifests=(*held, a_deployment())))

    assert granted == set(asked)
    assert len(asked) == len(set(asked))
    assert binding["roleRef"]["name"] == role["metadata"]["name"]
    subject = {key: binding["subjects"][0][key] for key in ("name", "namespace")}
    assert subject == service_account["metadata"]


def test_secrets_are_asked_for_by_name_and_only_where_there_are_some() -> None:
    plain = rights.needed(Wanted(manifests=(a_deployment(),)))
    referring = a_deployment(envFrom=[{"secretRef": {"name": "database"}}])

    assert on_secrets(plain) == set()
    assert not any(each.resource in ("configmaps", "services") for each in plain)
    assert on_secrets(rights.needed(Wanted(manifests=(referring,)))) == {
        (verb, "database") for verb in ("get", "create", "patch")
    }
    assert on_secrets(rights.of_pods(referring)) == on_secrets(
        rights.needed(Wanted(manifests=(a_deployment(), an_object("Secret", "database"))))
    )


def test_what_is_saved_beside_a_change_is_asked_for_too() -> None:
    wanted = Wanted(manifests=(a_deployment(),), beside=(an_object("Service"),))

    assert Right("", "services", "patch") in rights.needed(wanted)


def test_a_right_is_named_as_people_write_it() -> None:
    assert str(Right("apps", "deployments", "get")) == "get deployments"
    assert str(Right("", "secrets", "patch", "shop")) == "patch secrets 'shop'"
