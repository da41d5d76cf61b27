"""What applying a release would change, as an approval shows and binds it.

Every object is asked about before anything is done. Fields that belong to others stop the preview,
with their names and their owners; what may be taken over at the first contact is shown with its
owners, and is part of what is approved.
"""

from collections.abc import Sequence

from opsbot.integrations.kubernetes import (
    keepers,
    objects,
    outlook,
    pod_needs,
    preview_lines,
    rights,
)
from opsbot.integrations.kubernetes.adoption import Adoption
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.objects import Json
from opsbot.integrations.kubernetes.outlook import Outlook
from opsbot.integrations.kubernetes.wanted import Wanted, refuse_paused
from opsbot.verification import versions
from opsbot.vocabulary.canonical import sha256_of
from opsbot.vocabulary.errors import Refused, StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.words import Keeper

ABSENT = "absent"


class Preview(Value):
    """The change an approval is about."""

    text: str
    change_sha256: str
    """Of every change with its values, and of what is taken from whom; equal as long as nothing
    moves."""
    live_sha256: str
    """Of the live pod template, or `absent`."""
    first_deploy: bool
    adoptions: tuple[Adoption, ...] = ()
    """What would be taken over from others."""


def take(cluster: Cluster, namespace: str, wanted: Wanted) -> Preview:
    """Ask the API server what applying a release would change."""
    rights.require(cluster, namespace, rights.needed(wanted))
    live = cluster.find("Deployment", namespace, objects.name_of(wanted.deployment))
    if live is not None:
        rights.require(cluster, namespace, rights.of_pods(live))
    refuse_paused(live)
    found = [outlook.of(cluster, each, wanted) for each in wanted.manifests]
    for each in found:
        _refuse_kept(each, wanted.may_adopt)
        _refuse_adoption(each, wanted.may_adopt)
    _fail_for_conflicts(found)
    adoptions = tuple(each.adoption for each in found if each.adoption)
    after = next(each.after for each in found if each.manifest["kind"] == "Deployment")
    missing = pod_needs.missing(cluster, wanted, after)
    return Preview(
        text=preview_lines.write(found, (*missing, *wanted.added, *wanted.left)),
        change_sha256=sha256_of(
            {
                "changes": [[one.model_dump() for one in each.changes] for each in found],
                "adoptions": [each.model_dump(mode="json") for each in adoptions],
            }
        ),
        live_sha256=hash_of(live),
        first_deploy=live is None,
        adoptions=adoptions,
    )


def in_place(cluster: Cluster, wanted: Wanted) -> bool:
    """Tell whether the objects are as wanted already: applying them again would change nothing."""
    return not any(outlook.of(cluster, each, wanted).changes for each in wanted.manifests)


def hash_of(live: Json | None) -> str:
    """Hash the pod template of a live Deployment; `absent` where there is none."""
    return ABSENT if live is None else versions.template_sha256(live)


def _refuse_kept(seen: Outlook, may_adopt: Sequence[Keeper]) -> None:
    """Refuse to change what a program keeps that would change it back."""
    for mark in keepers.of(seen.live) if seen.live else ():
        if mark.keeper not in may_adopt:
            raise Refused(
                f"{seen.title} is kept by {mark.keeper.label} ({mark.evidence}), which would set "
                f"its own values again. Change it there, or add {mark.keeper.value!r} to "
                "`adopt_from` in this environment's policy. Nothing was changed."
            )


def _refuse_adoption(seen: Outlook, may_adopt: Sequence[Keeper]) -> None:
    """Refuse to take fields over where neither a person nor the policy agrees."""
    taken = seen.adoption
    if taken is None or not taken.changed or Keeper.KUBECTL in may_adopt:
        return
    fields = "; ".join(f"{each.field} belongs to {each.owner}" for each in taken.changed)
    raise Refused(
        f"{seen.title} was made by {' and '.join(taken.owners)} and never deployed by OPS Bot. To "
        f"deploy it, fields of others would have to be taken over: {fields}. Where a person "
        f"approves the deploy that is shown and done; here, add {Keeper.KUBECTL.value!r} to "
        "`adopt_from` in the environment's policy. Nothing was changed."
    )


def _fail_for_conflicts(found: Sequence[Outlook]) -> None:
    """Name every field that is in the way, its owner, and how it can come back to us."""
    lines = [line for each in found for line in preview_lines.conflicts(each)]
    if lines:
        raise StepFailed(
            "Fields that the release sets were changed by others since OPS Bot set them. Nothing "
            "was changed.\n" + "\n".join(lines)
        )
