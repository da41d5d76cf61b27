"""The catalog: which tools are there, found by (server kind, name)."""

from collections.abc import Iterator

from opsbot.capabilities.capability import Capability
from opsbot.capabilities.docker import push_image, verify_image
from opsbot.capabilities.jenkins import run_tests, trigger_build
from opsbot.capabilities.kubernetes import apply_deployment, get_pod_logs, get_pods, get_service
from opsbot.capabilities.sonarqube import analyze_project, get_vulnerabilities
from opsbot.vocabulary.words import ServerKind


class Catalog:
    """The tools that can be planned with, in their listed order."""

    def __init__(self, capabilities: tuple[Capability, ...]) -> None:
        self._tools = {(each.server, each.name): each for each in capabilities}

    def __iter__(self) -> Iterator[Capability]:
        return iter(self._tools.values())

    def find(self, server: ServerKind, name: str) -> Capability | None:
        """Return the tool of that server kind and name, or None."""
        return self._tools.get((server, name))


def native() -> Catalog:
    """Return the catalog of OPS Bot's own tools."""
    return Catalog(
        (
            trigger_build.CAPABILITY,
            run_tests.CAPABILITY,
            analyze_project.CAPABILITY,
            get_vulnerabilities.CAPABILITY,
            push_image.CAPABILITY,
            verify_image.CAPABILITY,
            apply_deployment.CAPABILITY,
            get_pods.CAPABILITY,
            get_pod_logs.CAPABILITY,
            get_service.CAPABILITY,
        )
    )
