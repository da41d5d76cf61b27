"""The demo's organisation is the shipped one, but for the base image."""

from pathlib import Path

import yaml

from opsbot.doors.demo import organisation

SHIPPED = Path(__file__).parents[2] / "include"
BASE = "127.0.0.1:5000/base/node:20"


def applications(include):
    return yaml.safe_load((include / "applications.yaml").read_text())["applications"]


def test_only_the_base_image_differs(tmp_path):
    copied = organisation.on_sandbox(SHIPPED, tmp_path / "include", BASE)

    arguments = [each["image"]["build_args"] for each in applications(copied)]
    assert {each.pop("BASE") for each in arguments} == {BASE}
    assert arguments == [each["image"]["build_args"] for each in applications(SHIPPED)]
    assert (copied / "policies.yaml").read_text() == (SHIPPED / "policies.yaml").read_text()
    assert (copied / "manifests" / "my-application" / "service.yaml").exists()


def test_every_environment_has_its_namespace():
    assert organisation.namespaces(SHIPPED) == ("production", "staging", "development")


def test_the_users_come_in_by_the_services_node_port():
    assert organisation.node_ports(SHIPPED) == (30001,)
