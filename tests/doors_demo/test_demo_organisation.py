"""The demo's organisation is the shipped one, but for the base image and busy ports."""

import contextlib
import socket
from pathlib import Path

import pytest
import yaml

from opsbot.doors.demo import organisation
from opsbot.doors.demo.organisation import Home
from opsbot.doors.demo.ports import NODE_PORTS, NodePorts

SHIPPED = Path(__file__).parents[2] / "include"
BASE = "127.0.0.1:5000/base/node:20"


@pytest.fixture
def node_ports():
    ports = NodePorts()
    yield ports
    ports.release()


def applications(include):
    return yaml.safe_load((include / "applications.yaml").read_text())["applications"]


def policies(include):
    return yaml.safe_load((include / "policies.yaml").read_text())


def test_only_the_base_image_and_the_time_of_watching_differ(tmp_path, node_ports):
    copied = organisation.at_home(
        SHIPPED, tmp_path / "include", Home(base_image=BASE, node_ports=node_ports)
    )

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


def test_a_node_port_that_somebody_holds_moves_aside(tmp_path, node_ports):
    with socket.socket() as somebody:
        somebody.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            somebody.bind(("127.0.0.1", node_port(SHIPPED)))
            somebody.listen()

        copied = organisation.at_home(
            SHIPPED, tmp_path / "include", Home(base_image=BASE, node_ports=node_ports)
        )

    assert node_port(copied) != node_port(SHIPPED)
    assert node_port(copied) in NODE_PORTS


def test_a_node_port_belongs_to_one_stack_before_anybody_listens(node_ports):
    wanted = node_port(SHIPPED)
    taken = node_ports.take(wanted)
    others = NodePorts()

    assert others.take(wanted) not in (wanted, taken)

    others.release()
    node_ports.release()
    assert others.take(taken) == taken
    others.release()


def test_on_a_real_cluster_we_have_namespaces_of_our_own_and_it_gives_the_ports(tmp_path):
    copied = organisation.at_home(SHIPPED, tmp_path / "include", Home(namespace_prefix="ours-"))

    assert organisation.namespaces(copied) == (
        "ours-production",
        "ours-staging",
        "ours-development",
    )
    text = (copied / "manifests" / "my-application" / "production" / "service.yaml").read_text()
    assert "nodePort" not in text
    assert "NodePort" in text
    assert applications(copied) == applications(SHIPPED)
