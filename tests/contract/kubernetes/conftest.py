"""One suite over two clusters: a real one with its registry, and the sandbox."""

from collections.abc import Callable, Iterator

import pytest
from kubernetes import client as kube

from opsbot.integrations.kubernetes.client import Cluster
from tests.contract.kubernetes import targets
from tests.contract.kubernetes.images import ImageYard
from tests.contract.kubernetes.stage import Stage, Target


@pytest.fixture(scope="session", params=["lab", "sandbox"])
def target(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Target]:
    if request.param == "lab":
        if absent := targets.missing_for_the_lab():
            pytest.skip(f"no real cluster with a registry: {', '.join(absent)} not set")
        yield targets.lab()
    else:
        with targets.sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
            yield sandbox


@pytest.fixture(scope="session")
def cluster(target: Target) -> Cluster:
    return target.cluster


@pytest.fixture(scope="session")
def images(target: Target) -> ImageYard:
    return ImageYard(target.docker, target.registry, target.base)


@pytest.fixture(scope="session")
def new_stage(target: Target, images: ImageYard) -> Iterator[Callable[[str], Stage]]:
    """Make stages in namespaces of their own, and remove them at the end."""
    stages: list[Stage] = []

    def make(word: str) -> Stage:
        stages.append(Stage.open(target, images, word))
        return stages[-1]

    yield make
    for stage in stages:
        stage.close()


@pytest.fixture(scope="module")
def quiet(new_stage: Callable[[str], Stage]) -> Stage:
    """A namespace for objects that start no pod."""
    return new_stage("quiet")


@pytest.fixture(scope="session")
def apps(cluster: Cluster) -> kube.AppsV1Api:
    return kube.AppsV1Api(cluster.api)


@pytest.fixture(scope="session")
def core(cluster: Cluster) -> kube.CoreV1Api:
    return kube.CoreV1Api(cluster.api)
