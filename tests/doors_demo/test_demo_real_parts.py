"""Which parts of the demo are real is what the environment names, whole or not at all."""

import pytest

from opsbot.doors.demo import connections, real_parts
from opsbot.vocabulary.errors import Refused


@pytest.fixture
def cluster(tmp_path):
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text("apiVersion: v1\n")
    return {
        "KUBECONFIG": str(kubeconfig),
        "DOCKER_HOST": "unix:///run/docker.sock",
        "OPSBOT_REGISTRY": "127.0.0.1:5000",
    }


SONAR = {"SONAR_HOST_URL": "http://127.0.0.1:9100/", "SONAR_TOKEN": "squ_1"}


def test_nothing_named_is_all_sandbox():
    real = real_parts.named({"PATH": "/bin", "SONAR_TOKEN": ""})

    assert real.nothing
    assert set(real.parts.values()) == {"sandbox"}
    assert real.left_out == ()


def test_everything_named_leaves_jenkins_and_slack_to_the_sandbox(cluster):
    real = real_parts.named(cluster | SONAR)

    assert [name for name, word in real.parts.items() if word == "sandbox"] == ["jenkins", "slack"]
    assert real.left_out == ("docker", "kubernetes", "sonarqube")
    assert real.variables == {"SONAR_HOST_URL": "http://127.0.0.1:9100", "SONAR_TOKEN": "squ_1"}


def test_a_sonarqube_may_be_real_alone():
    real = real_parts.named(SONAR)

    assert real.left_out == ("sonarqube",)
    assert real.parts["kubernetes"] == "sandbox"


@pytest.mark.parametrize("lacking", real_parts.CLUSTER)
def test_cluster_engine_and_registry_go_only_together(cluster, lacking):
    with pytest.raises(Refused, match=f"only together with {lacking}"):
        real_parts.named({name: value for name, value in cluster.items() if name != lacking})


def test_a_sonarqube_without_a_token_is_refused():
    with pytest.raises(Refused, match="SONAR_HOST_URL go only together with SONAR_TOKEN"):
        real_parts.named({"SONAR_HOST_URL": "http://127.0.0.1:9100"})


def test_a_kubeconfig_that_is_not_there_is_refused(cluster):
    with pytest.raises(Refused, match="no file"):
        real_parts.named(cluster | {"KUBECONFIG": "/nowhere/kubeconfig"})


def test_a_token_is_never_shown():
    assert "squ_1" not in repr(real_parts.named(SONAR))


@pytest.mark.parametrize(
    ("registry", "scheme"),
    [
        ("127.0.0.1:5000", "http"),
        ("localhost", "http"),
        ("registry.example.com", "https"),
        ("registry.example.com:5000", "https"),
    ],
)
def test_a_registry_is_spoken_to_in_clear_on_this_machine_alone(registry, scheme):
    assert connections.scheme_of(registry) == scheme
