"""Start and stop a cluster.

    handle = server.start(state, print)
    handle.kubeconfig    # a file that only its owner can read
    handle.stop()        # ends every pod

The API is plain HTTP on 127.0.0.1; each start makes a new token, without which it answers 401.
"""

import json
import os
import shutil
import threading
from dataclasses import dataclass
from pathlib import Path

from opsbot.sandbox.kubernetes import kinds, writing
from opsbot.sandbox.kubernetes.cluster import Cluster, Log
from opsbot.sandbox.kubernetes.controllers import wiring
from opsbot.sandbox.kubernetes.controllers.loop import Loop
from opsbot.sandbox.kubernetes.node.kubelet import Kubelet
from opsbot.sandbox.kubernetes.proxy import Proxy
from opsbot.sandbox.kubernetes.storing import Writing
from opsbot.sandbox.kubernetes.web import Server

NAMESPACES = ("default", "kube-system")


@dataclass(frozen=True)
class Handle:
    """A running cluster."""

    url: str
    kubeconfig: Path
    token: str
    cluster: Cluster
    _web: Server
    _controllers: Loop
    _kubelet: Kubelet
    _proxy: Proxy

    def stop(self) -> None:
        """End everything: no more answers, no more pods."""
        self._web.stopping.set()
        self._controllers.stop()
        self._kubelet.stop()
        self._proxy.stop()
        self._web.shutdown()
        self._web.server_close()


def start(state: Path, log: Log) -> Handle:
    """Start an empty cluster that keeps its files in `state`."""
    state = state.resolve()
    shutil.rmtree(state / "pods", ignore_errors=True)
    for folder in ("pods", "images"):
        (state / folder).mkdir(parents=True, exist_ok=True)
    state.chmod(0o700)
    cluster = Cluster(state, log)
    web = Server(cluster, ("127.0.0.1", 0))
    url = f"http://127.0.0.1:{web.server_address[1]}"
    parts = (wiring.start(cluster), Kubelet(cluster), Proxy(cluster))
    everywhere = kinds.Target(kinds.NAMESPACES)
    for name in NAMESPACES:
        body = {"metadata": {"name": name}}
        writing.create(cluster, everywhere, body, Writing("kube-apiserver"))
    threading.Thread(target=web.serve_forever, args=(0.1,), name="api", daemon=True).start()
    kubeconfig = _write_kubeconfig(state / "kubeconfig", url, cluster.token)
    return Handle(url, kubeconfig, cluster.token, cluster, web, *parts)


def _write_kubeconfig(path: Path, url: str, token: str) -> Path:
    """Write the one file with the token, closed to others from its first moment."""
    name = "sandbox"
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": name,
        "clusters": [{"name": name, "cluster": {"server": url}}],
        "users": [{"name": name, "user": {"token": token}}],
        "contexts": [
            {"name": name, "context": {"cluster": name, "user": name, "namespace": "default"}}
        ],
    }
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(document, file, indent=1)
    return path
