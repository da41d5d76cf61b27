"""A release that a foreign MCP server applies and reads: kubernetes-mcp-server on the lab."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from kubernetes import client as kube

from opsbot.capabilities.kubernetes.get_pods import GetPods
from opsbot.integrations.kubernetes import (
    backup,
    foreign,
    get_pods,
    lease,
    owners,
    preview,
    restore,
    rolling,
)
from opsbot.integrations.kubernetes.backup import Backup
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.lease import Claim, Lease
from opsbot.integrations.kubernetes.rolling import DeployOutput, RolloutAborted
from opsbot.integrations.kubernetes.wanted import Wanted
from opsbot.integrations.mcp import applying, calling, discovery, registration
from opsbot.integrations.mcp.calling import Approved
from opsbot.integrations.mcp.registration import Registered
from opsbot.verification import versions
from opsbot.vocabulary.errors import Refused, StepFailed
from opsbot.vocabulary.progress import silent
from opsbot.vocabulary.words import ServerKind
from tests.contract.kubernetes.stage import NAME, SELECTOR, Stage, Target
from tests.kubernetes_mcp import MANAGER, on_pipes, own_server, real_server
from tests.mcp_servers import serving

LISTS, APPLIES = "pods_list_in_namespace", "resources_create_or_update"


@pytest.fixture(scope="module")
def server(target: Target) -> Iterator[Registered]:
    """The real server where the cluster is real; on the sandbox one of the SDK's own."""
    own = own_server(target.cluster)
    running = real_server(target.kubeconfig) if target.name == "lab" else serving(own)
    with running as url:
        yield registration.registered("mcp_kubernetes", url, "", {})


@pytest.fixture(scope="module")
def named(cluster: Cluster) -> Cluster:
    """The cluster, spoken to in the server's name."""
    return cluster.in_the_name_of(MANAGER)


@pytest.fixture(scope="module")
def stage(new_stage: Callable[[str], Stage]) -> Stage:
    return new_stage("mcp")


@pytest.fixture(scope="module")
def first(stage: Stage, server: Registered, named: Cluster) -> DeployOutput:
    """Version 1, applied by the server."""
    return deployed(stage, server, named, stage.images.good("1"))


def approved(server: Registered, capability: str, tool: str) -> Approved:
    (found,) = discovery.look([server])
    assert found.problem == ""
    seen = found.tool(tool)
    assert seen is not None
    return Approved(
        kind=ServerKind.KUBERNETES,
        capability=capability,
        tool=tool,
        schema_sha256=seen.schema_sha256,
    )


def held(stage: Stage) -> Lease:
    claim = Claim(namespace=stage.namespace, deployment=NAME, holder="plan_mcp", seconds=600)
    lease.take(stage.cluster, claim, patience=0, say=silent)
    return lease.held(stage.cluster, claim)


def deployed(stage: Stage, server: Registered, named: Cluster, image: str) -> DeployOutput:
    """Deploy as the operator does: natively, but for the apply itself."""
    wanted = Wanted(manifests=stage.render(image))
    foreign.require(named, wanted.manifests)
    preview.take(named, stage.namespace, wanted)
    how = approved(server, "apply_deployment", APPLIES)
    applying.apply(server, how, wanted.manifests, held(stage), say=stage.said.append)
    assert preview.in_place(named, wanted)
    return rolling.watch(named, stage.params(), wanted, say=stage.said.append)


def owners_of(stage: Stage) -> set[str]:
    return {each.manager for each in owners.of(stage.live())}


def test_what_the_server_applies_rolls_out_and_is_the_servers_own(
    stage: Stage, first: DeployOutput
) -> None:
    assert (first.replicas, first.ready) == (2, 2)
    assert owners_of(stage) == {MANAGER}
    assert owners.ours(stage.live("Service", "my-application-service"), MANAGER)


def test_the_pods_that_the_server_lists_are_those_of_the_cluster(
    stage: Stage, first: DeployOutput, server: Registered
) -> None:
    arguments = {
        "namespace": stage.namespace,
        "label_selector": SELECTOR,
        "field_selector": "status.phase=Running",
        "must_be_ready": True,
    }

    reply = calling.read(server, approved(server, "get_pods", LISTS), arguments)
    params = GetPods.model_validate(arguments)
    pods = get_pods.run(stage.cluster, params, deployment=first, say=silent)

    assert pods.ready == 2
    assert reply.names(pods.names) == pods.names


@pytest.mark.usefixtures("first")
def test_a_second_version_replaces_it_and_one_that_crashes_is_put_back_in_the_same_name(
    stage: Stage, server: Registered, named: Cluster
) -> None:
    second = deployed(stage, server, named, stage.images.good("2"))
    saved = backup.take(
        named, stage.namespace, Wanted(manifests=stage.render(second.image)), silent
    )
    with pytest.raises(RolloutAborted):
        deployed(stage, server, named, stage.images.without_configuration())

    restored = restore.run(named, saved, say=stage.said.append, deadline_seconds=60)

    assert (restored.replicas, restored.ready) == (2, 2)
    assert versions.template_sha256(stage.live()) == versions.template_sha256(
        saved.saved_deployment
    )
    assert owners_of(stage) == {MANAGER}
    assert deployed(stage, server, named, stage.images.good("2")).ready == 2


