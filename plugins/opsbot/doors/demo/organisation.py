"""The organisation of the demo: the shipped one, at home on this machine.

The sample application's Dockerfile takes its base image as the build argument BASE, since each
organisation has its own registry. The sandbox has one too, at a port that is known only now. In the
sandbox a service's node port is a port of this machine, so it moves aside where somebody holds it
already. A real cluster gives out its own, and has namespaces of others: ours have a prefix there.
A new version is watched for a few seconds only, since somebody waits for the demo to end.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from opsbot.doors.demo.ports import NodePorts

APPLICATIONS = "applications.yaml"
ENVIRONMENTS = "environments.yaml"
POLICIES = "policies.yaml"
MANIFESTS = "manifests"
OBSERVE_SECONDS = 5


@dataclass(frozen=True)
class Home:
    """What is different where the systems are."""

    base_image: str = ""
    """What applications are built upon; empty: what their Dockerfiles name."""
    namespace_prefix: str = ""
    node_ports: NodePorts | None = None
    """The ports of this machine to choose from; None: the cluster gives each service its own."""


def at_home(shipped: Path, target: Path, home: Home) -> Path:
    """Copy the shipped include folder with what is different here."""
    shutil.copytree(shipped, target, dirs_exist_ok=True)
    if home.base_image:
        _build_upon(target / APPLICATIONS, home.base_image)
    if home.namespace_prefix:
        _set_apart(target / ENVIRONMENTS, home.namespace_prefix)
    _watch_briefly(target / POLICIES)
    _settle_node_ports(target / MANIFESTS, home.node_ports)
    return target


def namespaces(include: Path) -> tuple[str, ...]:
    """Return the namespaces that the organisation's environments are in."""
    document = yaml.safe_load((include / ENVIRONMENTS).read_text(encoding="utf-8"))
    return tuple(environment["namespace"] for environment in document["environments"])


def _build_upon(path: Path, base_image: str) -> None:
    with _edited(path) as document:
        for application in document["applications"]:
            application["image"].setdefault("build_args", {})["BASE"] = base_image


def _set_apart(path: Path, prefix: str) -> None:
    with _edited(path) as document:
        for environment in document["environments"]:
            environment["namespace"] = prefix + environment["namespace"]


def _watch_briefly(path: Path) -> None:
    """Shorten the observation after a change, in every environment that has a policy."""
    with _edited(path) as document:
        for policy in document["environments"].values():
            policy["observe_seconds"] = OBSERVE_SECONDS


@contextmanager
def _edited(path: Path) -> Iterator[Any]:
    """Hand over what a YAML file says, and write it back as it is then."""
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    yield document
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
    path.write_text(text, encoding="utf-8")


def _settle_node_ports(folder: Path, node_ports: NodePorts | None) -> None:
    """Give each service a node port that is free on this machine, or leave it to the cluster."""
    for path in sorted(folder.rglob("*.yaml")):
        manifests = [each for each in yaml.safe_load_all(path.read_text(encoding="utf-8")) if each]
        wanted = [port for each in manifests for port in _node_ports(each)]
        for port in wanted:
            asked = port.pop("nodePort")
            if node_ports is not None:
                port["nodePort"] = node_ports.take(asked)
        if wanted:
            text = yaml.safe_dump_all(manifests, sort_keys=False, allow_unicode=True)
            path.write_text(text, encoding="utf-8")


def _node_ports(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the ports of a Service that are open on each node."""
    if manifest["kind"] != "Service":
        return []
    return [port for port in manifest["spec"].get("ports", ()) if "nodePort" in port]
