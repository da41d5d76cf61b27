"""Which operator carries out which step: `ToolOperator`, unless a line below names another.

Listed here are the capabilities that need more than their arguments: what an earlier task has
found, a key that makes a retry safe, a way back. A step that is pinned to an MCP server has an
operator that calls that server's tool.
"""

from collections.abc import Callable
from typing import Any

from airflow.sdk import BaseOperator

from opsbot.orchestration.operators import docker, jenkins, kubernetes, rollback, sonarqube
from opsbot.orchestration.operators.change import ChangeOperator
from opsbot.orchestration.operators.tool import ToolOperator
from opsbot.orchestration.ticket import Ticket
from opsbot.planning.plan import Plan, Step
from opsbot.vocabulary.words import ServerKind

Maker = Callable[[Plan, Step, Ticket], BaseOperator]


def make(plan: Plan, step: Step, ticket: Ticket) -> BaseOperator:
    """Return the operator of a step."""
    if step.mcp is not None:
        return _pinned(plan, step, ticket)
    maker = _MAKERS.get((step.server, step.capability), _step(ToolOperator))
    return maker(plan, step, ticket)


def _pinned(plan: Plan, step: Step, ticket: Ticket) -> BaseOperator:
    """Make a step that a tool of an MCP server carries out; the SDK loads only for such a plan."""
    from opsbot.orchestration.operators import mcp

    makers = {
        (ServerKind.KUBERNETES, "get_pods"): _check(mcp.McpGetPodsOperator),
        (ServerKind.KUBERNETES, "get_service"): _check(mcp.McpGetServiceOperator),
        (ServerKind.KUBERNETES, "apply_deployment"): _change(mcp.McpChangeOperator),
    }
    maker = makers.get((step.server, step.capability), _step(mcp.McpToolOperator))
    return maker(plan, step, ticket)


def _step(operator: type[Any]) -> Maker:
    return lambda plan, step, ticket: operator(step=step, ticket=ticket)


def _check(operator: type[Any]) -> Maker:
    """Make a check whose failure begins the rollback at once, if there was a deploy."""
    return lambda plan, step, ticket: operator(
        plan=plan, step=step, ticket=ticket, on_failure_callback=rollback.restore_at_once
    )


def _change(operator: type[ChangeOperator]) -> Maker:
    return lambda plan, step, ticket: operator(
        task_id=step.id,
        task_display_name=step.title,
        plan=plan,
        ticket=ticket,
        on_failure_callback=rollback.restore_at_once,
    )


def _plan(operator: type[Any]) -> Maker:
    """Make a step that needs to know its plan: which earlier step it goes on from, whose it is."""
    return lambda plan, step, ticket: operator(plan=plan, step=step, ticket=ticket)


_MAKERS: dict[tuple[ServerKind, str], Maker] = {
    (ServerKind.JENKINS, "trigger_build"): _step(jenkins.TriggerBuildOperator),
    (ServerKind.JENKINS, "run_tests"): _plan(jenkins.RunTestsOperator),
    (ServerKind.SONARQUBE, "analyze_project"): _plan(sonarqube.AnalyzeProjectOperator),
    (ServerKind.SONARQUBE, "get_vulnerabilities"): _plan(sonarqube.GetVulnerabilitiesOperator),
    (ServerKind.DOCKER, "build_image"): _plan(docker.BuildImageOperator),
    (ServerKind.DOCKER, "push_image"): _plan(docker.PushImageOperator),
    (ServerKind.DOCKER, "tag_image"): _plan(docker.TagImageOperator),
    (ServerKind.DOCKER, "verify_image"): _plan(docker.VerifyImageOperator),
    (ServerKind.KUBERNETES, "apply_deployment"): _change(ChangeOperator),
    (ServerKind.KUBERNETES, "restart_deployment"): _change(ChangeOperator),
    (ServerKind.KUBERNETES, "scale_deployment"): _change(ChangeOperator),
    (ServerKind.KUBERNETES, "rollback_deployment"): _change(ChangeOperator),
    (ServerKind.KUBERNETES, "restore_release"): _change(ChangeOperator),
    (ServerKind.KUBERNETES, "backup_release"): _plan(kubernetes.BackupReleaseOperator),
    (ServerKind.KUBERNETES, "get_pods"): _check(kubernetes.GetPodsOperator),
    (ServerKind.KUBERNETES, "get_pod_logs"): _check(kubernetes.GetPodLogsOperator),
    (ServerKind.KUBERNETES, "get_service"): _check(kubernetes.GetServiceOperator),
}
