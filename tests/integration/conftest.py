"""One real Airflow with the sandbox beside it for the whole test session.

Tests that ask for `stack` carry the marker `airflow`. The users: `admin`, `approver` and
`requester` may start runs and answer approvals, `viewer` may only look.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import kubernetes
import pytest

from opsbot.doors.demo.stack import Stack, running_stack

USERS = {"admin": "admin", "approver": "user", "requester": "user", "viewer": "viewer"}


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A whole OPS Bot on the sandbox's success scenario."""
    state: Path = tmp_path_factory.mktemp("stack")
    with running_stack(state, scenario="success", users=USERS) as running:
        yield running


class LiveCluster:
    """What runs in the stack's cluster, seen past OPS Bot."""

    NAME, NAMESPACE = "my-application", "production"

    def __init__(self, kubeconfig: str) -> None:
        client = kubernetes.config.new_client_from_config(kubeconfig)
        self._apps = kubernetes.client.AppsV1Api(client)
        self._core = kubernetes.client.CoreV1Api(client)

    def live_image(self) -> str | None:
        """Return the image of the Deployment, or None where there is none."""
        live = self._find()
        return None if live is None else str(live.spec.template.spec.containers[0].image)

    def is_of(self, plan_id: str) -> bool | None:
        """Tell whether a plan has changed the Deployment; None (not yet) if it has not."""
        live = self._find()
        found = live is not None and (live.metadata.annotations or {}).get("opsbot/plan-id")
        return True if found == plan_id else None

    def revisions(self) -> int:
        """Return how many versions the Deployment has had."""
        live = self._find()
        noted = (live.metadata.annotations or {}) if live is not None else {}
        return int(noted.get("deployment.kubernetes.io/revision", 0))

    def _find(self) -> Any:
        try:
            return self._apps.read_namespaced_deployment(self.NAME, self.NAMESPACE)
        except kubernetes.client.ApiException as error:
            if error.status == 404:
                return None
            raise

    def live_replicas(self) -> int:
        """Return how many replicas the Deployment is to have."""
        live = self._apps.read_namespaced_deployment(self.NAME, self.NAMESPACE)
        return int(live.spec.replicas)

    def pods(self) -> set[str]:
        """Return the names of the pods that are not being deleted."""
        found = self._core.list_namespaced_pod(self.NAMESPACE, label_selector=f"app={self.NAME}")
        return {each.metadata.name for each in found.items if not each.metadata.deletion_timestamp}

    @contextmanager
    def changed_by_somebody_else(self) -> Iterator[None]:
        """Let another program annotate the pod template for a while."""
        self._annotate("a hotfix")
        try:
            yield
        finally:
            self._annotate(None)

    def _annotate(self, value: str | None) -> None:
        template = {"metadata": {"annotations": {"somebody-else": value}}}
        self._apps.patch_namespaced_deployment(
            self.NAME, self.NAMESPACE, {"spec": {"template": template}}, field_manager="somebody"
        )


@pytest.fixture
def cluster(stack: Stack) -> LiveCluster:
    """The stack's cluster."""
    assert stack.systems is not None
    return LiveCluster(stack.systems.kubernetes.kubeconfig)


@pytest.fixture
def edit(stack: Stack) -> Iterator[Callable[[str, str, str], None]]:
    """Replace a text in a file of the running organisation; put it back afterwards."""
    before: dict[Path, str] = {}

    def replace(name: str, right: str, wrong: str) -> None:
        path = stack.state / "include" / name
        text = path.read_text(encoding="utf-8")
        before.setdefault(path, text)
        assert right in text
        path.write_text(text.replace(right, wrong, 1), encoding="utf-8")

    yield replace
    for path, text in before.items():
        path.write_text(text, encoding="utf-8")
