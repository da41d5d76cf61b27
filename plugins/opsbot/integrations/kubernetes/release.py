"""The release: the organisation's manifests, made ready for one image in one namespace.

What a plan decides is set here and nowhere else: namespace, image by digest, replicas, strategy
and deadline. All the rest stays as the organisation keeps it.
"""

from collections.abc import Iterable

from opsbot.capabilities.kubernetes.apply_deployment import ApplyDeployment
from opsbot.integrations.kubernetes import objects
from opsbot.integrations.kubernetes.objects import Json
from opsbot.planning import release_manifests
from opsbot.vocabulary.errors import Refused
from opsbot.vocabulary.organisation import Workload

Manifest = Json

IMAGE_TAG = "opsbot/image-tag"
"""Annotation that tells people, and a later rollback, which tag a version was deployed under."""

RELEASE_OF = "opsbot/release-of"
"""Annotation that names the Deployment to which an object belongs. It stays OPS Bot's own whatever
others edit, so that an object which was deployed once is never taken for a stranger's."""


def render(
    workload: Workload,
    params: ApplyDeployment,
    *,
    reference: str,
    annotations: dict[str, str],
) -> tuple[Manifest, ...]:
    """Return the objects to apply, in the order of applying.

    `reference` is the image by digest. The annotations stand on the Deployment, not on its pods:
    a new plan for the same image starts no new pods.
    """
    _refuse_other_manifests(workload, params)
    if "@sha256:" not in reference:
        raise Refused(f"The image {reference!r} is not named by its digest. Verify it first.")
    placed = [_placed(each, params) for each in workload.manifests]
    deployment = _only_deployment(placed, params)
    rendered = _deployment(deployment, params, reference, annotations)
    others = [each for each in placed if each is not deployment]
    return objects.in_order([*others, rendered])


def additions(workload: Workload, params: ApplyDeployment) -> tuple[str, ...]:
    """Say what a policy adds to the manifests that can be rendered."""
    containers = deployment_of(workload.manifests)["spec"]["template"]["spec"]["containers"]
    own = next(each for each in containers if each["name"] == params.container)
    if not _lacks_pre_stop(own, params):
        return ()
    return (
        f"Added by policy: container {params.container!r} sleeps {params.pre_stop_seconds} s "
        "before it stops (its manifest has no preStop).",
    )


def deployment_of(rendered: Iterable[Manifest]) -> Manifest:
    """Return the one Deployment of a rendered release."""
    return next(each for each in rendered if each["kind"] == "Deployment")


def _refuse_other_manifests(workload: Workload, params: ApplyDeployment) -> None:
    if release_manifests.sha256(workload) != params.manifests_sha256:
        raise Refused(
            f"The manifests of {params.deployment_name!r} are not those the plan was made from. "
            "Ask for a new plan."
        )


def _placed(manifest: Manifest, params: ApplyDeployment) -> Manifest:
    """Put an object into the namespace; one that names another namespace is a mistake."""
    metadata, namespace = manifest["metadata"], params.namespace
    if metadata.get("namespace", namespace) != namespace:
        raise Refused(
            f"{manifest['kind']} {metadata.get('name')!r} names the namespace "
            f"{metadata['namespace']!r}, but the plan deploys to {namespace!r}. "
            "Leave the namespace out of the manifest."
        )
    mark = {RELEASE_OF: params.deployment_name}
    placed = {
        **metadata,
        "namespace": namespace,
        "annotations": {**(metadata.get("annotations") or {}), **mark},
    }
    return {**manifest, "metadata": placed}


def _only_deployment(placed: list[Manifest], params: ApplyDeployment) -> Manifest:
    names = [each["metadata"]["name"] for each in placed if each["kind"] == "Deployment"]
    if names != [params.deployment_name]:
        raise Refused(
            f"The manifests hold the Deployments {names}, but the plan deploys exactly "
            f"{params.deployment_name!r}. Correct the application's manifests."
        )
    return deployment_of(placed)


def _deployment(
    manifest: Manifest, params: ApplyDeployment, reference: str, annotations: dict[str, str]
) -> Manifest:
    metadata, spec = manifest["metadata"], manifest["spec"]
    template = spec["template"]
    containers = _with_image(template["spec"].get("containers", []), params, reference)
    return {
        **manifest,
        "metadata": {
            **metadata,
            "annotations": {**(metadata.get("annotations") or {}), **annotations},
        },
        "spec": {
            **spec,
            "replicas": params.replicas,
            "progressDeadlineSeconds": params.rollout_deadline,
            "strategy": _strategy(params),
            "template": {**template, "spec": {**template["spec"], "containers": containers}},
        },
    }


def _with_image(containers: list[Json], params: ApplyDeployment, reference: str) -> list[Json]:
    names = [each.get("name") for each in containers]
    if params.container not in names:
        raise Refused(
            f"Deployment {params.deployment_name!r} has no container {params.container!r} "
            f"(it has {names}). Correct the manifest or the application's container name."
        )
    return [
        _own_container(each, params, reference) if each["name"] == params.container else each
        for each in containers
    ]


def _own_container(container: Json, params: ApplyDeployment, reference: str) -> Json:
    """Set the image, and let the container serve on until endpoints have forgotten it."""
    if _lacks_pre_stop(container, params):
        sleep = {"sleep": {"seconds": params.pre_stop_seconds}}
        lifecycle = {**(container.get("lifecycle") or {}), "preStop": sleep}
        container = {**container, "lifecycle": lifecycle}
    return {**container, "image": reference}


def _lacks_pre_stop(container: Json, params: ApplyDeployment) -> bool:
    """Tell whether the policy's `preStop` is added to the application's container."""
    return bool(params.pre_stop_seconds) and "preStop" not in (container.get("lifecycle") or {})


def _strategy(params: ApplyDeployment) -> Json:
    return {
        "type": params.strategy,
        "rollingUpdate": {
            "maxUnavailable": params.max_unavailable,
            "maxSurge": params.max_surge,
        },
    }
