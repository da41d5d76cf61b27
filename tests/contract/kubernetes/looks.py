"""Calls of the tools that only read, for the sample application of a stage."""

from typing import Any

from opsbot.capabilities.kubernetes.get_deployment import GetDeployment
from opsbot.capabilities.kubernetes.get_events import GetEvents
from opsbot.capabilities.kubernetes.get_pod_logs import GetPodLogs
from opsbot.capabilities.kubernetes.get_pods import GetPods
from opsbot.capabilities.kubernetes.get_rollout_status import GetRolloutStatus
from opsbot.capabilities.kubernetes.get_service import GetService
from opsbot.integrations.kubernetes import (
    get_deployment,
    get_events,
    get_pod_logs,
    get_pods,
    get_rollout_status,
    get_service,
)
from opsbot.integrations.kubernetes.get_deployment import DeploymentOutput
from opsbot.integrations.kubernetes.get_events import EventsOutput
from opsbot.integrations.kubernetes.get_pod_logs import LogsOutput
from opsbot.integrations.kubernetes.get_pods import PodsOutput
from opsbot.integrations.kubernetes.get_rollout_status import RolloutOutput
from opsbot.integrations.kubernetes.get_service import ServiceOutput
from opsbot.integrations.kubernetes.patience import SYSTEM
from opsbot.integrations.kubernetes.rolling import DeployOutput
from opsbot.integrations.waiting import Clock
from tests.contract.kubernetes.stage import NAME, SELECTOR, SERVICE, Stage


class HurriedClock:
    """Real time, but for waits that are skipped."""

    def __init__(self) -> None:
        self._skipped = 0.0

    def now(self) -> float:
        return SYSTEM.now() + self._skipped

    def sleep(self, seconds: float) -> None:
        self._skipped += seconds


def deployment(stage: Stage) -> DeploymentOutput:
    params = GetDeployment(deployment_name=NAME, namespace=stage.namespace)
    return get_deployment.run(stage.cluster, params, say=stage.said.append)


def rollout(stage: Stage) -> RolloutOutput:
    params = GetRolloutStatus(deployment_name=NAME, namespace=stage.namespace)
    return get_rollout_status.run(stage.cluster, params, say=stage.said.append)


def events(stage: Stage, **changes: Any) -> EventsOutput:
    stated = {"deployment_name": NAME, "namespace": stage.namespace, **changes}
    return get_events.run(stage.cluster, GetEvents.model_validate(stated), say=stage.said.append)


def pods(stage: Stage, checked: DeployOutput | None = None, clock: Clock = SYSTEM) -> PodsOutput:
    params = GetPods(
        namespace=stage.namespace, label_selector=SELECTOR, must_be_ready=checked is not None
    )
    return get_pods.run(
        stage.cluster, params, deployment=checked, say=stage.said.append, clock=clock
    )


def logs(
    stage: Stage, checked: DeployOutput | None = None, *, previous: bool = False
) -> LogsOutput:
    params = GetPodLogs(
        namespace=stage.namespace,
        pod_selector=SELECTOR,
        container=NAME,
        check_errors=checked is not None,
        previous=previous,
    )
    return get_pod_logs.run(stage.cluster, params, deployment=checked, say=stage.said.append)


def service(
    stage: Stage,
    checked: DeployOutput | None = None,
    *,
    seconds: int = 0,
    path: str = "/health",
    clock: Clock = SYSTEM,
) -> ServiceOutput:
    params = GetService(
        service_name=SERVICE,
        namespace=stage.namespace,
        verify_endpoints=checked is not None,
        observe_seconds=seconds,
        health_path=path,
    )
    return get_service.run(
        stage.cluster, params, deployment=checked, say=stage.said.append, clock=clock
    )
