"""What a plan needs and Airflow does not have: connections, and a key to seal with.

A plan with gaps is shown, with the gap said in words and the way to close it; it never runs.
"""

from collections.abc import Iterable, Mapping

from opsbot.capabilities.mcp_found import McpFound
from opsbot.planning import pins
from opsbot.planning.plan import MissingConnection, MissingMcpTool, MissingSetting, Step
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.words import Guard, ServerKind

SLACK = "slack"
MCP = "mcp"
FERNET = "fernet"
"""Kind of the connection that holds the keys of backups."""
SEALED = frozenset({Guard.APPROVAL, Guard.BACKUP})
"""Guards whose evidence is sealed with Airflow's Fernet key."""

_OPTIONS = {
    ServerKind.JENKINS.value: (
        "--conn-type jenkins --conn-host HOST --conn-port 8080 "
        "--conn-login USER --conn-password API_TOKEN"
    ),
    ServerKind.SONARQUBE.value: "--conn-type sonarqube --conn-host URL --conn-password USER_TOKEN",
    ServerKind.DOCKER.value: (
        "--conn-type docker --conn-host REGISTRY --conn-login USER --conn-password PASSWORD "
        """--conn-extra '{"engine": "unix:///var/run/docker.sock"}'"""
    ),
    ServerKind.KUBERNETES.value: (
        "--conn-type kubernetes "
        """--conn-extra '{"kube_config_path": "/path/to/kubeconfig"}'"""
    ),
    MCP: "--conn-type mcp --conn-host URL --conn-password TOKEN",
    SLACK: "--conn-type slackwebhook --conn-password WEBHOOK_URL",
    FERNET: (
        """--conn-type fernet --conn-password "$(python -c 'from cryptography.fernet import """
        """Fernet; print(Fernet.generate_key().decode())')\""""
    ),
}

_FERNET_KEY = MissingSetting(
    name="[core] fernet_key",
    why=(
        "it is empty, so approvals and backups could be forged by whoever may edit an XCom. Make "
        "one key, give it to all components and restart them"
    ),
    how_to_set=(
        "python -c 'from cryptography.fernet import Fernet; "
        """print("AIRFLOW__CORE__FERNET_KEY=" + Fernet.generate_key().decode())'"""
    ),
)


class Airflow(Value):
    """What the Airflow that would run a plan has."""

    connections: frozenset[str]
    """Connection ids."""
    fernet_key: bool
    """Whether it encrypts at all."""
    mcp: tuple[McpFound, ...] = ()
    """What was found at the MCP servers that were asked."""

    @property
    def found(self) -> pins.Found:
        """What was found at each MCP server, by its connection."""
        return {each.connection: each for each in self.mcp}


def missing_connections(
    steps: Iterable[Step], beside: Mapping[str, str], airflow: Airflow | None
) -> tuple[MissingConnection, ...]:
    """Return the connections that a plan uses and Airflow lacks; none if it was not asked.

    `beside` are those that no step names, with their kinds: by which the team is told, and which
    holds the key without which no Secret is saved.
    """
    if airflow is None:
        return ()
    listed = tuple(steps)
    used = {each.connection: each.server.value for each in listed}
    used |= {each.mcp.connection: MCP for each in listed if each.mcp}
    used |= beside
    return tuple(
        MissingConnection(id=id, kind=kind, how_to_add=how_to_add(id, kind))
        for id, kind in used.items()
        if id not in airflow.connections
    )


def missing_settings(
    guards: Iterable[Guard], airflow: Airflow | None
) -> tuple[MissingSetting, ...]:
    """Return the settings without which the plan's guards protect nothing."""
    if airflow is None or airflow.fernet_key or not SEALED & set(guards):
        return ()
    return (_FERNET_KEY,)


def missing_mcp_tools(steps: Iterable[Step], airflow: Airflow | None) -> tuple[MissingMcpTool, ...]:
    """Return the pinned tools that were not found at servers whose connections there are."""
    if airflow is None:
        return ()
    missing = pins.missing(steps, airflow.found)
    return tuple(each for each in missing if each.connection in airflow.connections)


def how_to_add(id: str, kind: str) -> str:
    """Return the command that adds a connection."""
    return f"airflow connections add {id} {_OPTIONS[kind]}"