@pytest.mark.usefixtures("first")
def test_what_others_have_put_into_its_objects_goes_when_it_is_put_back(
    stage: Stage, named: Cluster, apps: kube.AppsV1Api
) -> None:
    saved = whole(stage, named)
    variable = {"name": "BY_HAND", "value": "1"}
    container = {"name": NAME, "env": [variable]}
    body = {"spec": {"template": {"spec": {"containers": [container]}}}}
    apps.patch_namespaced_deployment(
        NAME, stage.namespace, body, field_manager="kubectl-edit", _request_timeout=30
    )

    restore.run(named, saved, say=stage.said.append, deadline_seconds=60)

    assert "BY_HAND" not in json.dumps(stage.live()["spec"])
    assert stage.live()["spec"]["replicas"] == 2


def whole(stage: Stage, named: Cluster) -> Backup:
    live = stage.live()
    image = live["spec"]["template"]["spec"]["containers"][0]["image"]
    return backup.take(named, stage.namespace, Wanted(manifests=stage.render(image)), silent)


def test_what_opsbot_deployed_is_given_to_no_foreign_server(
    new_stage: Callable[[str], Stage], named: Cluster
) -> None:
    other = new_stage("native")
    for each in other.render(other.images.absent(), replicas=1):
        other.cluster.apply(each)

    with pytest.raises(Refused, match=r"fields of 'opsbot'.*take the pin out"):
        foreign.require(named, other.render(other.images.absent()))


@pytest.mark.parametrize(
    ("replicas", "whose"), [(3, r"'kubectl' \(through scale\)"), (0, "scaled it to 0")]
)
def test_replicas_that_anybody_else_decides_keep_a_deployment_from_the_server(
    new_stage: Callable[[str], Stage],
    named: Cluster,
    apps: kube.AppsV1Api,
    replicas: int,
    whose: str,
) -> None:
    scaled = new_stage("scaled")
    manifests = scaled.render(scaled.images.absent(), replicas=1)
    for each in manifests:
        named.apply(each)
    foreign.require(named, manifests)
    apps.patch_namespaced_deployment_scale(
        NAME,
        scaled.namespace,
        {"spec": {"replicas": replicas}},
        field_manager="kubectl",
        _request_timeout=30,
    )

    with pytest.raises(Refused, match=whose):
        foreign.require(named, manifests)


def test_a_server_that_works_on_another_cluster_applies_nothing(
    new_stage: Callable[[str], Stage], server: Registered
) -> None:
    other = new_stage("elsewhere")
    elsewhere = held(other).model_copy(update={"uid": "00000000-0000-0000-0000-000000000000"})
    how = approved(server, "apply_deployment", APPLIES)
    manifests = other.render(other.images.absent())

    with pytest.raises(Refused, match="works on another cluster"):
        applying.apply(server, how, manifests, elsewhere, say=silent)

    assert other.cluster.find("Deployment", other.namespace, NAME) is None


@pytest.mark.parametrize("how", ["read-only", "disable-destructive"])
def test_a_real_server_that_may_not_change_anything_is_found_without_the_tool(
    target: Target, quiet: Stage, how: str, server: Registered
) -> None:
    if target.name != "lab":
        pytest.skip("the real server is started on the real cluster")
    planned = approved(server, "apply_deployment", APPLIES)
    limited = registration.registered("mcp", "", "", on_pipes(target.kubeconfig, f"--{how}"))

    with pytest.raises(Refused, match="lists 0 tools named 'resources_create_or_update'"):
        applying.apply(limited, planned, (), held(quiet), say=silent)


def test_a_real_server_without_rights_fails_the_step_with_its_words(
    target: Target, quiet: Stage, tmp_path: Any
) -> None:
    if target.name != "lab":
        pytest.skip("the real server is started on the real cluster")
    powerless = json.loads(json.dumps(KUBECONFIG))
    powerless["clusters"][0]["cluster"] = {
        "server": quiet.cluster.server,
        "certificate-authority": quiet.cluster.api.configuration.ssl_ca_cert,
    }
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text(json.dumps(powerless))
    server = registration.registered("mcp", "", "", on_pipes(kubeconfig))
    arguments = {"namespace": quiet.namespace, "label_selector": SELECTOR}

    with pytest.raises(StepFailed, match="MCP tool 'pods_list_in_namespace' says no"):
        calling.read(server, approved(server, "get_pods", LISTS), arguments)


KUBECONFIG = {
    "apiVersion": "v1",
    "kind": "Config",
    "current-context": "nobody",
    "clusters": [{"name": "nobody", "cluster": {}}],
    "users": [{"name": "nobody", "user": {"token": "of-nobody-at-all"}}],
    "contexts": [{"name": "nobody", "context": {"cluster": "nobody", "user": "nobody"}}],
}
