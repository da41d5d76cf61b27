"""What a plan needs and does not have: connections of Airflow, tools of the catalog.

A plan with gaps is shown, with the gap said in words and the way to close it; it never runs.
"""

from collections.abc import Iterable

from opsbot.planning.plan import MissingConnection, Step
from opsbot.vocabulary.words import ServerKind

_OPTIONS = {
    ServerKind.JENKINS: (
        "--conn-type jenkins --conn-host HOST --conn-port 8080 "
        "--conn-login USER --conn-password API_TOKEN"
    ),
    ServerKind.SONARQUBE: "--conn-type sonarqube --conn-host URL --conn-password USER_TOKEN",
    ServerKind.DOCKER: (
        "--conn-type docker --conn-host REGISTRY --conn-login USER --conn-password PASSWORD "
        """--conn-extra '{"engine": "unix:///var/run/docker.sock"}'"""
    ),
    ServerKind.KUBERNETES: (
        "--conn-type kubernetes "
        """--conn-extra '{"kube_config_path": "/path/to/kubeconfig"}'"""
    ),
}


def missing_connections(
    steps: Iterable[Step], known: frozenset[str] | None
) -> tuple[MissingConnection, ...]:
    """Return the connections that steps use and Airflow lacks; none if Airflow was not asked."""
    if known is None:
        return ()
    used = {each.connection: each.server for each in steps}
    return tuple(
        MissingConnection(id=id, kind=kind.value, how_to_add=how_to_add(id, kind))
        for id, kind in used.items()
        if id not in known
    )


def how_to_add(id: str, kind: ServerKind) -> str:
    """Return the command that adds a connection."""
    return f"airflow connections add {id} {_OPTIONS[kind]}"
