"""What the pods of a release refer to, and whether it will be there for them.

A pod that refers to a ConfigMap or Secret that is not there never starts, and one that mounts it
does not even say why. Whoever keeps such an object may still bring it before the deploy, so this
is told and stops nothing; a rollout that then hangs is rolled back.
"""

from opsbot.integrations.kubernetes import objects
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.objects import Json
from opsbot.integrations.kubernetes.wanted import Wanted
from opsbot.planning import pod_references


def missing(cluster: Cluster, wanted: Wanted, deployment: Json) -> tuple[str, ...]:
    """Say which objects the pods of a Deployment will miss."""
    own = {(each["kind"], objects.name_of(each)) for each in wanted.manifests}
    namespace = objects.namespace_of(deployment)
    absent = [
        each
        for each in pod_references.of_template(deployment["spec"]["template"])
        if not each.optional
        and (each.kind, each.name) not in own
        and cluster.find(each.kind, namespace, each.name) is None
    ]
    return tuple(
        f"MISSING: {each.kind} {each.name!r} is neither in the release nor in {namespace!r}. Pods "
        "that refer to it do not start until somebody has made it."
        for each in absent
    )
