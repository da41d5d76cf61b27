from pathlib import Path
from typing import Any

import pytest
import yaml

from opsbot.capabilities.kubernetes.apply_deployment import ApplyDeployment
from opsbot.integrations.kubernetes import release
from opsbot.integrations.kubernetes.release import Manifest
from opsbot.planning import release_manifests
from opsbot.vocabulary.errors import Refused
from opsbot.vocabulary.organisation import Workload

REFERENCE = f"registry.example.com/myorg/shop@sha256:{'a' * 64}"
INCLUDED = sorted(path.parent for path in Path("include/manifests").glob("*/deployment.yaml"))


def a_deployment(**changes: Any) -> Manifest:
    containers = [{"name": "proxy", "image": "proxy:1"}, {"name": "shop", "image": "to-be-set"}]
    template = {
        "metadata": {"labels": {"app": "shop"}},
        "spec": {"containers": containers, "terminationGracePeriodSeconds": 15},
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "shop", "labels": {"app": "shop"}, "annotations": {"team": "a"}},
        "spec": {"selector": {"matchLabels": {"app": "shop"}}, "template": template},
        **changes,
    }


def a_config_map(**metadata: Any) -> Manifest:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "shop", **metadata}}


def a_workload(*manifests: Manifest) -> Workload:
    return Workload(
        deployment="shop", service="shop", container="shop", replicas=2, manifests=manifests
    )


def rendered(workload: Workload, **changes: Any) -> tuple[Manifest, ...]:
    stated = {
        "deployment_name": "shop",
        "namespace": "production",
        "container": "shop",
        "image": "myorg/shop:v1",
        "replicas": 3,
        "manifests_sha256": release_manifests.sha256(workload),
        "restarts_before_abort": 3,
        "rollout_deadline": 120,
    }
    reference = changes.pop("reference", REFERENCE)
    params = ApplyDeployment.model_validate({**stated, **changes})
    return release.render(
        workload, params, reference=reference, annotations={"opsbot/plan-id": "p1"}
    )


def test_a_release_carries_what_the_plan_decided_and_nothing_else_is_touched() -> None:
    config, found = rendered(a_workload(a_deployment(), a_config_map()))

    spec = found["spec"]
    assert found["metadata"] == {
        "name": "shop",
        "namespace": "production",
        "labels": {"app": "shop"},
        "annotations": {"team": "a", "opsbot/plan-id": "p1", "opsbot/release-of": "shop"},
    }
    assert config["metadata"]["annotations"] == {"opsbot/release-of": "shop"}
    assert spec["replicas"] == 3
    assert spec["progressDeadlineSeconds"] == 120
    assert spec["strategy"] == {
        "type": "RollingUpdate",
        "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1},
    }
    assert spec["template"]["spec"]["containers"] == [
        {"name": "proxy", "image": "proxy:1"},
        {"name": "shop", "image": REFERENCE},
    ]
    assert spec["template"]["metadata"] == {"labels": {"app": "shop"}}


def test_what_pods_need_is_applied_before_them() -> None:
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "shop"}, "spec": {}}
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "shop"}}

    found = rendered(a_workload(a_deployment(), service, a_config_map(), secret))

    assert [each["kind"] for each in found] == ["Secret", "ConfigMap", "Service", "Deployment"]


def test_rendering_leaves_the_organisations_manifests_as_they_are() -> None:
    workload = a_workload(a_deployment())
    before = release_manifests.sha256(workload)

    rendered(workload)

    assert release_manifests.sha256(workload) == before


@pytest.mark.parametrize(
    ("manifests", "changes", "words"),
    [
        ((), {}, "hold the Deployments"),
        ((a_config_map(),), {}, "hold the Deployments"),
        ((a_deployment(metadata={"name": "other"}),), {}, "deploys exactly 'shop'"),
        ((a_deployment(), a_deployment()), {}, "hold the Deployments"),
        ((a_deployment(),), {"container": "app"}, "has no container 'app'"),
        ((a_deployment(), a_config_map(namespace="staging")), {}, "'staging'"),
        ((a_deployment(),), {"reference": "myorg/shop:v1"}, "not named by its digest"),
        ((a_deployment(),), {"manifests_sha256": "0" * 64}, "not those the plan was made from"),
    ],
)
def test_a_release_that_is_not_what_the_plan_says_is_refused(
    manifests: tuple[Manifest, ...], changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(Refused) as caught:
        rendered(a_workload(*manifests), **changes)

    assert words in str(caught.value)


def test_there_are_manifests_to_look_at() -> None:
    assert [path.name for path in INCLUDED] == [
        "my-application",
        "payments-api",
        "search-indexer",
        "web-frontend",
    ]


@pytest.mark.parametrize("folder", INCLUDED, ids=lambda path: path.name)
def test_the_shipped_manifests_start_and_stop_without_losing_requests(folder: Path) -> None:
    name = folder.name
    deployment, service = (
        yaml.safe_load((folder / file).read_text(encoding="utf-8"))
        for file in ("deployment.yaml", "service.yaml")
    )
    pod = deployment["spec"]["template"]["spec"]
    container = pod["containers"][0]

    assert container["name"] == name
    assert container["readinessProbe"]["httpGet"]["path"] == "/health"
    pause = container["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert 0 < pause < pod["terminationGracePeriodSeconds"]
    assert service["metadata"]["name"] == f"{name}-service"
    assert service["spec"]["selector"] == deployment["spec"]["selector"]["matchLabels"]
