"""What can be read by a tool of an MCP server, and how each reading is told.

A reading fits here if its arguments alone say what is read. What it comes to is read once more
natively, so a tool that answers about more than was asked, or less, does no harm.
"""

from collections.abc import Mapping

from opsbot.capabilities.calling.told import Told
from opsbot.vocabulary.words import ServerKind

_NAMESPACE = ("namespace", "ns")
_NAME = ("name", "resourcename")
_JOB = ("jobname", "jobfullname", "fullname", "jobpath", "name", "job")
_BUILD = ("buildnumber", "number", "build")
_MOST = ("limit", "maxresults", "count")


def _objects(kind: str, group: str, *words: str) -> dict[str, tuple[str, ...]]:
    """Return how a tool for all kinds of objects is told which one."""
    return {
        "resourcetype": words,
        "resource": words,
        "kind": (kind, *words),
        "apiversion": (group,),
    }


READS: Mapping[tuple[ServerKind, str], Told] = {
    (ServerKind.KUBERNETES, "get_pods"): Told(
        inputs={
            "namespace": _NAMESPACE,
            "label_selector": ("labelselector", "selector", "labels"),
            "field_selector": ("fieldselector",),
        },
        needed=frozenset({"namespace"}),
        fixed=_objects("Pod", "v1", "pods", "pod"),
    ),
    (ServerKind.KUBERNETES, "get_deployment"): Told(
        inputs={
            "namespace": _NAMESPACE,
            "deployment_name": ("deploymentname", "deployment", *_NAME),
        },
        needed=frozenset({"namespace"}),
        fixed=_objects("Deployment", "apps/v1", "deployment", "deployments"),
    ),
    (ServerKind.KUBERNETES, "get_service"): Told(
        inputs={"namespace": _NAMESPACE, "service_name": ("servicename", "service", *_NAME)},
        needed=frozenset({"namespace"}),
        fixed=_objects("Service", "v1", "service", "services"),
    ),
    (ServerKind.KUBERNETES, "get_events"): Told(
        inputs={"namespace": _NAMESPACE, "limit": _MOST},
        needed=frozenset({"namespace"}),
        fixed=_objects("Event", "v1", "events", "event"),
    ),
    (ServerKind.JENKINS, "get_job"): Told(
        inputs={"job_name": _JOB}, needed=frozenset({"job_name"})
    ),
    (ServerKind.JENKINS, "list_builds"): Told(
        inputs={"job_name": _JOB, "limit": _MOST}, needed=frozenset({"job_name"})
    ),
    (ServerKind.JENKINS, "get_build_status"): Told(
        inputs={"job_name": _JOB, "build_number": _BUILD},
        needed=frozenset({"job_name", "build_number"}),
    ),
    (ServerKind.SONARQUBE, "get_quality_gate"): Told(
        inputs={
            "project_key": ("projectkey", "project", "componentkey", "component", "key"),
            "branch": ("branch", "branchname"),
        },
        needed=frozenset({"project_key"}),
    ),
    (ServerKind.DOCKER, "list_tags"): Told(
        inputs={
            "image_name": ("repository", "repositoryname", "imagename", "image", "name"),
            "limit": _MOST,
        },
        needed=frozenset({"image_name"}),
    ),
}
