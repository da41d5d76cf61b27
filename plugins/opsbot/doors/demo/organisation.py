"""The organisation of the demo: the shipped one, building on the sandbox's base image.

The sample application's Dockerfile takes its base image as the build argument BASE, since each
organisation has its own registry. The sandbox has one too, at a port that is known only now.
"""

import shutil
from pathlib import Path

import yaml

APPLICATIONS = "applications.yaml"
ENVIRONMENTS = "environments.yaml"


def on_sandbox(shipped: Path, target: Path, base_image: str) -> Path:
    """Copy the shipped include folder with the sandbox's base image for all applications."""
    shutil.copytree(shipped, target, dirs_exist_ok=True)
    document = yaml.safe_load((shipped / APPLICATIONS).read_text(encoding="utf-8"))
    for application in document["applications"]:
        application["image"].setdefault("build_args", {})["BASE"] = base_image
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
    (target / APPLICATIONS).write_text(text, encoding="utf-8")
    return target


def namespaces(include: Path) -> tuple[str, ...]:
    """Return the namespaces that the organisation's environments are in."""
    document = yaml.safe_load((include / ENVIRONMENTS).read_text(encoding="utf-8"))
    return tuple(environment["namespace"] for environment in document["environments"])


def node_ports(include: Path) -> tuple[int, ...]:
    """Return the ports of this machine that the default application's users come in by."""
    document = yaml.safe_load((include / APPLICATIONS).read_text(encoding="utf-8"))
    applications = {each["name"]: each for each in document["applications"]}
    default = applications[document["default_application"]]
    return tuple(
        port["nodePort"]
        for path in sorted((include / default["workload"]["manifests"]).glob("*.yaml"))
        for manifest in yaml.safe_load_all(path.read_text(encoding="utf-8"))
        if manifest and manifest["kind"] == "Service"
        for port in manifest["spec"]["ports"]
        if "nodePort" in port
    )
