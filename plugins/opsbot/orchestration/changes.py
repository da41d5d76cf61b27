"""What a plan would make of its release, tool by tool.

Preview, backup and change ask here, so they mean the same objects. A tool that changes a release
has one line in the table; all the rest of its road (approval, backup, rollout watch, way back) is
the same for all of them.
"""

from collections.abc import Callable, Mapping
from typing import Any

from opsbot.capabilities.kubernetes.apply_deployment import ApplyDeployment
from opsbot.capabilities.kubernetes.change import Change
from opsbot.capabilities.kubernetes.restart_deployment import RestartDeployment
from opsbot.capabilities.kubernetes.restore_release import RestoreRelease
from opsbot.capabilities.kubernetes.rollback_deployment import RollbackDeployment
from opsbot.capabilities.kubernetes.scale_deployment import ScaleDeployment
from opsbot.integrations.kubernetes import (
    foreign,
    release,
    restart_deployment,
    restore_release,
    rollback_deployment,
    scale_deployment,
)
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.objects import Json
from opsbot.integrations.kubernetes.wanted import Wanted, leave_replicas
from opsbot.orchestration import archiving, configured
from opsbot.planning.plan import Plan, Step
from opsbot.vocabulary.errors import Refused
from opsbot.vocabulary.words import Keeper

PLAN_ANNOTATION = "opsbot/plan-id"

Image = Mapping[str, Any]
"""A verified image: `reference` by digest, and `digest`."""


def wanted(cluster: Cluster, plan: Plan, image: Image | None) -> Wanted:
    """Return the objects that a plan's change would make."""
    change = change_of(plan)
    found = _WANTED[change.capability](cluster, plan, image)
    if change.mcp is not None:
        foreign.require(cluster, found.manifests)
    return found


def change_of(plan: Plan) -> Step:
    """Return the step that changes the release; `Refused` if the plan has none."""
    if plan.change is None or plan.change.capability not in _WANTED:
        raise Refused(f"Plan {plan.plan_id!r} has no step that changes a release.")
    return plan.change


def params_of(step: Step) -> Change:
    """Return what every change knows of its release."""
    shared = {key: value for key, value in step.arguments.items() if key in Change.model_fields}
    return Change.model_validate(shared)


def _applied(cluster: Cluster, plan: Plan, image: Image | None) -> Wanted:
    """Return the organisation's manifests for the verified image, by digest."""
    if not image:
        raise Refused("No verified image is on record; run the plan from its start again.")
    params = ApplyDeployment.model_validate(change_of(plan).arguments)
    workload = configured.organisation().application(plan.intent.application).workload
    workload = workload.placed(plan.intent.environment)
    annotations = {**_annotations(plan), release.IMAGE_TAG: params.image.rpartition(":")[2]}
    manifests = release.render(
        workload, params, reference=str(image["reference"]), annotations=annotations
    )
    live = cluster.find("Deployment", params.namespace, params.deployment_name)
    manifests, left = _with_left_replicas(manifests, live, plan)
    return Wanted(
        manifests=manifests,
        may_adopt=_may_adopt(plan, params),
        added=release.additions(workload, params),
        left=left,
    )


def _with_left_replicas(
    manifests: tuple[Json, ...], live: Json | None, plan: Plan
) -> tuple[tuple[Json, ...], tuple[str, ...]]:
    """Leave replicas to who decides them, unless the command itself names a number.

    That number stands, so that somebody else's is a conflict with a name.
    """
    if "replicas" in plan.intent.parameters:
        return manifests, ()
    found = [leave_replicas(each, live) for each in manifests]
    return tuple(each for each, _ in found), tuple(words for _, left in found for words in left)


def _may_adopt(plan: Plan, params: ApplyDeployment) -> tuple[Keeper, ...]:
    """Return whose objects may be taken over: a person who approves sees what kubectl made."""
    asked = (Keeper.KUBECTL,) if plan.approval.required else ()
    return tuple(dict.fromkeys((*params.adopt_from, *asked)))


def _restarted(cluster: Cluster, plan: Plan, image: Image | None) -> Wanted:
    params = RestartDeployment.model_validate(change_of(plan).arguments)
    return restart_deployment.plan(cluster, params, _annotations(plan), plan.plan_id)


def _scaled(cluster: Cluster, plan: Plan, image: Image | None) -> Wanted:
    params = ScaleDeployment.model_validate(change_of(plan).arguments)
    return scale_deployment.plan(cluster, params, _annotations(plan))


def _rolled_back(cluster: Cluster, plan: Plan, image: Image | None) -> Wanted:
    params = RollbackDeployment.model_validate(change_of(plan).arguments)
    kind, _, name = params.release.partition(" ")
    if kind == "backup":
        saved = archiving.named(plan, name)
        return restore_release.plan(cluster, params, _annotations(plan), saved)
    return rollback_deployment.plan(cluster, params, _annotations(plan))


def _restored(cluster: Cluster, plan: Plan, image: Image | None) -> Wanted:
    params = RestoreRelease.model_validate(change_of(plan).arguments)
    saved = archiving.named(plan, params.backup)
    return restore_release.plan(cluster, params, _annotations(plan), saved)


def _annotations(plan: Plan) -> dict[str, str]:
    """Mark the Deployment, not its pods: a new plan alone starts no new pods."""
    return {PLAN_ANNOTATION: plan.plan_id}


_WANTED: Mapping[str, Callable[[Cluster, Plan, Image | None], Wanted]] = {
    "apply_deployment": _applied,
    "restart_deployment": _restarted,
    "scale_deployment": _scaled,
    "rollback_deployment": _rolled_back,
    "restore_release": _restored,
}


def refuse_another_plans(cluster: Cluster, saved: dict[str, Any], plan_id: str) -> None:
    """Refuse to roll back what a later plan has deployed.

    `saved` is the Deployment before this plan. A check that is cleared and fails days later must
    not bring a version back that others have replaced since.
    """
    metadata = saved["metadata"]
    live = cluster.find("Deployment", metadata["namespace"], metadata["name"])
    if live is None:
        return
    owner = plan_of(live)
    if owner not in (plan_id, plan_of(saved)):
        raise Refused(
            f"Deployment {metadata['name']!r} in {metadata['namespace']!r} was deployed by plan "
            f"{owner!r} since. This rollback would undo that plan; nothing was changed."
        )


def plan_of(deployment: dict[str, Any]) -> str | None:
    """Return the id of the plan that a Deployment was made by."""
    annotations: dict[str, str] = deployment["metadata"].get("annotations") or {}
    return annotations.get(PLAN_ANNOTATION)
