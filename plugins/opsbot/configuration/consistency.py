"""What must fit together between the organisation's files.

Each file can be right alone and wrong with the others: an alias that is another application's
name would deploy the wrong thing, a policy for an environment that is spelt differently would
protect nothing. Such mistakes are found when the files are read, not when something is deployed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from opsbot.configuration import suggestion, yaml_file
from opsbot.vocabulary.organisation import Application, Environment, Organisation, Workload


@dataclass(frozen=True)
class Files:
    """The documents behind an organisation, for the lines in error messages."""

    applications: yaml_file.Document
    environments: yaml_file.Document
    policies: yaml_file.Document


def check(organisation: Organisation, files: Files) -> None:
    """Raise `ConfigurationError` for the first thing that does not fit."""
    _check_words(organisation, files)
    _check_default(organisation, files.applications)
    _check_policies(organisation, files.policies)
    for n, application in enumerate(organisation.applications):
        _check_workload(
            organisation, application, files.applications, ("applications", n, "workload")
        )


def _check_words(organisation: Organisation, files: Files) -> None:
    """Let names claim their words first, so that a colliding alias is what is reported."""
    taken: dict[str, str] = {}
    groups: tuple[tuple[yaml_file.Document, str, Sequence[Application | Environment]], ...] = (
        (files.environments, "environments", organisation.environments),
        (files.applications, "applications", organisation.applications),
    )
    for document, key, owners in groups:
        for n, owner in enumerate(owners):
            _claim_name(taken, owner.name, document, (key, n, "name"))
    for document, key, owners in groups:
        for n, owner in enumerate(owners):
            for m, alias in enumerate(owner.aliases):
                _claim_alias(taken, alias, owner.name, document, (key, n, "aliases", m))


def spoken(word: str) -> str:
    """Return a name as people say it: case, spaces and hyphens make no other name."""
    return "".join(each for each in word.lower() if each.isalnum())


def _claim_name(
    taken: dict[str, str], name: str, document: yaml_file.Document, place: yaml_file.Location
) -> None:
    sound = spoken(name)
    if not sound:
        document.fail(place, f"{name!r} is no name.", "Use letters and digits.")
    if sound in taken:
        document.fail(place, f"The name {name!r} is taken.", "Give each a name of its own.")
    taken[sound] = name


def _claim_alias(
    taken: dict[str, str],
    alias: str,
    owner: str,
    document: yaml_file.Document,
    place: yaml_file.Location,
) -> None:
    sound = spoken(alias)
    if not sound:
        document.fail(place, f"{alias!r} is no name.", "Use letters and digits.")
    if taken.get(sound, owner) != owner:
        problem = f"The alias {alias!r} of {owner!r} also means {taken[sound]!r}."
        document.fail(place, problem, "Remove it from one of them.")
    taken[sound] = owner


def _check_default(organisation: Organisation, document: yaml_file.Document) -> None:
    names = [each.name for each in organisation.applications]
    if organisation.default_application not in names:
        document.fail(
            ("default_application",),
            f"The default application {organisation.default_application!r} does not exist.",
            suggestion.did_you_mean(organisation.default_application, names),
        )


def _check_policies(organisation: Organisation, document: yaml_file.Document) -> None:
    names = [each.name for each in organisation.environments]
    for name in organisation.policies.environments:
        if name not in names:
            document.fail(
                ("environments", name),
                f"There is no environment {name!r}.",
                suggestion.did_you_mean(name, names),
            )
    for name in names:
        if name not in organisation.policies.environments:
            document.fail(
                ("environments",),
                f"The environment {name!r} has no policy, so nothing would be asked or required.",
                f"Add {name!r} under `environments`, as restrictive as it must be.",
            )
    replicas = organisation.policies.replicas
    if replicas.minimum > replicas.maximum:
        document.fail(("replicas",), "The minimum is above the maximum.", "Exchange them.")


def _check_workload(
    organisation: Organisation,
    application: Application,
    document: yaml_file.Document,
    location: yaml_file.Location,
) -> None:
    _check_variants(organisation, application, document, location)
    for environment in (None, *application.workload.variants):
        _check_objects(application, application.workload.placed(environment), document, location)


def _check_variants(
    organisation: Organisation,
    application: Application,
    document: yaml_file.Document,
    location: yaml_file.Location,
) -> None:
    names = [each.name for each in organisation.environments]
    for folder in application.workload.variants:
        if folder not in names:
            document.fail(
                (*location, "manifests"),
                f"The manifests of {application.name!r} have a folder {folder!r}, which is no "
                "environment.",
                suggestion.did_you_mean(folder, names),
            )


def _check_objects(
    application: Application,
    workload: Workload,
    document: yaml_file.Document,
    location: yaml_file.Location,
) -> None:
    for key, kind, name in (
        ("deployment", "Deployment", workload.deployment),
        ("service", "Service", workload.service),
    ):
        found = _names(workload, kind)
        if name not in found:
            document.fail(
                (*location, key),
                f"The manifests of {application.name!r} hold no {kind} {name!r}.",
                suggestion.did_you_mean(name, found),
            )
    containers = _containers(workload)
    if workload.container not in containers:
        document.fail(
            (*location, "container"),
            f"The Deployment {workload.deployment!r} has no container {workload.container!r}.",
            suggestion.did_you_mean(workload.container, containers),
        )


def _names(workload: Workload, kind: str) -> list[str]:
    of_kind = (each for each in workload.manifests if each.get("kind") == kind)
    return [str(_inner(each, "metadata", "name")) for each in of_kind]


def _containers(workload: Workload) -> list[str]:
    for each in workload.manifests:
        named = _inner(each, "metadata", "name") == workload.deployment
        if each.get("kind") == "Deployment" and named:
            containers = _inner(each, "spec", "template", "spec", "containers")
            listed = containers if isinstance(containers, list) else []
            return [str(_inner(one, "name")) for one in listed]
    return []


def _inner(value: Any, *keys: str) -> Any:
    """Return what lies under keys in a manifest that nobody has checked yet."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value
