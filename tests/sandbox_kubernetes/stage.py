"""One namespace of a sandbox cluster, used through the Kubernetes client as the product does."""

import json
import secrets
import time
from collections.abc import Callable
from typing import Any

from kubernetes import client, config
from kubernetes.client.exceptions import ApiException

from opsbot.sandbox.kubernetes.server import Handle

Json = dict[str, Any]
APPLY = "application/apply-patch+yaml"
MERGE = "application/merge-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"
JSON_PATCH = "application/json-patch+json"


def deployment(image: str = "127.0.0.1:1/none:1", replicas: int = 0, **container: Any) -> Json:
    """A Deployment of one container that is ready when it serves."""
    probe = {"httpGet": {"port": 8080}, "periodSeconds": 1}
    host = {"name": "HOST", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}}
    spec: Json = {"name": "app", "image": image, "env": [host], "readinessProbe": probe}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web"},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"app": "web"}},
            "strategy": {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
            "template": {
                "metadata": {"labels": {"app": "web"}},
                "spec": {"containers": [spec | container], "terminationGracePeriodSeconds": 5},
            },
        },
    }


def service() -> Json:
    """A Service that is served on a port of this machine."""
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web"},
        "spec": {
            "type": "NodePort",
            "selector": {"app": "web"},
            "ports": [{"port": 80, "targetPort": 8080}],
        },
    }


class Stage:
    """A namespace with a client on it."""

    def __init__(self, handle: Handle) -> None:
        self.handle = handle
        self.api = config.new_client_from_config(str(handle.kubeconfig))
        self.core = client.CoreV1Api(self.api)
        self.apps = client.AppsV1Api(self.api)
        self.namespace = f"test-{secrets.token_hex(3)}"
        self.core.create_namespace({"metadata": {"name": self.namespace}})

    def close(self) -> None:
        self.core.delete_namespace(self.namespace)
        self.api.close()

    def call(self, method: str, path: str, body: Any = None, kind: str = "", **query: str) -> Json:
        """Ask for a path below the namespace and return the answer as it was sent."""
        group = "/api/v1" if path.split("/", maxsplit=1)[0] in PLAIN else "/apis/apps/v1"
        answer = self.api.call_api(
            f"{group}/namespaces/{self.namespace}/{path}",
            method,
            query_params=list(query.items()),
            header_params={"Content-Type": kind or "application/json"},
            body=body,
            auth_settings=["BearerToken"],
            _preload_content=False,
        )
        raw = (answer[0] if isinstance(answer, tuple) else answer).data
        found: Json = json.loads(raw)
        return found

    def apply(self, manifest: Json, manager: str = "opsbot", **query: str) -> Json:
        path = f"{manifest['kind'].lower()}s/{manifest['metadata']['name']}"
        return self.call("PATCH", path, manifest, APPLY, fieldManager=manager, **query)

    def refusal(self, act: Callable[[], Any]) -> Json:
        """Return the Status that an act is refused with."""
        try:
            act()
        except ApiException as error:
            status: Json = json.loads(error.body)
            return status
        raise AssertionError("it was not refused")

    def pods(self) -> list[Json]:
        found: list[Json] = self.call("GET", "pods")["items"]
        return [pod for pod in found if "deletionTimestamp" not in pod["metadata"]]

    def container(self) -> Json:
        """Return the status of the only container of the only pod, once there is one."""
        self.wait(lambda: len(self.pods()) == 1 and "containerStatuses" in self.pods()[0]["status"])
        status: Json = self.pods()[0]["status"]["containerStatuses"][0]
        return status

    def waits_for(self, reason: str) -> Json:
        """Wait until the container waits for this reason."""
        self.wait(lambda: self.container()["state"].get("waiting", {}).get("reason") == reason)
        return self.container()

    def log(self, **query: Any) -> str:
        name = self.pods()[0]["metadata"]["name"]
        answer = self.core.read_namespaced_pod_log(
            name, self.namespace, _preload_content=False, **query
        )
        text: str = answer.data.decode()
        return text

    def events(self, reason: str) -> list[Json]:
        found: list[Json] = self.call("GET", "events")["items"]
        return [event for event in found if event["reason"] == reason]

    def is_rolled_out(self) -> bool:
        found = self.call("GET", "deployments/web")
        status, wanted = found["status"], found["spec"]["replicas"]
        counts = [status.get(f"{each}eplicas", 0) for each in ("r", "updatedR", "availableR")]
        seen = status.get("observedGeneration") == found["metadata"]["generation"]
        return seen and counts == [wanted] * 3

    def is_counted(self) -> bool:
        """Tell whether there are as many pods as wanted, ready or not."""
        found = self.call("GET", "deployments/web")
        return bool(found["status"].get("replicas", 0) == found["spec"]["replicas"])

    def wait(self, so: Callable[[], bool], seconds: float = 30) -> None:
        """Wait until something is so."""
        ends = time.monotonic() + seconds
        while not so():
            if time.monotonic() > ends:
                raise AssertionError(f"it did not become so: {self._seen()}")
            time.sleep(0.05)

    def _seen(self) -> str:
        pods = [
            (pod["metadata"]["name"], pod["status"]) for pod in self.call("GET", "pods")["items"]
        ]
        return json.dumps({"pods": pods, "deployment": self.call("GET", "deployments")["items"]})


PLAIN = ("pods", "events", "services", "configmaps", "secrets")
