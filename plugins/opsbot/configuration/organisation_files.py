"""The three files that describe an organisation, read as one value.

applications.yaml says what there is, environments.yaml where it runs, policies.yaml under which
rules. An application's `workload.manifests` names a folder; its objects become part of the
application, because what will be applied must be known when the plan is made. A folder inside it
that bears an environment's name holds objects that differ there.
"""

import pathlib
from typing import Any

from pydantic import Field

from opsbot.configuration import checked_model, consistency, yaml_file
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.organisation import Application, Environment, Organisation, Policies


class _Applications(Value):
    default_application: str
    applications: tuple[Application, ...] = Field(min_length=1)


class _Environments(Value):
    environments: tuple[Environment, ...] = Field(min_length=1)


def read_organisation(include: pathlib.Path) -> Organisation:
    """Read and cross-check the organisation of an include folder."""
    applications_file = yaml_file.read(include / "applications.yaml")
    environments_file = yaml_file.read(include / "environments.yaml")
    policies_file = yaml_file.read(include / "policies.yaml")
    filled = _with_manifests(applications_file, include)
    applications = checked_model.validate(filled, _Applications)
    organisation = Organisation(
        default_application=applications.default_application,
        applications=applications.applications,
        environments=checked_model.validate(environments_file, _Environments).environments,
        policies=checked_model.validate(policies_file, Policies),
    )
    consistency.check(
        organisation, consistency.Files(applications_file, environments_file, policies_file)
    )
    return organisation


def _with_manifests(document: yaml_file.Document, include: pathlib.Path) -> yaml_file.Document:
    """Return the document with each manifest folder's name replaced by its objects."""
    value = document.value
    if not isinstance(value, dict) or not isinstance(listed := value.get("applications"), list):
        return document
    filled = [_filled(document, n, each, include) for n, each in enumerate(listed)]
    return yaml_file.Document(
        file=document.file, value={**value, "applications": filled}, lines=document.lines
    )


def _filled(
    document: yaml_file.Document, number: int, application: Any, include: pathlib.Path
) -> Any:
    if not isinstance(application, dict):
        return application
    workload = application.get("workload")
    if not isinstance(workload, dict) or (folder := workload.get("manifests")) is None:
        return application
    location: yaml_file.Location = ("applications", number, "workload", "manifests")
    if not isinstance(folder, str) or not _inside(include, folder):
        document.fail(
            location,
            f"{folder!r} is not a folder under include/.",
            "Name one, for example manifests/my-application.",
        )
    objects = _objects(document, location, include / folder)
    variants = {
        each.name: _objects(document, location, each)
        for each in sorted((include / folder).iterdir())
        if each.is_dir()
    }
    read = {**workload, "manifests": objects, "variants": variants}
    return {**application, "workload": read}


def _objects(
    document: yaml_file.Document, location: yaml_file.Location, folder: pathlib.Path
) -> list[Any]:
    return [each for path in _files(document, location, folder) for each in path]


def _inside(include: pathlib.Path, folder: str) -> bool:
    return (include / folder).resolve().is_relative_to(include.resolve())


def _files(
    document: yaml_file.Document, location: yaml_file.Location, folder: pathlib.Path
) -> list[list[Any]]:
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        document.fail(
            location, f"The folder {folder} holds no *.yaml file.", "Put the manifests there."
        )
    return [[_object(each) for each in yaml_file.read_all(path)] for path in paths]


def _object(document: yaml_file.Document) -> dict[str, Any]:
    value = document.value
    if not isinstance(value, dict) or not value.get("kind"):
        document.fail((), "This is not a Kubernetes object.", "Give it apiVersion, kind, metadata.")
    return dict(value)
