"""The rights that are asked for are enough, and one less is told before anything happens."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from kubernetes import client as kube

from opsbot.integrations.kubernetes import client, preview, rights
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.wanted import Wanted
from opsbot.vocabulary.errors import StepFailed
from tests.contract.kubernetes.stage import NAME, Stage, Target

USER = "least"
TIMEOUT = {"_request_timeout": 30}


def grant(stage: Stage, rules: list[dict[str, Any]]) -> Cluster:
    """Give a new user of the namespace exactly these rights; return the cluster as it sees it."""
    api, namespace = stage.cluster.api, stage.namespace
    core, rbac = kube.CoreV1Api(api), kube.RbacAuthorizationV1Api(api)
    core.create_namespaced_service_account(namespace, {"metadata": {"name": USER}}, **TIMEOUT)
    role = {"metadata": {"name": USER}, "rules": rules}
    rbac.create_namespaced_role(namespace, role, **TIMEOUT)
    binding = {
        "metadata": {"name": USER},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": USER},
        "subjects": [{"kind": "ServiceAccount", "name": USER, "namespace": namespace}],
    }
    rbac.create_namespaced_role_binding(namespace, binding, **TIMEOUT)
    request = {"spec": {"expirationSeconds": 600}}
    token = core.create_namespaced_service_account_token(USER, namespace, request, **TIMEOUT)
    return as_user(stage.cluster, token.status.token)


def as_user(cluster: Cluster, token: str) -> Cluster:
    configuration = cluster.api.configuration
    server = {"server": cluster.server, "certificate-authority": configuration.ssl_ca_cert}
    return client.from_kubeconfig(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": USER,
            "clusters": [{"name": USER, "cluster": server}],
            "users": [{"name": USER, "user": {"token": token}}],
            "contexts": [{"name": USER, "context": {"cluster": USER, "user": USER}}],
        }
    )


def rules() -> list[dict[str, Any]]:
    return [
        {"apiGroups": [group], "resources": [resource], "verbs": list(verbs)}
        for group, resource, verbs in rights.NEEDED
    ]


@pytest.fixture
def stage(target: Target, new_stage: Callable[[str], Stage]) -> Stage:
    if target.name == "sandbox":
        pytest.skip("the sandbox has one user, who may do everything")
    return new_stage("rights")


def test_the_rights_asked_for_are_enough_to_deploy_and_to_roll_back(
    stage: Stage, apps: kube.AppsV1Api
) -> None:
    stage = replace(stage, cluster=grant(stage, rules()))
    good, broken = stage.images.good("1"), stage.images.without_configuration()
    stage.deploy(good, replicas=1)
    saved = stage.backup(good)
    with pytest.raises(StepFailed, match="timed out progressing"):
        stage.deploy(broken, replicas=1, rollout_deadline=2, restarts_before_abort=9)
    strange = {"name": NAME, "env": [{"name": "STRANGE", "value": "1"}]}
    body = {"spec": {"template": {"spec": {"containers": [strange]}}}}
    apps.patch_namespaced_deployment(
        NAME, stage.namespace, body, field_manager="kubectl", **TIMEOUT
    )

    output = stage.restore(saved)

    assert (output.replicas, output.ready) == (1, 1)
    assert [each.state for each in output.actions] == ["success"] * 5


def test_a_right_that_lacks_is_told_with_its_user_and_nothing_is_applied(stage: Stage) -> None:
    less = [each for each in rules() if each["resources"] != ["replicasets"]]
    stage = replace(stage, cluster=grant(stage, less))

    wanted = Wanted(manifests=stage.render(stage.images.absent()))

    with pytest.raises(StepFailed) as caught:
        preview.take(stage.cluster, stage.namespace, wanted)

    user = f"system:serviceaccount:{stage.namespace}:{USER}"
    assert f"User '{user}' may not deploy to '{stage.namespace}'" in str(caught.value)
    assert "list replicasets, delete replicasets" in str(caught.value)
