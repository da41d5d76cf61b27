"""From the systems' addresses to Airflow connections.

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
    """By which OPS Bot works there."""
    administrator: str = ""
    """The kubeconfig of one who may look everywhere, where OPS Bot's own may not."""

    @property
    def outsider(self) -> str:
        """The kubeconfig of whoever looks at the cluster without asking OPS Bot."""
        return self.administrator or self.kubeconfig


class Slack(_Addresses):
    """A webhook, and where the messages sent to it can be read."""

    webhook: str
    messages: str


class Systems(_Addresses):
    """Where all systems are.

    The sandbox prints such a line when its own are up; those that are real elsewhere are then put
    beside them.
    """

    jenkins: Jenkins
    sonarqube: SonarQube
    docker: Docker
    registry: str
    kubernetes: Kubernetes
    slack: Slack
    base_image: str = ""
    """What applications are built upon; empty: what the Dockerfile names itself."""
    repository: str


def environment(systems: Systems) -> dict[str, str]:
    """Return the five connections as environment variables."""
    connections = {
        "opsbot_jenkins": _jenkins(systems.jenkins),
        "opsbot_sonarqube": {
            "conn_type": "sonarqube",
            "host": systems.sonarqube.url,
            "password": systems.sonarqube.token,
        },
        "opsbot_docker": {
            "conn_type": "docker",
            "host": systems.registry,
            "extra": {
                "engine": systems.docker.host,
                "insecure": scheme_of(systems.registry) == "http",
            },
        },
        "opsbot_kubernetes": {
            "conn_type": "kubernetes",
            "extra": {"kube_config_path": systems.kubernetes.kubeconfig},
        },
        "opsbot_slack": {"conn_type": "slackwebhook", "password": systems.slack.webhook},
    }
    return {f"AIRFLOW_CONN_{id.upper()}": json.dumps(it) for id, it in connections.items()}


def scheme_of(registry: str) -> str:
    """Return how a registry is spoken to: in clear on this machine alone, as Docker has it."""
    host = registry.partition(":")[0]
    return "http" if host in ("127.0.0.1", "localhost") else "https"


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
