"""Which operator carries out which tool: `ToolOperator`, unless a line below names another.

Listed here are the tools that need more than their arguments: what an earlier task has found, a
key that makes a retry safe, a way back.
"""

from collections.abc import Callable
from typing import Any

from airflow.sdk import BaseOperator

from opsbot.orchestration.operators import docker, jenkins, kubernetes, rollback, sonarqube
from opsbot.orchestration.operators.tool import ToolOperator
from opsbot.orchestration.ticket import Ticket
from opsbot.planning.plan import Plan, Step
from opsbot.vocabulary.words import ServerKind

Maker = Callable[[Plan, Step, Ticket], BaseOperator]


def make(plan: Plan, step: Step, ticket: Ticket) -> BaseOperator:
    """Return the operator of a step."""
    maker = _MAKERS.get((step.server, step.tool), _step(ToolOperator))
    return maker(plan, step, ticket)


def _step(operator: type[Any]) -> Maker:
    return lambda plan, step, ticket: operator(step=step, ticket=ticket)


def _check(operator: type[Any]) -> Maker:
    """Make a check whose failure begins the rollback at once, if there was a deploy."""
    return lambda plan, step, ticket: operator(
        plan=plan, step=step, ticket=ticket, on_failure_callback=rollback.restore_at_once
    )


def _push_image(plan: Plan, step: Step, ticket: Ticket) -> BaseOperator:
    build = plan.step("build")
    return docker.PushImageOperator(step=step, ticket=ticket, build_connection=build.connection)


def _apply_deployment(plan: Plan, step: Step, ticket: Ticket) -> BaseOperator:
    return kubernetes.ApplyDeploymentOperator(
        task_id=step.id,
        task_display_name=step.title,
        plan=plan,
        step=step,
        ticket=ticket,
        on_failure_callback=rollback.restore_at_once,
    )


_MAKERS: dict[tuple[ServerKind, str], Maker] = {
    (ServerKind.JENKINS, "trigger_build"): _step(jenkins.TriggerBuildOperator),
    (ServerKind.JENKINS, "run_tests"): _step(jenkins.RunTestsOperator),
    (ServerKind.SONARQUBE, "analyze_project"): _step(sonarqube.AnalyzeProjectOperator),
    (ServerKind.SONARQUBE, "get_vulnerabilities"): _step(sonarqube.GetVulnerabilitiesOperator),
    (ServerKind.DOCKER, "push_image"): _push_image,
    (ServerKind.DOCKER, "verify_image"): _step(docker.VerifyImageOperator),
    (ServerKind.KUBERNETES, "apply_deployment"): _apply_deployment,
    (ServerKind.KUBERNETES, "get_pods"): _check(kubernetes.GetPodsOperator),
    (ServerKind.KUBERNETES, "get_pod_logs"): _check(kubernetes.GetPodLogsOperator),
    (ServerKind.KUBERNETES, "get_service"): _check(kubernetes.GetServiceOperator),
}
