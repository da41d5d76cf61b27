"""From the sandbox's addresses to Airflow connections.

Airflow reads a connection `opsbot_jenkins` from `AIRFLOW_CONN_OPSBOT_JENKINS`; as JSON, a secret
needs no quoting. Nothing of this is written to a database.
"""

import json
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict


class _Addresses(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Jenkins(_Addresses):
    """A Jenkins and its user."""

    url: str
    user: str
    token: str


class SonarQube(_Addresses):
    """A SonarQube and its token."""

    url: str
    token: str


class Docker(_Addresses):
    """A Docker Engine."""

    host: str


class Kubernetes(_Addresses):
    """A cluster."""

    kubeconfig: str
    url: str


class Slack(_Addresses):
    """A webhook, and where the messages sent to it can be read."""

    webhook: str
    messages: str


class Sandbox(_Addresses):
    """The line the sandbox prints when all its systems are up."""

    jenkins: Jenkins
    sonarqube: SonarQube
    docker: Docker
    registry: str
    kubernetes: Kubernetes
    slack: Slack
    base_image: str
    repository: str


def environment(sandbox: Sandbox) -> dict[str, str]:
    """Return the five connections as environment variables."""
    connections = {
        "opsbot_jenkins": _jenkins(sandbox.jenkins),
        "opsbot_sonarqube": {
            "conn_type": "sonarqube",
            "host": sandbox.sonarqube.url,
            "password": sandbox.sonarqube.token,
        },
        "opsbot_docker": {
            "conn_type": "docker",
            "host": sandbox.registry,
            "extra": {"engine": sandbox.docker.host, "insecure": True},
        },
        "opsbot_kubernetes": {
            "conn_type": "kubernetes",
            "extra": {"kube_config_path": sandbox.kubernetes.kubeconfig},
        },
        "opsbot_slack": {"conn_type": "slackwebhook", "password": sandbox.slack.webhook},
    }
    return {f"AIRFLOW_CONN_{id.upper()}": json.dumps(it) for id, it in connections.items()}


def airflow(url: str, user: str, password: str) -> dict[str, str]:
    """Return the connection by which OPS Bot answers for itself at its own Airflow."""
    connection = {"conn_type": "http", "host": url, "login": user, "password": password}
    return {"AIRFLOW_CONN_OPSBOT_AIRFLOW": json.dumps(connection)}


def _jenkins(jenkins: Jenkins) -> dict[str, object]:
    """Return host and port apart: the Jenkins hook puts its URL together from both."""
    address = urlsplit(jenkins.url)
    return {
        "conn_type": "jenkins",
        "host": address.hostname,
        "port": address.port,
        "schema": address.path.strip("/"),
        "login": jenkins.user,
        "password": jenkins.token,
        "extra": {"use_https": address.scheme == "https"},
    }
