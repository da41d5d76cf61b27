"""The organisation of the demo: the shipped one, at home on this machine.

The sample application's Dockerfile takes its base image as the build argument BASE, since each
organisation has its own registry. The sandbox has one too, at a port that is known only now. A
service's node port is a port of this machine, so it moves aside where somebody holds it already.
A new version is watched for a few seconds only, since somebody waits for the demo to end.
"""

import shutil
from pathlib import Path
from typing import Any

import yaml

from opsbot.doors.demo.ports import NodePorts

APPLICATIONS = "applications.yaml"
ENVIRONMENTS = "environments.yaml"
POLICIES = "policies.yaml"
MANIFESTS = "manifests"
OBSERVE_SECONDS = 5


def on_sandbox(shipped: Path, target: Path, base_image: str, node_ports: NodePorts) -> Path:
    """Copy the shipped include folder with the sandbox's base image for all applications."""
    shutil.copytree(shipped, target, dirs_exist_ok=True)
    document = yaml.safe_load((shipped / APPLICATIONS).read_text(encoding="utf-8"))
    for application in document["applications"]:
        application["image"].setdefault("build_args", {})["BASE"] = base_image
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
    (target / APPLICATIONS).write_text(text, encoding="utf-8")
    _watch_briefly(target / POLICIES)
    _move_node_ports(target / MANIFESTS, node_ports)
    return target


def namespaces(include: Path) -> tuple[str, ...]:
    """Return the namespaces that the organisation's environments are in."""
    document = yaml.safe_load((include / ENVIRONMENTS).read_text(encoding="utf-8"))
    return tuple(environment["namespace"] for environment in document["environments"])


def _watch_briefly(path: Path) -> None:
    """Shorten the observation after a change, in every environment that has a policy."""
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    for policy in document["environments"].values():
        policy["observe_seconds"] = OBSERVE_SECONDS
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")


def _move_node_ports(folder: Path, node_ports: NodePorts) -> None:
    """Give each service a node port that is free on this machine, its own if it can be."""
    for path in sorted(folder.rglob("*.yaml")):
        manifests = [each for each in yaml.safe_load_all(path.read_text(encoding="utf-8")) if each]
        wanted = [port for each in manifests for port in _node_ports(each)]
        for port in wanted:
            port["nodePort"] = node_ports.take(port["nodePort"])
        if wanted:
            text = yaml.safe_dump_all(manifests, sort_keys=False, allow_unicode=True)
            path.write_text(text, encoding="utf-8")


def _node_ports(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the ports of a Service that are open on each node."""
    if manifest["kind"] != "Service":
        return []
    return [port for port in manifest["spec"].get("ports", ()) if "nodePort" in port]
