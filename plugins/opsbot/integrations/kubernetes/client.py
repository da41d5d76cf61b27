"""One cluster, as the kubeconfig of an Airflow connection reaches it.

The provider's hook reads the connection; the requests are our own, on raw JSON, because objects
are compared and hashed exactly as the server spells them. Three habits of the client library are
switched off on purpose: its silent retries (GET and DELETE three times, so a hanging server costs
four time-outs), its lack of a time-out, and the process-wide default client, which is whatever
cluster was configured last. Every request here is safe to repeat, so each is tried three times.
"""

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opsbot.integrations.kubernetes import faults, objects
from opsbot.integrations.kubernetes.objects import Json
from opsbot.vocabulary.errors import Refused, StepFailed, TryAgain

if TYPE_CHECKING:
    from kubernetes.client import ApiClient, Configuration

FIELD_MANAGER = "opsbot"
CONNECT_SECONDS, READ_SECONDS = 5, 15
PAUSES = (0.3, 1.0)
"""Seconds between the tries of one request; one more try than pauses."""

_SOURCES = ("kube_config", "kube_config_path", "in_cluster")
_APPLY_PATCH = "application/apply-patch+yaml"
_MERGE_PATCH = "application/merge-patch+json"


class Cluster:
    """A cluster that can be asked and told; holds the connection pool."""

    def __init__(self, api: "ApiClient", name: str, manager: str = FIELD_MANAGER) -> None:
        self.api = api
        self.name = name
        self.manager = manager
        """In whose name objects are applied: who owns their fields afterwards."""

    @property
    def server(self) -> str:
        """The API server's URL."""
        return str(self.api.configuration.host)

    def in_the_name_of(self, manager: str) -> "Cluster":
        """Return the same cluster, with another owner of what is applied."""
        return Cluster(self.api, self.name, manager)

    def find(self, kind: str, namespace: str, name: str) -> Json | None:
        """Read one object; None if there is none of that name."""
        where = objects.path(kind, namespace, name)
        try:
            return self._json("GET", where, f"read {kind} {name!r} in {namespace!r}")
        except faults.Missing:
            return None

    def list(
        self, kind: str, namespace: str, *, labels: str = "", fields: str = ""
    ) -> tuple[Json, ...]:
        """List objects; a namespace that does not exist has none."""
        query = {"labelSelector": labels, "fieldSelector": fields}
        doing = f"list {kind} objects in {namespace!r}"
        found = self._json("GET", objects.path(kind, namespace), doing, query=query)
        group = found["apiVersion"]
        return tuple({"apiVersion": group, "kind": kind, **each} for each in found["items"])

    def apply(self, manifest: Json, *, force: bool = False, dry_run: bool = False) -> Json:
        """Create or change an object by server-side apply; return the server's answer."""
        namespace, name = objects.namespace_of(manifest), objects.name_of(manifest)
        query = {"fieldManager": self.manager, "force": "true" if force else "false"}
        if dry_run:
            query["dryRun"] = "All"
        doing = f"{'preview' if dry_run else 'apply'} {objects.title(manifest)} in {namespace!r}"
        where = objects.path(manifest["kind"], namespace, name)
        return self._json("PATCH", where, doing, query=query, body=manifest, content=_APPLY_PATCH)

    def create(self, manifest: Json) -> Json:
        """Create an object; `Changed` if there is one of that name by now."""
        namespace = objects.namespace_of(manifest)
        doing = f"create {objects.title(manifest)} in {namespace!r}"
        return self._json("POST", objects.path(manifest["kind"], namespace), doing, body=manifest)

    def merge(self, kind: str, namespace: str, name: str, change: Json) -> Json:
        """Change parts of an object; with a `resourceVersion` in it, `Changed` tells of a race."""
        where = objects.path(kind, namespace, name)
        query = {"fieldManager": FIELD_MANAGER}
        doing = f"change {kind} {name!r} in {namespace!r}"
        return self._json("PATCH", where, doing, query=query, body=change, content=_MERGE_PATCH)

    def delete(self, item: Json) -> None:
        """Delete exactly this object, not another that took its name; gone already is fine."""
        kind, namespace, name = item["kind"], objects.namespace_of(item), objects.name_of(item)
        body = {
            "propagationPolicy": "Background",
            "preconditions": {"uid": item["metadata"]["uid"]},
        }
        where = objects.path(kind, namespace, name)
        try:
            self._json("DELETE", where, f"delete {kind} {name!r} in {namespace!r}", body=body)
        except faults.Missing:
            return

    def log(
        self, namespace: str, pod: str, container: str, *, lines: int, previous: bool = False
    ) -> str:
        """Read the end of a container's log, as the container wrote it."""
        query = {"container": container, "tailLines": str(lines)}
        if previous:
            query["previous"] = "true"
        where = objects.path("Pod", namespace, pod, "log")
        doing = f"read the log of {pod}/{container} in {namespace!r}"
        return self._text("GET", where, doing, query=query)

    def create_review(self, path: str, review: Json) -> Json:
        """Ask the server about ourselves; nothing is stored."""
        return self._json("POST", path, "ask the API server about our rights", body=review)

    def _json(self, method: str, path: str, doing: str, **request: Any) -> Json:
        text = self._text(method, path, doing, **request)
        try:
            answer: Json = json.loads(text)
        except ValueError:
            raise StepFailed(
                f"Could not {doing}: {self.server} does not answer in JSON. "
                "Check that the connection names a Kubernetes API server."
            ) from None
        return answer

    def _text(self, method: str, path: str, doing: str, **request: Any) -> str:
        for pause in PAUSES:
            try:
                return self._once(method, path, doing, **request)
            except faults.Changed:
                raise
            except TryAgain:
                time.sleep(pause)
        return self._once(method, path, doing, **request)

    def _once(
        self,
        method: str,
        path: str,
        doing: str,
        *,
        query: dict[str, str] | None = None,
        body: Json | None = None,
        content: str = "application/json",
    ) -> str:
        from kubernetes.client.exceptions import ApiException
        from urllib3.exceptions import HTTPError

        try:
            answer = self.api.call_api(
                path,
                method,
                query_params=[(key, value) for key, value in (query or {}).items() if value],
                header_params={"Accept": "application/json, */*", "Content-Type": content},
                body=body,
                auth_settings=["BearerToken"],
                _preload_content=False,
                _request_timeout=(CONNECT_SECONDS, READ_SECONDS),
            )
            return bytes(answer.data).decode(errors="replace")
        except ApiException as fault:
            secret = objects.is_secret_path(path)
            raise faults.of_answer(fault.status or 0, _body(fault), doing, secret=secret) from None
        except HTTPError as fault:
            raise faults.of_transport(fault, doing) from fault


