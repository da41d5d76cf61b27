"""Who keeps an object: the program that would set its own values again after ours.

A person with kubectl changes an object once. Helm, Argo CD, Flux and operators hold a declaration
of their own and return to it: at the next `helm upgrade`, or within minutes. They leave marks, each
its own ones; a copied label is a mark too, for to be wrong about it costs a question, and to be
wrong the other way costs a fight of two programs over one Deployment.
"""

from collections.abc import Iterator
from typing import Any

from opsbot.integrations.kubernetes import owners
from opsbot.integrations.kubernetes.objects import Json
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.words import Keeper

_LABELS = {
    "app.kubernetes.io/managed-by": {"helm": Keeper.HELM},
    "argocd.argoproj.io/instance": {"": Keeper.ARGOCD},
    "kustomize.toolkit.fluxcd.io/name": {"": Keeper.FLUX},
    "helm.toolkit.fluxcd.io/name": {"": Keeper.FLUX},
}
"""By label, the values that are marks, in lower case; an empty one stands for every value."""
_ANNOTATIONS = {
    "meta.helm.sh/release-name": Keeper.HELM,
    "argocd.argoproj.io/tracking-id": Keeper.ARGOCD,
}
_MANAGERS = {
    "helm": Keeper.HELM,
    "argocd": Keeper.ARGOCD,
    "argocd-controller": Keeper.ARGOCD,
    "argocd-application-controller": Keeper.ARGOCD,
    "argocd-server": Keeper.ARGOCD,
    "kustomize-controller": Keeper.FLUX,
    "helm-controller": Keeper.FLUX,
}


class Mark(Value):
    """What shows that somebody keeps an object."""

    keeper: Keeper
    evidence: str


def of(live: Json) -> tuple[Mark, ...]:
    """Return who keeps a live object, each keeper once with the first mark it left."""
    first: dict[Keeper, Mark] = {}
    for mark in _marks(live):
        first.setdefault(mark.keeper, mark)
    return tuple(first.values())


def _marks(live: Json) -> Iterator[Mark]:
    metadata = live["metadata"]
    labels, annotations = _texts(metadata.get("labels")), _texts(metadata.get("annotations"))
    for name, keeper in _ANNOTATIONS.items():
        if name in annotations:
            yield Mark(keeper=keeper, evidence=f"annotation {name}: {annotations[name]!r}")
    for name, values in _LABELS.items():
        found = values.get(labels.get(name, "").lower(), values.get(""))
        if name in labels and found:
            yield Mark(keeper=found, evidence=f"label {name}: {labels[name]!r}")
    for each in owners.of(live):
        if keeper_of := _MANAGERS.get(each.manager):
            yield Mark(keeper=keeper_of, evidence=f"field manager {each.manager!r}")
    yield from _controllers(metadata.get("ownerReferences"))


def _controllers(references: Any) -> Iterator[Mark]:
    for each in references if isinstance(references, list) else ():
        if isinstance(each, dict) and each.get("controller"):
            named = f"{each.get('kind')} {each.get('name')!r}"
            yield Mark(keeper=Keeper.OPERATOR, evidence=f"its controller is {named}")


def _texts(value: Any) -> dict[str, str]:
    return {key: str(each) for key, each in value.items()} if isinstance(value, dict) else {}
