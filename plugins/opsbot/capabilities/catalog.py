"""The catalog: which tools are there, found by (server kind, name).

A native tool is one module, `capabilities/<server kind>/<name>.py`, and one name in the list
below. A module is imported when its tool is first looked up: a plan uses ten tools of many.
"""

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module

from opsbot.capabilities.capability import Capability
from opsbot.vocabulary.words import ServerKind

NATIVE: Mapping[ServerKind, tuple[str, ...]] = {
    ServerKind.JENKINS: (
        "trigger_build",
        "get_build_status",
        "get_build_logs",
        "run_tests",
        "get_test_results",
        "list_jobs",
        "get_job",
        "list_builds",
        "get_queue_item",
        "cancel_queued_build",
        "stop_build",
        "get_build_stages",
        "get_build_artifacts",
        "answer_build_input",
        "get_server_status",
    ),
    ServerKind.SONARQUBE: (
        "analyze_project",
        "get_quality_gate",
        "get_code_coverage",
        "get_vulnerabilities",
        "get_code_smells",
        "get_security_hotspots",
        "get_measures",
        "get_duplications",
        "list_projects",
        "get_server_health",
    ),
    ServerKind.DOCKER: (
        "push_image",
        "pull_image",
        "tag_image",
        "verify_image",
        "get_image_metadata",
        "build_image",
        "list_tags",
        "sign_image",
    ),
    ServerKind.KUBERNETES: (
        "apply_deployment",
        "get_pods",
        "get_pod_logs",
        "scale_deployment",
        "rollback_deployment",
        "get_service",
        "get_deployment",
        "get_rollout_status",
        "restart_deployment",
        "get_events",
        "backup_release",
        "restore_release",
    ),
}
"""OPS Bot's own tools, in the order in which they are listed."""


class Catalog:
    """The tools that can be planned with, in their listed order."""

    def __init__(self, tools: Iterable[tuple[ServerKind, str]]) -> None:
        self._names = tuple(tools)

    def __iter__(self) -> Iterator[Capability]:
        return (_read(server, name) for server, name in self._names)

    def find(self, server: ServerKind, name: str) -> Capability | None:
        """Return the tool of that server kind and name, or None."""
        return _read(server, name) if (server, name) in self._names else None


def native() -> Catalog:
    """Return the catalog of OPS Bot's own tools."""
    return Catalog((server, name) for server, names in NATIVE.items() for name in names)


def _read(server: ServerKind, name: str) -> Capability:
    module = import_module(f"opsbot.capabilities.{server.value}.{name}")
    capability: Capability = module.CAPABILITY
    return capability
