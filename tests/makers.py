"""Makers of sound values for tests; every one takes the changes that the test is about.

A maker never makes what could not exist: the organisation's policies are whole, and a plan is
made by the planner from the patterns that are shipped.
"""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from opsbot.capabilities import catalog
from opsbot.planning import fingerprint, planner
from opsbot.planning.pattern import Pattern
from opsbot.planning.plan import Plan
from opsbot.understanding.answer import Intent
from opsbot.vocabulary.organisation import (
    Application,
    ApprovalPolicy,
    Environment,
    EnvironmentPolicy,
    ImageSource,
    JenkinsJobs,
    Organisation,
    Policies,
    SonarProject,
    Workload,
)
from opsbot.vocabulary.words import CHANGING_ACTIONS, Action, Compliance, Risk

PATTERNS = Path(__file__).parent.parent / "include" / "patterns"
COMMAND = "Deploy the code to Kubernetes production"
AT = 1737354243


def manifests(name: str = "my-application") -> tuple[dict[str, Any], ...]:
    """Make a Deployment and its Service, as an organisation keeps them."""
    labels = {"app": name}
    container = {"name": "app", "image": "set-by-opsbot", "ports": [{"containerPort": 3000}]}
    return (
        {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": name, "labels": labels},
            "spec": {
                "selector": {"matchLabels": labels},
                "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}},
            },
        },
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": f"{name}-service"},
            "spec": {"type": "NodePort", "selector": labels, "ports": [{"port": 3000}]},
        },
    )


def an_application(**changes: Any) -> Application:
    """Make an application; what hangs on its name follows the name."""
    name = changes.get("name", "my-application")
    defaults: dict[str, Any] = {
        "name": name,
        "repository": f"myorg/{name}",
        "version": "1.0.0",
        "jenkins": JenkinsJobs(build="production-build-pipeline", test=f"{name}-tests"),
        "sonarqube": SonarProject(project_key=name, quality_gate="production-gate"),
        "image": ImageSource(
            name=f"myorg/{name}", dockerfile="Dockerfile.prod", build_args={"ENV": "production"}
        ),
        "workload": Workload(
            deployment=name,
            service=f"{name}-service",
            container="app",
            replicas=2,
            manifests=manifests(name),
        ),
    }
    return Application.model_validate(defaults | changes)


def a_production_policy(**changes: Any) -> EnvironmentPolicy:
    """Make the rules of a production environment: everything is demanded."""
    defaults: dict[str, Any] = {
        "approval": ApprovalPolicy(actions=tuple(sorted(CHANGING_ACTIONS)), approvers=("admin",)),
        "compliance": tuple(Compliance),
        "moving_versions": False,
        "coverage_required": 80,
    }
    return EnvironmentPolicy.model_validate(defaults | changes)


def an_organisation(**changes: Any) -> Organisation:
    """Make an organisation with four applications and three environments."""
    others = ("payments-api", "web-frontend", "search-indexer")
    applications = (
        an_application(aliases=("my-app", "my app", "the app")),
        *(an_application(name=name) for name in others),
    )
    defaults: dict[str, Any] = {
        "default_application": "my-application",
        "applications": applications,
        "environments": (
            Environment(name="production", namespace="production", tag_suffix="prod"),
            Environment(name="staging", namespace="staging", tag_suffix="stage"),
            Environment(name="development", namespace="development", tag_suffix="dev"),
        ),
        "policies": Policies(
            environments={
                "production": a_production_policy(),
                "staging": EnvironmentPolicy(
                    compliance=(Compliance.QUALITY_GATE_PASSED, Compliance.BACKUP_VERIFIED),
                    coverage_required=60,
                ),
                "development": EnvironmentPolicy(highest_risk=Risk.MEDIUM),
            }
        ),
    }
    return Organisation.model_validate(defaults | changes)


def an_intent(**changes: Any) -> Intent:
    """Make an intent; the default is that of the command everybody starts with."""
    defaults: dict[str, Any] = {
        "action": Action.DEPLOY,
        "application": "my-application",
        "environment": "production",
        "platform": "kubernetes",
        "command": COMMAND,
    }
    return Intent.model_validate(defaults | changes)


@cache
def the_patterns() -> tuple[Pattern, ...]:
    """Read the patterns that are shipped."""
    return tuple(
        Pattern.model_validate(yaml.safe_load(file.read_text()))
        for file in sorted(PATTERNS.glob("*.yaml"))
    )


def a_plan(**changes: Any) -> Plan:
    """Make the plan of an intent and change its fields; the fingerprint fits the changes.

    `intent` and `organisation` go into planning; every other change is made to the plan itself.
    """
    plan = planner.make_plan(
        changes.pop("intent", an_intent()),
        catalog.native(),
        the_patterns(),
        changes.pop("organisation", an_organisation()),
        at=AT,
    )
    changed = Plan.model_validate(plan.model_dump() | changes)
    own = changes.get("fingerprint", fingerprint.of(changed))
    return changed.model_copy(update={"fingerprint": own})
