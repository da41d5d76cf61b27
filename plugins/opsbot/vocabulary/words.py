"""The closed sets of the domain.

An action is what a person may ask for. Risk says how much harm a step can do when it goes wrong.
A server kind names a system that offers tools; a tool is always (server kind, name), since two
systems may use one name for different things (`get_service` is also PagerDuty's).
"""

from enum import StrEnum


class Action(StrEnum):
    """What one command may ask for."""

    DEPLOY = "deploy"
    ROLLBACK = "rollback"
    RESTART = "restart"
    SCALE = "scale"
    PROMOTE = "promote"
    BUILD = "build"
    TEST = "test"
    SCAN = "scan"
    STATUS = "status"
    DIAGNOSE = "diagnose"


CHANGING_ACTIONS = frozenset(
    {Action.DEPLOY, Action.ROLLBACK, Action.RESTART, Action.SCALE, Action.PROMOTE}
)
"""Actions that change what runs in an environment."""

VERSION_ACTIONS = frozenset({Action.DEPLOY, Action.PROMOTE, Action.ROLLBACK})
"""Actions that decide which version runs in an environment."""

ENVIRONMENT_ACTIONS = CHANGING_ACTIONS | {Action.STATUS, Action.DIAGNOSE}
"""Actions that need an environment; the others (build, test, scan) have none."""


class Urgency(StrEnum):
    """How much haste the words carry."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class Risk(StrEnum):
    """How much harm a step can do."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"

    @property
    def rank(self) -> int:
        """Order of severity, 0 for low."""
        return (Risk.LOW, Risk.MEDIUM, Risk.HIGH).index(self)


class Keeper(StrEnum):
    """Who made an object in a cluster, and keeps it as it is."""

    KUBECTL = "kubectl"
    """A person or a script, with kubectl or a program that is none of those below."""
    HELM = "helm"
    ARGOCD = "argocd"
    FLUX = "flux"
    OPERATOR = "operator"
    """A controller of the cluster that the object names as its owner."""

    @property
    def label(self) -> str:
        """Its name for people."""
        return _KEEPER_LABELS[self]


_KEEPER_LABELS = {
    Keeper.KUBECTL: "kubectl",
    Keeper.HELM: "Helm",
    Keeper.ARGOCD: "Argo CD",
    Keeper.FLUX: "Flux",
    Keeper.OPERATOR: "an operator",
}


class ServerKind(StrEnum):
    """A kind of system that offers tools."""

    JENKINS = "jenkins"
    SONARQUBE = "sonarqube"
    DOCKER = "docker"
    KUBERNETES = "kubernetes"

    @property
    def label(self) -> str:
        """The name people know the system by."""
        return _LABELS[self]


_LABELS = {
    ServerKind.JENKINS: "Jenkins",
    ServerKind.SONARQUBE: "SonarQube",
    ServerKind.DOCKER: "Docker registry",
    ServerKind.KUBERNETES: "Kubernetes",
}


class Compliance(StrEnum):
    """What a policy may demand; each word holds only if a step or guard proves it in the run."""

    QUALITY_GATE_PASSED = "quality_gate_passed"
    SECURITY_SCAN_PASSED = "security_scan_passed"
    APPROVAL_REQUIRED = "approval_required"
    BACKUP_VERIFIED = "backup_verified"
    ROLLBACK_PLAN_READY = "rollback_plan_ready"
    MONITORING_ENABLED = "monitoring_enabled"


class Priority(StrEnum):
    """How soon a plan wants to run."""

    LOW = "LOW"
    NORMAL = "NORMAL"
    HIGH = "HIGH"


class Guard(StrEnum):
    """Tasks beside a plan's numbered steps: they stop, ask, secure, undo and tell."""

    GATE = "gate"
    PREVIEW = "preview"
    APPROVAL = "approval"
    BACKUP = "backup"
    VALIDATION = "validation"
    ROLLBACK = "rollback"
    VERIFY_ROLLBACK = "verify_rollback"
    REPORT = "report"
    NOTIFY = "notify"
    SUCCEEDED = "succeeded"


FIRST_DEPLOY = "first deploy: nothing to go back to"
"""What a backup says that was taken before there was any version."""


class Criterion(StrEnum):
    """What a plan promises to have reached; each is true, false or not measured in the end."""

    ALL_STEPS_COMPLETED = "all_steps_completed"
    HEALTH_CHECKS_PASSED = "health_checks_passed"
    NO_ERROR_LOGS = "no_error_logs"
    ZERO_USER_FACING_ERRORS = "zero_user_facing_errors"
    RESPONSE_TIME_WITHIN_SLA = "response_time_within_sla"
    ALL_PODS_READY = "all_pods_ready"
    SERVICE_ACCESSIBLE = "service_accessible"
    NO_MEMORY_LEAKS = "no_memory_leaks"


class RefusalCode(StrEnum):
    """Why a command is refused."""

    POLICY = "policy"
    UNSUPPORTED = "unsupported"
    UNSAFE = "unsafe"
    NEGATED = "negated"
    OUT_OF_SCOPE = "out_of_scope"
