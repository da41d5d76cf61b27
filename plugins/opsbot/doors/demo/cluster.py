"""An outsider's look at the cluster: what the demo checks without asking OPS Bot.

It reads what the API server says about the Deployment, and notes when a container of the
application first failed, so that the report's "detected after" does not rest on OPS Bot's word.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Self
from urllib.parse import urlsplit

from opsbot.doors.demo import tenancy
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value

HOPELESS = frozenset({"ErrImageNeverPull", "InvalidImageName", "CreateContainerConfigError"})
"""Waiting reasons that no waiting heals."""
PAUSE_SECONDS = 0.1
"""A failed version is gone again within a second: its first crash is enough to roll it back."""


class Deployed(Value):
    """What identifies the state of a Deployment."""

    uid: str
    generation: int
    replicas: int
    """How many it is to have."""
    images: tuple[str, ...]


class Cluster:
    """A cluster as its kubeconfig reaches it."""

    def __init__(self, kubeconfig: str) -> None:
        from kubernetes import client

        api = tenancy.api_of(kubeconfig)
        self._host = urlsplit(api.configuration.host).hostname
        self._apps = client.AppsV1Api(api)
        self._core = client.CoreV1Api(api)

    def provide_namespace(self, name: str) -> None:
        """Create a namespace, as an administrator would have; one that is there is kept."""
        from kubernetes.client import ApiException

        try:
            self._core.create_namespace({"metadata": {"name": name}})
        except ApiException as error:
            if error.status != 409:
                raise

    def deployed(self, namespace: str, deployment: str) -> Deployed | None:
        """Return how the Deployment stands; None where there is none."""
        with _absent_is_none():
            found = self._apps.read_namespaced_deployment(deployment, namespace)
            containers = found.spec.template.spec.containers
            return Deployed(
                uid=found.metadata.uid,
                generation=found.metadata.generation,
                replicas=found.spec.replicas,
                images=tuple(each.image for each in containers),
            )
        return None

    def user_address(self, namespace: str, service: str) -> str | None:
        """Return where users come in: the service's node port; None without a service."""
        with _absent_is_none():
            ports = self._core.read_namespaced_service(service, namespace).spec.ports
            port = next((each.node_port for each in ports if each.node_port), None)
            if port is None:
                raise StepFailed(f"The service {service!r} in {namespace!r} has no node port.")
            return f"http://{self._host}:{port}/"
        return None

    def first_failure(self, namespace: str) -> datetime | None:
        """Return when a container of a pod that is there now first failed."""
        pods = self._core.list_namespaced_pod(namespace).items
        moments = [moment for pod in pods for moment in failures(pod)]
        return min(moments, default=None)


@contextmanager
def _absent_is_none() -> Iterator[None]:
    """Pass over what the API server does not know."""
    from kubernetes.client import ApiException

    try:
        yield
    except ApiException as error:
        if error.status != 404:
            raise


class CrashWatch:
    """A thread that notes the first failure of any container in a namespace."""

    def __init__(self, cluster: Cluster, namespace: str) -> None:
        self._cluster, self._namespace = cluster, namespace
        self.first: datetime | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="crash-watch", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        from kubernetes.client import ApiException
        from urllib3.exceptions import HTTPError

        while self.first is None and not self._over.wait(PAUSE_SECONDS):
            try:
                self.first = self._cluster.first_failure(self._namespace)
            except (ApiException, HTTPError):
                continue


def failures(pod: Any) -> list[datetime]:
    """Return the moments at which the pod's containers failed, as the pod's status has them."""
    moments = []
    for container in pod.status.container_statuses or ():
        for state in (container.state, container.last_state):
            ended = state and state.terminated
            if ended and ended.exit_code != 0 and not pod.metadata.deletion_timestamp:
                moments.append(ended.finished_at)
        waiting = container.state and container.state.waiting
        if waiting and waiting.reason in HOPELESS:
            moments.append(datetime.now(UTC))
    return moments
