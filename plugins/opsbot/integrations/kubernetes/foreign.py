"""What a foreign applier may be given: new objects and its own, and no secret.

Such an applier forces: it would take the fields of whoever has them, OPS Bot's too, and say
nothing. So it gets no object on which anybody else owns a field. What looks like a secret is not
told to a foreign server at all.
"""

from collections.abc import Iterable

from opsbot.integrations.kubernetes import objects, owners
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.objects import Json
from opsbot.vocabulary.errors import Refused
from opsbot.vocabulary.redaction import redact_value

_REMEDY = "Nothing was changed; take the pin out of the pattern, and OPS Bot applies it itself."


def require(cluster: Cluster, manifests: Iterable[Json]) -> None:
    """Refuse what the manager in whose name the cluster is spoken to may not apply."""
    for each in manifests:
        _refuse_secret(each)
        _refuse_shared(cluster, each)


def _refuse_secret(manifest: Json) -> None:
    if manifest["kind"] == "Secret" or redact_value(manifest) != manifest:
        raise Refused(
            f"{objects.title(manifest)} holds something secret, or something that looks like it, "
            f"and a foreign server is told none. {_REMEDY}"
        )


def _refuse_shared(cluster: Cluster, manifest: Json) -> None:
    namespace, name = objects.namespace_of(manifest), objects.name_of(manifest)
    live = cluster.find(manifest["kind"], namespace, name)
    if live is None:
        return
    if whose := _strangers(live, manifest, cluster.manager):
        raise Refused(
            f"{objects.title(manifest)} in {namespace!r} has fields of {' and '.join(whose)}, and "
            f"an apply by {cluster.manager!r} would take them by force. {_REMEDY}"
        )


def _strangers(live: Json, manifest: Json, manager: str) -> tuple[str, ...]:
    """Name who else owns fields of an object."""
    if others := sorted({each.words for each in owners.others(live, manager)}):
        return tuple(others)
    own = owners.ours(live, manager)
    if not own:
        return ("somebody who is not named",)
    # What was scaled to 0 through `/scale` has no owner of its replicas any more.
    states_replicas = manifest["kind"] == "Deployment" and "replicas" in manifest["spec"]
    scaled_to_0 = states_replicas and owners.REPLICAS not in own
    return ("somebody who scaled it to 0",) if scaled_to_0 else ()