def connect(connection_id: str) -> Cluster:
    """Return the cluster of an Airflow connection.

    A connection without a kubeconfig would reach whatever cluster this machine's user last worked
    with, so it is refused; so is `kubernetes_default`, which need not even exist.
    """
    from airflow.providers.cncf.kubernetes.hooks.kubernetes import (
        KubernetesHook,
    )

    if connection_id == KubernetesHook.default_conn_name:
        raise Refused(
            "The connection 'kubernetes_default' may be any cluster. "
            "Name the cluster in a connection of its own, such as 'opsbot_kubernetes'."
        )
    hook = KubernetesHook(conn_id=connection_id)
    if not any(hook.conn_extras.get(source) for source in _SOURCES):
        raise Refused(
            f"The connection {connection_id!r} names no cluster. Put a kubeconfig into its extra "
            '("kube_config" or "kube_config_path"), or "in_cluster": true.'
        )
    try:
        configuration = hook.api_client.configuration
    except Exception as fault:  # the hook raises AirflowException, ConfigException or TypeError
        raise StepFailed(
            f"The kubeconfig of the connection {connection_id!r} cannot be used "
            f"({type(fault).__name__}). Correct the connection's extra."
        ) from fault
    return _cluster(configuration, connection_id)


def from_kubeconfig(kubeconfig: Path | Json) -> Cluster:
    """Return the cluster of a kubeconfig, given as a file or as its content."""
    from kubernetes import client, config

    configuration = client.Configuration()
    if isinstance(kubeconfig, dict):
        config.load_kube_config_from_dict(kubeconfig, client_configuration=configuration)
    else:
        config.load_kube_config(str(kubeconfig), client_configuration=configuration)
    return _cluster(configuration, "kubeconfig")


def _cluster(configuration: "Configuration", name: str) -> Cluster:
    """Build the cluster's own client, which makes one try and says how it went."""
    from kubernetes.client import ApiClient

    configuration.retries = False
    return Cluster(ApiClient(configuration), name)


def _body(fault: Any) -> str:
    body = fault.body if fault.body is not None else fault.reason
    return body.decode(errors="replace") if isinstance(body, bytes) else str(body)
