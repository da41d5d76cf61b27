"""The Airflow connection type `sonarqube`: an address and a user token.

There is no SonarQube provider for Airflow. The host is the server's URL (`https://sonar.example`,
with a path where it has one) and the password a *user* token: analysis tokens may not read what
the steps must read. A host without a scheme means https, or http on this machine.
"""

from typing import Any

from airflow.sdk import BaseHook

from opsbot.integrations import web
from opsbot.integrations.sonarqube import client
from opsbot.integrations.sonarqube.client import SonarClient
from opsbot.vocabulary.errors import OpsBotError, Refused


class SonarQubeHook(BaseHook):
    """Reaches a SonarQube server with the login of an Airflow connection."""

    conn_name_attr = "sonarqube_conn_id"
    default_conn_name = "sonarqube_default"
    conn_type = "sonarqube"
    hook_name = "SonarQube"

    def __init__(self, sonarqube_conn_id: str = default_conn_name) -> None:
        super().__init__()
        self.sonarqube_conn_id = sonarqube_conn_id

    @classmethod
    def get_ui_field_behaviour(cls) -> dict[str, Any]:
        """Return how Airflow's connection form looks for this type."""
        return {
            "hidden_fields": ["login", "extra"],
            "relabeling": {"host": "Server URL", "password": "User token", "schema": "Scheme"},
            "placeholders": {"host": "https://sonarqube.example.com", "password": "squ_..."},
        }

    def get_conn(self) -> SonarClient:
        """Return the client of the connection's server."""
        connection = self.get_connection(self.sonarqube_conn_id)
        if not connection.host or not connection.password:
            raise Refused(
                f"The connection {self.sonarqube_conn_id!r} needs a host (the server's URL) and a "
                "password (a user token)."
            )
        address = address_of(connection.host, connection.schema, connection.port)
        return client.of(address, connection.password)

    def test_connection(self) -> tuple[bool, str]:
        """Tell Airflow's connection form whether server and token are good."""
        try:
            server = self.get_conn()
            status = server.get("system/status").get("status")
            valid = server.get("authentication/validate").get("valid")
        except OpsBotError as problem:
            return False, str(problem)
        if status != "UP":
            return False, f"SonarQube is {status}, not UP."
        # The server answers 200 to a wrong token too; only this word tells.
        return (
            (True, "SonarQube is up and knows the token.")
            if valid
            else (
                False,
                "SonarQube does not know this token: make a user token there.",
            )
        )


def address_of(host: str, scheme: str | None, port: int | None) -> str:
    """Return the server's address from the fields of a connection."""
    if "://" in host:
        return host
    plain = web.is_loopback(f"http://{host}")
    place = f"{host}:{port}" if port else host
    return f"{scheme or ('http' if plain else 'https')}://{place}"
