"""The rights that are asked for are enough, and one less is told before anything happens."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from kubernetes import client as kube

from opsbot.integrations.kubernetes import apply_deployment, backup, client, lease, preview
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.lease import Claim
from opsbot.integrations.kubernetes.objects import Json
from opsbot.integrations.kubernetes.rolling import DeployOutput
from opsbot.integrations.kubernetes.wanted import Wanted
from opsbot.vocabulary.errors import StepFailed
from tests.contract.kubernetes import looks
from tests.contract.kubernetes.manifests import TIMEOUT, config_map, secret, with_container
from tests.contract.kubernetes.stage import NAME, Stage, Target

ROLE = Path("include/kubernetes/role.yaml")
USER = "least"


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


def shipped_rules(secret: str) -> list[dict[str, Any]]:
    """Return the rules of the Role that is shipped, for a release with one Secret."""
    _, role, _ = yaml.safe_load_all(ROLE.read_text(encoding="utf-8"))
    return [
        {**each, "resourceNames": [secret]} if "resourceNames" in each else each
        for each in role["rules"]
    ]


@pytest.fixture
def stage(target: Target, new_stage: Callable[[str], Stage]) -> Stage:
    if target.name == "sandbox":
        pytest.skip("the sandbox has one user, who may do everything")
    return new_stage("rights")


def release_of(stage: Stage, reference: str, word: str) -> tuple[Json, ...]:
    """Return a version that brings a Secret and a ConfigMap, and whose pods refer to both."""
    sources = [{"secretRef": {"name": "own"}}, {"configMapRef": {"name": "own"}}]
    own = (secret(stage, "own", WORD=word), config_map(stage, "own", LEVEL=word))
    rendered = stage.render(reference, replicas=1)
    return (
        *own,
        *(
            with_container(each, envFrom=sources) if each["kind"] == "Deployment" else each
            for each in rendered
        ),
    )


def deploy(stage: Stage, manifests: tuple[Json, ...], **changes: Any) -> DeployOutput:
    params = stage.params(replicas=1, **changes)
    return apply_deployment.run(stage.cluster, params, manifests, say=stage.said.append)


def test_the_shipped_role_is_enough_for_a_release_with_secrets_and_its_way_back(
    stage: Stage, apps: kube.AppsV1Api
) -> None:
    stage = replace(stage, cluster=grant(stage, shipped_rules("own")))
    cluster, namespace = stage.cluster, stage.namespace
    first = release_of(stage, stage.images.good("1"), "one")
    second = release_of(stage, stage.images.without_configuration(), "two")
    claim = Claim(namespace=namespace, deployment=NAME, holder="plan_rights", seconds=60)
    preview.take(cluster, namespace, Wanted(manifests=first))
    lease.take(cluster, claim, patience=0, say=stage.said.append)
    deployed = deploy(stage, first)
    preview.take(cluster, namespace, Wanted(manifests=second))
    saved = backup.take(cluster, namespace, Wanted(manifests=second), stage.said.append)

    with pytest.raises(StepFailed, match="is aborted"):
        deploy(stage, second, rollout_deadline=2, restarts_before_abort=9)
    strange = {"name": NAME, "env": [{"name": "STRANGE", "value": "1"}]}
    body = {"spec": {"template": {"spec": {"containers": [strange]}}}}
    apps.patch_namespaced_deployment(NAME, namespace, body, field_manager="kubectl", **TIMEOUT)
    output = stage.restore(saved)

    assert (output.replicas, output.ready) == (1, 1)
    assert [each.state for each in output.actions] == ["success"] * 5
    assert stage.live("Secret", "own")["data"] == first[0]["data"]
    assert looks.pods(stage, deployed).ready == 1
    assert looks.logs(stage, deployed).errors == 0
    assert looks.service(stage, deployed).endpoints == 1
    assert looks.events(stage).left_off == 0
    assert looks.rollout(stage).state == "complete"
    lease.release(cluster, claim)


@pytest.mark.parametrize(
    ("resource", "verbs", "words"),
    [
        ("replicasets", ["list"], "missing are delete replicasets."),
        (
            "secrets",
            [],
            "missing are get secrets 'own', create secrets 'own', patch secrets 'own'.",
        ),
        ("secrets", ["get", "patch"], "missing are create secrets 'own'."),
        ("leases", ["get", "create"], "missing are patch leases."),
    ],
)
def test_one_right_less_is_told_by_name_before_anything_is_changed(
    stage: Stage, resource: str, verbs: list[str], words: str
) -> None:
    rules = [
        {**each, "verbs": verbs} if resource in each["resources"] else each
        for each in shipped_rules("own")
    ]
    bound = replace(stage, cluster=grant(stage, [each for each in rules if each["verbs"]]))
    wanted = Wanted(manifests=release_of(bound, bound.images.absent(), "one"))

    with pytest.raises(StepFailed) as caught:
        preview.take(bound.cluster, bound.namespace, wanted)

    user = f"system:serviceaccount:{stage.namespace}:{USER}"
    assert f"User '{user}' may not deploy to '{stage.namespace}': {words}" in str(caught.value)
    for each in wanted.manifests:
        name = each["metadata"]["name"]
        assert stage.cluster.find(each["kind"], stage.namespace, name) is None


def test_secrets_of_other_names_stay_out_of_reach(stage: Stage, core: kube.CoreV1Api) -> None:
    core.create_namespaced_secret(stage.namespace, secret(stage, "others", A="b"), **TIMEOUT)
    bound = grant(stage, shipped_rules("own"))

    with pytest.raises(StepFailed, match='secrets "others" is forbidden'):
        bound.find("Secret", stage.namespace, "others")
    with pytest.raises(StepFailed, match="secrets is forbidden"):
        bound.list("Secret", stage.namespace)
    bound.apply(secret(stage, "own", A="b"))
    assert bound.find("Secret", stage.namespace, "own")
