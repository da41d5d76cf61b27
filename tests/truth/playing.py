"""Play a story on a cluster, by plain calls of its API, and record what happens."""

import contextlib
import secrets
import time
from collections.abc import Iterator

from kubernetes import client as kube
from kubernetes.client.exceptions import ApiException

from tests.contract.kubernetes.stage import Target
from tests.truth import manifests, waits
from tests.truth.manifests import NAME, Json
from tests.truth.recording import Change, Recorder, Stuck
from tests.truth.story import Release, Step, Story, Until

LONGEST_WAIT = 150
STILL = 1.5
"""Seconds for which nothing moves when something has settled."""
_NAMESPACE_SECONDS = 30


def play(story: Story, target: Target, images: dict[str, str]) -> tuple[Change, ...]:
    """Play a story from its first step to its last and return what was seen."""
    with _namespace(target, story.name) as namespace:
        player = _Player(target, namespace, images)
        try:
            for number, step in enumerate(story.steps, 1):
                try:
                    player.play(step)
                except Stuck as stuck:
                    text = f"{story.name} on the {target.name}: step {number} ({_words(step)})"
                    raise Stuck(f"{text}: {stuck}") from stuck
        finally:
            changes = player.recorder.stop()
        return changes


def _words(step: Step) -> str:
    return str(step.model_dump(exclude_defaults=True))


class _Player:
    """One story in its namespace."""

    def __init__(self, target: Target, namespace: str, images: dict[str, str]) -> None:
        self._cluster, self._namespace, self._images = target.cluster, namespace, images
        self._since = 0
        self.recorder = Recorder(target.cluster, namespace)
        self._apply(manifests.service())

    def play(self, step: Step) -> None:
        match step:
            case Step(apply=Release() as release):
                self._since = self._apply(manifests.deployment(release, self._images))
            case Step(configure=str(name)):
                self._apply(manifests.config_map(name))
            case Step(delete=str()):
                found = self._cluster.find("Deployment", self._namespace, NAME)
                assert found is not None
                self._cluster.delete(found)
            case Step(until=Until() as until):
                still = STILL if until.settled or until.gone else 0
                self.recorder.wait(
                    lambda world: waits.holds(until, world, self._since),
                    still=still,
                    seconds=LONGEST_WAIT,
                )

    def _apply(self, manifest: Json) -> int:
        placed = {**manifest, "metadata": {**manifest["metadata"], "namespace": self._namespace}}
        answer = self._cluster.apply(placed)
        return int(answer["metadata"]["resourceVersion"])


@contextlib.contextmanager
def _namespace(target: Target, word: str) -> Iterator[str]:
    """A namespace of its own in which pods can be made."""
    core = kube.CoreV1Api(target.cluster.api)
    name = f"truth-{word}-{secrets.token_hex(3)}"
    core.create_namespace({"metadata": {"name": name}}, _request_timeout=30)
    try:
        _await_service_account(core, name)
        yield name
    finally:
        core.delete_namespace(name, _request_timeout=30)


def _await_service_account(core: kube.CoreV1Api, namespace: str) -> None:
    """Wait until a pod would be admitted: a service account comes a moment after its namespace."""
    pod = {"metadata": {"name": "try"}, "spec": {"containers": [{"name": "try", "image": "none"}]}}
    ends = time.monotonic() + _NAMESPACE_SECONDS
    while True:
        try:
            core.create_namespaced_pod(namespace, pod, dry_run="All", _request_timeout=30)
        except ApiException as refused:
            if refused.status != 403 or time.monotonic() > ends:
                raise
            time.sleep(0.1)
        else:
            return
