"""The demo's organisation is the shipped one, but for the base image and busy ports."""

import contextlib
import socket
from pathlib import Path

import yaml

from opsbot.doors.demo import organisation

SHIPPED = Path(__file__).parents[2] / "include"
BASE = "127.0.0.1:5000/base/node:20"


def applications(include):
    return yaml.safe_load((include / "applications.yaml").read_text())["applications"]


def policies(include):
    return yaml.safe_load((include / "policies.yaml").read_text())


def test_only_the_base_image_and_the_time_of_watching_differ(tmp_path):
    copied = organisation.on_sandbox(SHIPPED, tmp_path / "include", BASE)

    arguments = [each["image"]["build_args"] for each in applications(copied)]
    assert {each.pop("BASE") for each in arguments} == {BASE}
    assert arguments == [each["image"]["build_args"] for each in applications(SHIPPED)]
    watched = [each.pop("observe_seconds") for each in policies(copied)["environments"].values()]
    assert set(watched) == {5}
    rules = policies(SHIPPED)
    assert rules["environments"]["production"].pop("observe_seconds") == 30
    assert policies(copied) == {**rules, "environments": policies(copied)["environments"]}
    assert (copied / "manifests" / "my-application" / "service.yaml").exists()


def test_every_environment_has_its_namespace():
    assert organisation.namespaces(SHIPPED) == ("production", "staging", "development")


def node_port(include):
    folder = include / "manifests" / "my-application" / "production"
    text = (folder / "service.yaml").read_text()
    return yaml.safe_load(text)["spec"]["ports"][0]["nodePort"]


def test_a_node_port_that_somebody_holds_moves_aside(tmp_path):
    with socket.socket() as somebody:
        somebody.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            somebody.bind(("127.0.0.1", node_port(SHIPPED)))
            somebody.listen()

        copied = organisation.on_sandbox(SHIPPED, tmp_path / "include", BASE)

    assert node_port(copied) != node_port(SHIPPED)
    assert node_port(copied) in range(30000, 32768)
