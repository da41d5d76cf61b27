"""What a command's parameters mean for its plan: which sources, which image tag, how many pods.

Understanding has already asked about what it doubted. Here is the second lock: whoever fills an
intent, nothing gets into a plan that git, the registry or the policies would not take.
"""

import re

from opsbot.understanding.answer import Intent
from opsbot.vocabulary import backup_name
from opsbot.vocabulary.backup_name import BackupName
from opsbot.vocabulary.errors import PlanningError, Refused
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.organisation import (
    Application,
    Environment,
    EnvironmentPolicy,
    Organisation,
    ReplicaRange,
)
from opsbot.vocabulary.redaction import redact
from opsbot.vocabulary.words import Action

_GIT_REFERENCE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._/+@#-]{0,199}")
_IMAGE_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")
_MOVING_WORDS = frozenset(
    {"latest", "stable", "edge", "nightly", "snapshot", "current", "newest", "head", "main"}
    | {"master", "develop", "dev", "canary", "next", "lts", "beta", "alpha", "x"}
)


class Parameters(Value):
    """A command's parameters with the organisation's defaults filled in."""

    version: str
    """Without a leading `v`."""
    branch: str
    """What Jenkins checks out: a commit, a branch or `refs/tags/<version>`."""
    tag: str | None
    """Image tag; None where no environment is touched."""
    replicas: int
    release: str
    """What a rollback goes back to: `revision 4`, `version 1.2.0`, `backup NAME` or `previous`."""
    release_tag: str
    """Image tag of that version; empty where a rollback names none."""
    source_tags: tuple[str, ...]
    """Image tags that a promotion may come from: the named environment's, or all others'."""


def read(
    intent: Intent,
    application: Application,
    environment: Environment | None,
    policy: EnvironmentPolicy,
    organisation: Organisation,
) -> Parameters:
    """Read an intent's parameters; what no plan may contain is a `PlanningError`."""
    _refuse_secrets(intent)
    version = str(intent.parameters.get("version", application.version))
    if not policy.moving_versions:
        _refuse_moving(version, intent.environment)
    bare = version.removeprefix("v")
    return Parameters(
        version=bare,
        branch=_sources(intent, application),
        tag=_image_tag(bare, environment) if environment else None,
        replicas=_replicas(intent, application, organisation.policies.replicas),
        release=_release(intent, application, environment),
        release_tag=_image_tag(bare, environment)
        if environment and "version" in intent.parameters
        else "",
        source_tags=_source_tags(intent, bare, environment, organisation.environments),
    )


def is_moving(version: str) -> bool:
    """Tell whether a version names something else tomorrow: `latest`, `1.x`, `nightly`."""
    words = re.split(r"[^a-z0-9*]+", version.lower())
    return not re.search(r"\d", version) or any("*" in w or w in _MOVING_WORDS for w in words)


def _refuse_secrets(intent: Intent) -> None:
    """Raise if a parameter looks like a secret: a plan is shown to many, and kept."""
    for name, value in intent.parameters.items():
        if redact(str(value)) != str(value):
            raise PlanningError(
                f"The {name} looks like a secret, which no plan may hold. Name the {name}, and "
                "replace the secret by a new one: whoever reads commands has seen it."
            )


def _refuse_moving(version: str, environment: str | None) -> None:
    """Raise if what is approved today could be something else tomorrow."""
    if is_moving(version):
        raise PlanningError(
            f"Version {version!r} moves: it may be another image tomorrow, so it is not planned "
            f"for {environment}. Name an exact version, such as 1.4.2."
        )


def _sources(intent: Intent, application: Application) -> str:
    """Return what to check out; the most exact thing that the command names wins."""
    named = intent.parameters
    if "commit" in named:
        reference = str(named["commit"])
    elif "branch" in named:
        reference = str(named["branch"])
    elif "version" in named:
        reference = _git_tag(str(named["version"]), application)
    elif intent.action is Action.PROMOTE:
        reference = _git_tag(application.version, application)
    else:
        reference = application.branch
    if not _GIT_REFERENCE.fullmatch(reference) or ".." in reference or "@{" in reference:
        raise PlanningError(
            f"{reference!r} is no git reference that is safe to hand to a build. "
            "Name a branch, a commit or a version."
        )
    return reference


def _git_tag(version: str, application: Application) -> str:
    """Return the git tag of a version."""
    if application.tag_prefix is None:
        return f"refs/tags/{version}"
    return f"refs/tags/{application.tag_prefix}{version.removeprefix('v')}"


def _image_tag(version: str, environment: Environment) -> str:
    """Return the tag of the version's image for an environment: `v1.0.0-prod`."""
    tag = f"v{version}-{environment.tag_suffix}"
    if not _IMAGE_TAG.fullmatch(tag):
        raise PlanningError(
            f"{tag!r} is no image tag: a tag has at most 128 letters, digits, dots, dashes and "
            f"underscores. Name another version than {version!r}."
        )
    return tag


def _source_tags(
    intent: Intent, version: str, environment: Environment | None, known: tuple[Environment, ...]
) -> tuple[str, ...]:
    """Return the tags under which the version may be found elsewhere."""
    named = intent.parameters.get("from")
    others = [each for each in known if environment is None or each.name != environment.name]
    sources = [each for each in others if named in (None, each.name)]
    if intent.action is Action.PROMOTE and not sources:
        names = ", ".join(each.name for each in others)
        raise PlanningError(
            f"Nothing can be promoted to {intent.environment} from {named!r}. Name one of: {names}."
        )
    return tuple(_image_tag(version, each) for each in sources)


def _replicas(intent: Intent, application: Application, range_: ReplicaRange) -> int:
    """Return the replicas asked for, or those the application always has."""
    asked = intent.parameters.get("replicas")
    if asked is None:
        if intent.action is Action.SCALE:
            raise PlanningError("Scaling needs a number. Say how many replicas should run.")
        return application.workload.replicas
    if not isinstance(asked, int) or not range_.minimum <= asked <= range_.maximum:
        raise PlanningError(
            f"{asked!r} replicas are outside the policy. "
            f"Ask for {range_.minimum} to {range_.maximum}."
        )
    return asked


def _release(intent: Intent, application: Application, environment: Environment | None) -> str:
    """Say what a rollback goes back to."""
    if "backup" in intent.parameters and environment:
        return f"backup {_backup(str(intent.parameters['backup']), application, environment)}"
    for name in ("revision", "version"):
        if name in intent.parameters:
            return f"{name} {intent.parameters[name]}"
    return "previous"


def _backup(said: str, application: Application, environment: Environment) -> BackupName:
    """Return the whole name of a backup; it must be one of this application's, taken here."""
    place = f"{application.name}/{environment.name}"
    try:
        name = backup_name.parse(said if "/" in said else f"{place}/{said}")
    except Refused as error:
        raise PlanningError(str(error)) from None
    if f"{name.application}/{name.environment}" != place:
        raise PlanningError(
            f"The backup {name} is of {name.application} in {name.environment}, and {place} cannot "
            "be made of it. Name a backup of the same application and environment."
        )
    return name
