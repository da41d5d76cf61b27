"""The situation a plan is made for: intent, application, environment and the rules that hold.

Everything is looked up once, here; the rest of planning reads it from one value.
"""

from typing import Any

from opsbot.planning import nearness, parameters, release_manifests
from opsbot.planning.parameters import Parameters
from opsbot.understanding.answer import Intent
from opsbot.vocabulary.errors import PlanningError
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.organisation import (
    Application,
    Connections,
    Environment,
    EnvironmentPolicy,
    Organisation,
    Workload,
)
from opsbot.vocabulary.words import CHANGING_ACTIONS, ENVIRONMENT_ACTIONS


class Situation(Value):
    """An intent and all that the organisation says about it."""

    intent: Intent
    application: Application
    environment: Environment | None
    policy: EnvironmentPolicy
    parameters: Parameters

    @property
    def approval_required(self) -> bool:
        """Whether the policy wants a person to agree first."""
        return self.intent.action in self.policy.approval.actions

    @property
    def connections(self) -> Connections:
        """The environment's Airflow connections, or the usual ones where none is touched."""
        return self.environment.connections if self.environment else Connections()


def look_up(intent: Intent, organisation: Organisation) -> Situation:
    """Gather what the organisation says about an intent."""
    environment = _environment(intent, organisation)
    application = _placed(_application(intent, organisation), environment)
    policy = organisation.policies.of(environment.name if environment else None)
    if intent.action in policy.approval.actions and intent.action not in CHANGING_ACTIONS:
        raise PlanningError(
            f"The policy of {intent.environment} asks approval for {intent.action.value!r}, which "
            "changes nothing there. Take it out of the policy's approval.actions."
        )
    return Situation(
        intent=intent,
        application=application,
        environment=environment,
        policy=policy,
        parameters=parameters.read(
            intent,
            application,
            environment,
            policy,
            organisation,
        ),
    )


def names(situation: Situation) -> dict[str, Any]:
    """Return what each placeholder stands for; None where it has no value here."""
    application, environment = situation.application, situation.environment
    image, workload, policy = application.image, application.workload, situation.policy
    return {
        "action": situation.intent.action.value,
        "target": situation.intent.target,
        "application.name": application.name,
        "application.repository": application.repository,
        "application.jenkins.build": application.jenkins.build,
        "application.jenkins.test": application.jenkins.test,
        "application.sonarqube.project_key": application.sonarqube.project_key,
        "application.sonarqube.quality_gate": application.sonarqube.quality_gate,
        "application.image.name": image.name,
        "application.image.dockerfile": image.dockerfile,
        "application.image.build_args": image.build_args,
        "application.workload.deployment": workload.deployment,
        "application.workload.service": workload.service,
        "application.workload.container": workload.container,
        "application.workload.health_path": workload.health_path,
        "application.workload.manifests_sha256": release_manifests.sha256(workload),
        "application.workload.selector": selector(workload),
        "environment.name": environment and environment.name,
        "environment.namespace": environment and environment.namespace,
        "policy.adopt_from": list(policy.adopt_from),
        "policy.block_severities": list(policy.block_severities),
        "policy.coverage_required": policy.coverage_required,
        "policy.observe_seconds": policy.observe_seconds,
        "policy.pre_stop_seconds": policy.pre_stop_seconds,
        "policy.restarts_before_abort": policy.restarts_before_abort,
        "policy.rollout_deadline": policy.rollout_deadline,
        **situation.parameters.model_dump(mode="json"),
    }


def selector(workload: Workload) -> str | None:
    """Return the label selector of the workload's Deployment, or None if it has no labels."""
    for manifest in workload.manifests:
        if manifest.get("kind") == "Deployment":
            labels = manifest.get("spec", {}).get("selector", {}).get("matchLabels", {})
            return ",".join(f"{key}={labels[key]}" for key in sorted(labels)) or None
    return None


def _application(intent: Intent, organisation: Organisation) -> Application:
    """Return the application of an intent."""
    try:
        return organisation.application(intent.application)
    except KeyError:
        known = [each.name for each in organisation.applications]
        raise PlanningError(
            f"No application is called {intent.application!r}. "
            f"{nearness.did_you_mean(intent.application, known)}"
        ) from None


def _placed(application: Application, environment: Environment | None) -> Application:
    """Return an application as it is in an environment."""
    workload = application.workload.placed(environment.name if environment else None)
    return application.model_copy(update={"workload": workload})


def _environment(intent: Intent, organisation: Organisation) -> Environment | None:
    """Return the environment of an intent; None for actions that touch none."""
    if intent.action not in ENVIRONMENT_ACTIONS:
        return None
    known = [each.name for each in organisation.environments]
    if intent.environment is None:
        raise PlanningError(
            f"{intent.action.capitalize()} needs an environment. Name one of: {', '.join(known)}."
        )
    try:
        return organisation.environment(intent.environment)
    except KeyError:
        raise PlanningError(
            f"No environment is called {intent.environment!r}. "
            f"{nearness.did_you_mean(intent.environment, known)}"
        ) from None
