"""The organisation as its YAML describes it: applications, environments, policies.

These are the values; reading and checking the files is `opsbot.configuration`'s work. Manifests
are part of an application, because what will be applied must be known, and hashed, when the plan
is made.
"""

from typing import Annotated, Any

from pydantic import Field

from opsbot.vocabulary.model import Value
from opsbot.vocabulary.words import Action, Compliance, Keeper, Risk

Label = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]
"""A name that Kubernetes takes for a namespace, a service or a container (RFC 1123)."""
Subdomain = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$")]
"""A name that it takes for a Deployment."""
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9]([A-Za-z0-9_.-]{0,98}[A-Za-z0-9])?$")]
"""A name that can stand in the id of an Airflow DAG."""


class JenkinsJobs(Value):
    """Which Jenkins jobs build and test an application (full names, folders with `/`)."""

    build: str
    test: str


class SonarProject(Value):
    """Where SonarQube keeps an application's analyses."""

    project_key: str
    quality_gate: str


class ImageSource(Value):
    """How an application becomes a container image."""

    name: str
    """Repository in the registry, without host and tag: `myorg/my-application`."""
    dockerfile: str = "Dockerfile"
    build_args: dict[str, str] = Field(default_factory=dict)


def _identity(manifest: dict[str, Any]) -> tuple[str, str]:
    """Return the kind and the name of an object."""
    return str(manifest.get("kind")), str((manifest.get("metadata") or {}).get("name"))


RELEASE_KINDS = ("Secret", "ConfigMap", "Service", "Deployment")
"""What the objects of an application may be, in the order of applying: what pods need comes before
them."""


class Workload(Value):
    """The Kubernetes objects of an application and how it answers."""

    deployment: Subdomain
    service: Label
    container: Label
    replicas: int = Field(ge=1)
    health_path: str = "/health"
    manifests: tuple[dict[str, Any], ...] = Field(repr=False)
    """Deployment, Service, ... as the organisation keeps them; image, namespace and replicas are
    set by the deploy step."""
    variants: dict[str, tuple[dict[str, Any], ...]] = Field(default_factory=dict, repr=False)
    """By environment: objects that take the place of those of the same kind and name there."""

    def placed(self, environment: str | None) -> "Workload":
        """Return the workload as it is in one environment."""
        own = {_identity(each): each for each in self.variants.get(environment or "", ())}
        common = {_identity(each): each for each in self.manifests}
        manifests = tuple({**common, **own}.values())
        return self.model_copy(update={"manifests": manifests, "variants": {}})


class Application(Value):
    """A thing that can be deployed."""

    name: Name
    aliases: tuple[str, ...] = ()
    repository: str
    """`owner/name` at the source host."""
    branch: str = "main"
    version: str
    """The version a deployment gets when the command names none."""
    tag_prefix: str | None = Field(default=None, pattern=r"^[A-Za-z0-9._-]{0,40}$")
    """What stands before a version in the repository's git tags, such as `v`; none: the version
    is looked up as it was typed."""
    jenkins: JenkinsJobs
    sonarqube: SonarProject
    image: ImageSource
    workload: Workload


class Connections(Value):
    """Airflow connection ids, one for each system an environment uses."""

    jenkins: str = "opsbot_jenkins"
    sonarqube: str = "opsbot_sonarqube"
    docker: str = "opsbot_docker"
    kubernetes: str = "opsbot_kubernetes"
    slack: str = "opsbot_slack"
    backup: str = "opsbot_backup"
    """Holds the keys that backups are sealed with."""


class Environment(Value):
    """A place where applications run."""

    name: Name
    aliases: tuple[str, ...] = ()
    namespace: Label
    tag_suffix: str
    """Ends the image tag: `prod` makes `v1.0.0-prod`."""
    connections: Connections = Connections()


class ApprovalPolicy(Value):
    """When a person must agree, who may, and for how long their word holds."""

    actions: tuple[Action, ...] = ()
    approvers: tuple[str, ...] = ()
    """Airflow user ids that may answer; empty: everyone whom Airflow lets answer."""
    expires_after: int = Field(default=3600, ge=1)
    """Seconds until an unanswered request fails, and until a given approval is too old."""
    four_eyes: bool = False
    """Whether somebody other than the requester must approve."""


class EnvironmentPolicy(Value):
    """The rules of one environment."""

    approval: ApprovalPolicy = ApprovalPolicy()
    compliance: tuple[Compliance, ...] = ()
    highest_risk: Risk = Risk.HIGH
    """Risk of a step is at most this here: a development cluster harms nobody."""
    moving_versions: bool = True
    """Whether tags such as `latest` may be planned."""
    coverage_required: int = Field(default=0, ge=0, le=100)
    """Percent of lines that tests must cover."""
    block_severities: tuple[str, ...] = ("HIGH", "CRITICAL")
    restarts_before_abort: int = Field(default=3, ge=1)
    """Ends of one container that abort a rollout."""
    rollout_deadline: int = Field(default=300, ge=1)
    """Seconds a rollout may take without progress."""
    observe_seconds: int = Field(default=10, ge=0, le=3600)
    """Seconds that a change is watched on once it serves: requests, restarts, readiness."""
    adopt_from: tuple[Keeper, ...] = ()
    """Whose objects may be changed, and taken over at the first contact, without being OPS Bot's
    own. Where a person approves, `kubectl` goes without saying: the approval shows what is taken.
    """
    pre_stop_seconds: int = Field(default=0, ge=0, le=300)
    """Seconds that a pod goes on serving once it is to stop, where its manifest has no `preStop`:
    endpoints forget it a moment later, and requests of that moment would be cut. 0 adds nothing."""
    validate_after: bool = False
    """Whether a person must look at each change once its checks have passed; a rejection, or no
    answer before the approval's `expires_after`, restores the version before it."""
    backups_kept: int = Field(default=20, ge=1)
    """Backups of one application that are kept; the newest and those of open changes always are."""
    backups_max_days: int = Field(default=90, ge=1, le=36500)
    """Days after which an older one is removed, though there are fewer."""
    slack_channel: str = "#deployments"


class ReplicaRange(Value):
    """How many replicas a command may ask for."""

    minimum: int = Field(default=1, ge=0)
    maximum: int = Field(default=20, ge=1)


class Policies(Value):
    """The rules of the organisation."""

    replicas: ReplicaRange = ReplicaRange()
    environments: dict[str, EnvironmentPolicy] = Field(default_factory=dict)

    def of(self, environment: str | None) -> EnvironmentPolicy:
        """Return an environment's rules, `KeyError` if it has none; the mildest for no environment.

        Each environment must have rules (the configuration is checked for it): to go without
        would be to allow everything.
        """
        return EnvironmentPolicy() if environment is None else self.environments[environment]


class Organisation(Value):
    """Everything that planning must know about the organisation."""

    default_application: str
    applications: tuple[Application, ...]
    environments: tuple[Environment, ...]
    policies: Policies

    def application(self, name: str) -> Application:
        """Return the application of that exact name; `KeyError` if there is none."""
        return {each.name: each for each in self.applications}[name]

    def environment(self, name: str) -> Environment:
        """Return the environment of that exact name; `KeyError` if there is none."""
        return {each.name: each for each in self.environments}[name]
