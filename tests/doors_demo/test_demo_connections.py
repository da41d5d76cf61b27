"""From the sandbox's line to Airflow connections, as Airflow itself reads them."""

import json

import pytest
from pydantic import ValidationError

from opsbot.doors.demo import connections
from opsbot.doors.demo.connections import Systems

LINE = json.dumps(
    {
        "jenkins": {"url": "http://127.0.0.1:8081", "user": "opsbot", "token": "t0ken"},
        "sonarqube": {"url": "http://127.0.0.1:9000", "token": "squ_1"},
        "docker": {"host": "tcp://127.0.0.1:2375"},
        "registry": "127.0.0.1:5000",
        "kubernetes": {"kubeconfig": "/state/kubeconfig", "url": "https://127.0.0.1:6443"},
        "slack": {
            "webhook": "http://127.0.0.1:8082/services/T/B/X",
            "messages": "http://127.0.0.1:8082/messages",
        },
        "base_image": "127.0.0.1:5000/base/node:20",
        "repository": "/state/repository",
        "something_new": True,
    }
)


def as_airflow_reads(id: str):
    from airflow.sdk import Connection

    environment = connections.environment(Systems.model_validate_json(LINE))
    return Connection.from_json(environment[f"AIRFLOW_CONN_{id.upper()}"], conn_id=id)


def test_jenkins_has_host_and_port_apart():
    jenkins = as_airflow_reads("opsbot_jenkins")

    assert (jenkins.conn_type, jenkins.host, jenkins.port) == ("jenkins", "127.0.0.1", 8081)
    assert (jenkins.login, jenkins.password) == ("opsbot", "t0ken")
    assert jenkins.extra_dejson == {"use_https": False}


def test_sonarqube_has_its_token_as_password():
    sonarqube = as_airflow_reads("opsbot_sonarqube")

    assert sonarqube.conn_type == "sonarqube"
    assert (sonarqube.host, sonarqube.password) == ("http://127.0.0.1:9000", "squ_1")


def test_docker_names_the_registry_and_its_engine():
    docker = as_airflow_reads("opsbot_docker")

    assert (docker.conn_type, docker.host) == ("docker", "127.0.0.1:5000")
    assert docker.extra_dejson == {"engine": "tcp://127.0.0.1:2375", "insecure": True}


def test_kubernetes_points_to_the_sandboxs_kubeconfig():
    kubernetes = as_airflow_reads("opsbot_kubernetes")

    assert kubernetes.extra_dejson == {"kube_config_path": "/state/kubeconfig"}


def test_slack_has_its_webhook_as_password():
    assert as_airflow_reads("opsbot_slack").password == "http://127.0.0.1:8082/services/T/B/X"


def test_a_sandbox_that_lacks_a_system_is_refused():
    lacking = {key: value for key, value in json.loads(LINE).items() if key != "kubernetes"}

    with pytest.raises(ValidationError, match="kubernetes"):
        Systems.model_validate(lacking)
