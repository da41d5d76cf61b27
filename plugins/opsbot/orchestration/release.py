"""What a plan would put on its cluster: the organisation's manifests, rendered for one image.

Preview, backup and deploy render alike. Manifests that changed after the plan was made are
refused by the rendering itself.
"""

from typing import Any

from opsbot.capabilities.kubernetes.apply_deployment import ApplyDeployment
from opsbot.integrations.kubernetes import release
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.orchestration import configured
from opsbot.planning.plan import Step
from opsbot.vocabulary.errors import Refused

Manifests = tuple[dict[str, Any], ...]

PLAN_ANNOTATION = "opsbot/plan-id"


def manifests(step: Step, application: str, reference: str, plan_id: str) -> Manifests:
    """Render the application's manifests for an image, by digest."""
    params = ApplyDeployment.model_validate(step.arguments)
    workload = configured.organisation().application(application).workload
    annotations = {PLAN_ANNOTATION: plan_id}
    return release.render(workload, params, reference=reference, annotations=annotations)


def refuse_another_plans(cluster: Cluster, saved: dict[str, Any], plan_id: str) -> None:
    """Refuse to roll back what a later plan has deployed.

    `saved` is the Deployment before this plan. A check that is cleared and fails days later must
    not bring a version back that others have replaced since.
    """
    metadata = saved["metadata"]
    live = cluster.find("Deployment", metadata["namespace"], metadata["name"])
    if live is None:
        return
    owner = _plan_of(live)
    if owner not in (plan_id, _plan_of(saved)):
        raise Refused(
            f"Deployment {metadata['name']!r} in {metadata['namespace']!r} was deployed by plan "
            f"{owner!r} since. This rollback would undo that plan; nothing was changed."
        )


def _plan_of(deployment: dict[str, Any]) -> str | None:
    annotations: dict[str, str] = deployment["metadata"].get("annotations") or {}
    return annotations.get(PLAN_ANNOTATION)
