"""A namespace of its own, in which a test deploys the sample application."""

import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from kubernetes import client as kube

from opsbot.capabilities.kubernetes.apply_deployment import ApplyDeployment
from opsbot.integrations.kubernetes import apply_deployment, backup, release, restore
from opsbot.integrations.kubernetes.backup import Backup
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.release import Manifest
from opsbot.integrations.kubernetes.restored import RestoreOutput
from opsbot.integrations.kubernetes.rolling import DeployOutput
from opsbot.integrations.kubernetes.wanted import Wanted
from opsbot.planning import release_manifests
from opsbot.vocabulary.organisation import Workload
from tests.contract.kubernetes.images import ImageYard

NAME = "my-application"
SERVICE = "my-application-service"
SELECTOR = f"app={NAME}"
MANIFESTS = Path("include/manifests") / NAME


@dataclass(frozen=True)
class Target:
    """A cluster with the registry it pulls from and the engine that pushes there."""

    name: str
    cluster: Cluster
    kubeconfig: Path
    docker: str
    registry: str
    base: str


def workload() -> Workload:
    """The sample application as shipped, but for a node port that many namespaces can have."""
    files = sorted(MANIFESTS.glob("*.yaml"))
    manifests = [yaml.safe_load(each.read_text(encoding="utf-8")) for each in files]
    for each in manifests:
        for port in each["spec"].get("ports", []):
            port.pop("nodePort", None)
    return Workload(
        deployment=NAME, service=SERVICE, container=NAME, replicas=2, manifests=tuple(manifests)
    )


@dataclass
class Stage:
    """One namespace and what is deployed to it."""

    cluster: Cluster
    images: ImageYard
    namespace: str
    said: list[str] = field(default_factory=list)

    @classmethod
    def open(cls, target: Target, images: ImageYard, word: str) -> "Stage":
        namespace = f"contract-{word}-{secrets.token_hex(3)}"
        body = {"metadata": {"name": namespace}}
        kube.CoreV1Api(target.cluster.api).create_namespace(body, _request_timeout=30)
        return cls(target.cluster, images, namespace)

    def close(self) -> None:
        kube.CoreV1Api(self.cluster.api).delete_namespace(self.namespace, _request_timeout=30)

    def params(self, **changes: Any) -> ApplyDeployment:
        stated = {
            "deployment_name": NAME,
            "namespace": self.namespace,
            "container": NAME,
            "image": "contract/app:tag",
            "replicas": 2,
            "manifests_sha256": release_manifests.sha256(workload()),
            "restarts_before_abort": 3,
            "rollout_deadline": 60,
        }
        return ApplyDeployment.model_validate({**stated, **changes})

    def render(self, reference: str, **changes: Any) -> tuple[Manifest, ...]:
        annotations = {"opsbot/plan-id": "plan_contract"}
        return release.render(
            workload(), self.params(**changes), reference=reference, annotations=annotations
        )

    def deploy(self, reference: str, **changes: Any) -> DeployOutput:
        return apply_deployment.run(
            self.cluster,
            self.params(**changes),
            self.render(reference, **changes),
            say=self.said.append,
        )

    def backup(self, reference: str) -> Backup:
        wanted = Wanted(manifests=self.render(reference))
        return backup.take(self.cluster, self.namespace, wanted, self.said.append)

    def restore(self, saved: Backup, seconds: float = 60) -> RestoreOutput:
        return restore.run(self.cluster, saved, say=self.said.append, deadline_seconds=seconds)

    def live(self, kind: str = "Deployment", name: str = NAME) -> dict[str, Any]:
        found = self.cluster.find(kind, self.namespace, name)
        assert found is not None, f"{kind} {name} is not there"
        return found
