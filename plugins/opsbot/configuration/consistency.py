"""What must fit together between the organisation's files.

Each file can be right alone and wrong with the others: an alias that is another application's
name would deploy the wrong thing, a policy for an environment that is spelt differently would
protect nothing. Such mistakes are found when the files are read, not when something is deployed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rapidfuzz import process

from opsbot.configuration import yaml_file
from opsbot.vocabulary.organisation import Application, Organisation, Workload


@dataclass(frozen=True)
class Files:
    """The documents behind an organisation, for the lines in error messages."""

    applications: yaml_file.Document
    environments: yaml_file.Document
    policies: yaml_file.Document


def check(organisation: Organisation, files: Files) -> None:
    """Raise `ConfigurationError` for the first thing that does not fit."""
    taken: dict[str, str] = {}
    for n, application in enumerate(organisation.applications):
        words = (application.name, *application.aliases)
        _claim(taken, words, files.applications, ("applications", n), application.name)
    for n, environment in enumerate(organisation.environments):
        words = (environment.name, *environment.aliases)
        _claim(taken, words, files.environments, ("environments", n), environment.name)
    _check_default(organisation, files.applications)
    _check_policies(organisation, files.policies)
    for n, application in enumerate(organisation.applications):
        _check_workload(application, files.applications, ("applications", n, "workload"))


def spoken(word: str) -> str:
    """Return a name as people say it: case, spaces and hyphens make no other name."""
    return "".join(each for each in word.lower() if each.isalnum())


def _claim(
    taken: dict[str, str],
    words: tuple[str, ...],
    document: yaml_file.Document,
    location: yaml_file.Location,
    owner: str,
) -> None:
    """Note the words of one owner; a word of somebody else is an error."""
    for n, word in enumerate(words):
        place = (*location, "name") if n == 0 else (*location, "aliases", n - 1)
        sound = spoken(word)
        if not sound:
            document.fail(place, f"{word!r} is no name.", "Use letters and digits.")
        if n == 0 and sound in taken:
            document.fail(place, f"The name {word!r} is taken.", "Give each a name of its own.")
        if taken.get(sound, owner) != owner:
            problem = f"The alias {word!r} of {owner!r} also means {taken[sound]!r}."
            document.fail(place, problem, "Remove it from one of them.")
        taken[sound] = owner


def _check_default(organisation: Organisation, document: yaml_file.Document) -> None:
    names = [each.name for each in organisation.applications]
    if organisation.default_application not in names:
        document.fail(
            ("default_application",),
            f"The default application {organisation.default_application!r} does not exist.",
            _did_you_mean(organisation.default_application, names),
        )


def _check_policies(organisation: Organisation, document: yaml_file.Document) -> None:
    names = [each.name for each in organisation.environments]
    for name in organisation.policies.environments:
        if name not in names:
            document.fail(
                ("environments", name),
                f"There is no environment {name!r}.",
                _did_you_mean(name, names),
            )
    replicas = organisation.policies.replicas
    if replicas.minimum > replicas.maximum:
        document.fail(("replicas",), "The minimum is above the maximum.", "Exchange them.")


def _check_workload(
    application: Application, document: yaml_file.Document, location: yaml_file.Location
) -> None:
    workload = application.workload
    for key, kind, name in (
        ("deployment", "Deployment", workload.deployment),
        ("service", "Service", workload.service),
    ):
        found = _names(workload, kind)
        if name not in found:
            document.fail(
                (*location, key),
                f"The manifests of {application.name!r} hold no {kind} {name!r}.",
                _did_you_mean(name, found),
            )
    containers = _containers(workload)
    if workload.container not in containers:
        document.fail(
            (*location, "container"),
            f"The Deployment {workload.deployment!r} has no container {workload.container!r}.",
            _did_you_mean(workload.container, containers),
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


def _did_you_mean(word: str, known: Iterable[str]) -> str:
    names = list(known)
    close = process.extractOne(word, names, score_cutoff=60)
    if close:
        return f"Did you mean {close[0]!r}?"
    return f"Known: {', '.join(names)}." if names else "Add it."
