"""A cluster behind a scripted API server, and objects as it would answer them."""

from collections.abc import Callable

import pytest
from kubeconfigs import kubeconfig
from loopback import Answer

from opsbot.integrations.kubernetes import client
from opsbot.integrations.kubernetes.client import Cluster


@pytest.fixture
def cluster_of(
    serve: Callable[[Answer], str], monkeypatch: pytest.MonkeyPatch
) -> Callable[[Answer], Cluster]:
    """Return clusters whose API server answers as the callable does; tries follow at once."""
    monkeypatch.setattr(client, "PAUSES", (0.0, 0.0))

    def make(answer: Answer) -> Cluster:
        return client.from_kubeconfig(kubeconfig(serve(answer)))

    return make
