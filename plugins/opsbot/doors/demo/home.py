"""Put the demo's organisation where its systems are: in the sandbox, on real parts, or on both.

The sandbox has printed where its own systems are; those that the environment names take the place
of the ones it left out. What OPS Bot needs there is prepared as an administrator would: namespaces,
an account with the shipped rights and no others, and the quality gate.
"""

import json
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx

from opsbot.configuration import organisation_files
from opsbot.doors import quality_gates
from opsbot.doors.demo import connections, organisation, tenancy
from opsbot.doors.demo.cluster import Cluster
from opsbot.doors.demo.connections import Systems
from opsbot.doors.demo.organisation import Home
from opsbot.doors.demo.ports import NodePorts
from opsbot.doors.demo.real_parts import Real, RealCluster
from opsbot.integrations.sonarqube import client as sonarqube
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.progress import silent

ROLE = Path("kubernetes") / "role.yaml"
BASE = ("base/node", "20")
"""Repository and tag that a registry may keep a base image of Node.js under."""
PATIENCE_SECONDS = 20.0


def systems(line: str, real: Real, kubeconfig: Path) -> Systems:
    """Return where all systems are: the sandbox's line, and the real ones beside it."""
    found: dict[str, Any] = json.loads(line)
    if real.cluster is not None:
        found |= {
            "docker": {"host": real.cluster.engine},
            "registry": real.cluster.registry,
            "base_image": _base_image(real.cluster),
            "kubernetes": {
                "kubeconfig": str(kubeconfig),
                "administrator": real.cluster.kubeconfig,
            },
        }
    return Systems.model_validate(found)


def move_in(
    shipped: Path, target: Path, found: Systems, real: Real, lent: ExitStack
) -> dict[str, str]:
    """Lay the organisation and what it needs on the systems; return how OPS Bot reaches them.

    What is only lent is given back when `lent` closes.
    """
    if real.cluster is None:
        node_ports = NodePorts()
        lent.callback(node_ports.release)
        at = Home(base_image=found.base_image, node_ports=node_ports)
    else:
        at = Home(base_image=found.base_image, namespace_prefix=tenancy.new_prefix())
    organisation.at_home(shipped, target, at)
    _provide(organisation.namespaces(target), shipped, found, real, lent)
    _provide_gates(target, found.sonarqube)
    return connections.environment(found) | {"OPSBOT_INCLUDE": str(target)}


def _provide(
    namespaces: tuple[str, ...], shipped: Path, found: Systems, real: Real, lent: ExitStack
) -> None:
    """Make the namespaces; on a real cluster also an account that may work in them alone."""
    administrator = found.kubernetes.outsider
    if real.cluster is not None:
        own = Path(found.kubernetes.kubeconfig)
        lent.enter_context(tenancy.provided(administrator, shipped / ROLE, namespaces, own))
        return
    cluster = Cluster(administrator)
    for name in namespaces:
        cluster.provide_namespace(name)


def _provide_gates(include: Path, server: connections.SonarQube) -> None:
    """Make the projects and the gate that judges them, as `opsbot setup sonarqube` does."""
    client = sonarqube.of(server.url, server.token)
    described = organisation_files.read_organisation(include)
    if lacking := quality_gates.provide(client, described, silent):
        raise StepFailed(
            f"The SonarQube at {server.url} has a gate of that name that lets pass what the demo "
            f"stops at. It lacks: {'; '.join(lacking)}. Add the conditions, or delete the gate."
        )


def _base_image(cluster: RealCluster) -> str:
    """Return the base image that is named, or the registry's own Node.js; else the Dockerfile's."""
    if cluster.base_image:
        return cluster.base_image
    repository, tag = BASE
    scheme = connections.scheme_of(cluster.registry)
    url = f"{scheme}://{cluster.registry}/v2/{repository}/tags/list"
    try:
        answer = httpx.get(url, timeout=PATIENCE_SECONDS, trust_env=False)
    except httpx.HTTPError as error:
        raise StepFailed(
            f"The registry {cluster.registry!r} (OPSBOT_REGISTRY) cannot be reached: "
            f"{type(error).__name__}. Start it, or name another."
        ) from None
    known = answer.is_success and tag in (answer.json().get("tags") or ())
    return f"{cluster.registry}/{repository}:{tag}" if known else ""
