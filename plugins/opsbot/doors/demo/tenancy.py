"""A place of our own on a real cluster: namespaces that nobody else uses, and an account.

An administrator's kubeconfig makes the namespaces and, in each, the Role that this project ships.
OPS Bot then works with a token of that ServiceAccount and may do nothing else. At the end the
namespaces are deleted, and everything in them goes with them.
"""

import base64
import json
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from opsbot.doors.demo import identity
from opsbot.vocabulary.errors import StepFailed

MARK = {"app.kubernetes.io/managed-by": "opsbot-demo"}
"""Label of the namespaces: `kubectl delete namespace -l` finds what a killed demo left."""
TOKEN_SECONDS = 6 * 3600
_NEVER_LEFT = 60
"""Seconds that a call to the API server may take."""


def new_prefix() -> str:
    """Return what the namespaces of one demo begin with."""
    return f"opsbot-demo-{secrets.token_hex(3)}-"


@contextmanager
def provided(
    administrator: str, role: Path, namespaces: Sequence[str], kubeconfig: Path
) -> Iterator[None]:
    """Provide namespaces and, in `kubeconfig`, an account for them; delete the namespaces after."""
    from kubernetes import client

    api = api_of(administrator)
    core = client.CoreV1Api(api)
    try:
        for name in namespaces:
            core.create_namespace({"metadata": {"name": name, "labels": MARK}})
        account = _grant(api, role, namespaces)
        identity.write_private(kubeconfig, json.dumps(_kubeconfig(api, account, namespaces[0])))
        yield
    finally:
        for name in namespaces:
            _delete(core, name)


def api_of(kubeconfig: str) -> Any:
    """Return a client of the cluster that a kubeconfig names, whatever proxy the shell names."""
    from kubernetes import client, config

    settings = client.Configuration()
    settings.proxy = None
    config.load_kube_config(kubeconfig, client_configuration=settings)
    return client.ApiClient(settings)


def _grant(api: Any, role: Path, namespaces: Sequence[str]) -> str:
    """Make the account in the first namespace, its rights in all; return its name."""
    from kubernetes import utils

    shipped = [each for each in yaml.safe_load_all(role.read_text(encoding="utf-8")) if each]
    account = next(each for each in shipped if each["kind"] == "ServiceAccount")
    for namespace in namespaces:
        for each in shipped:
            if each is not account or namespace == namespaces[0]:
                utils.create_from_dict(api, _placed(each, namespace, namespaces[0]))
    return str(account["metadata"]["name"])


def _placed(manifest: dict[str, Any], namespace: str, home: str) -> dict[str, Any]:
    """Put an object into a namespace, for the account that lives in another one."""
    placed = {**manifest, "metadata": {**manifest["metadata"], "namespace": namespace}}
    if "subjects" in placed:
        placed["subjects"] = [{**each, "namespace": home} for each in placed["subjects"]]
    return placed


def _kubeconfig(api: Any, account: str, namespace: str) -> dict[str, Any]:
    """Return a kubeconfig for the account, with a token that ends by itself."""
    from kubernetes import client

    asked = {"spec": {"expirationSeconds": TOKEN_SECONDS}}
    answer = client.CoreV1Api(api).create_namespaced_service_account_token(
        account, namespace, asked, _request_timeout=_NEVER_LEFT
    )
    cluster: dict[str, Any] = {"server": api.configuration.host}
    if authority := api.configuration.ssl_ca_cert:
        content = Path(authority).read_bytes()
        cluster["certificate-authority-data"] = base64.b64encode(content).decode()
    elif not api.configuration.verify_ssl:
        cluster["insecure-skip-tls-verify"] = True
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "opsbot",
        "clusters": [{"name": "demo", "cluster": cluster}],
        "users": [{"name": "opsbot", "user": {"token": answer.status.token}}],
        "contexts": [
            {
                "name": "opsbot",
                "context": {"cluster": "demo", "user": "opsbot", "namespace": namespace},
            }
        ],
    }


def _delete(core: Any, name: str) -> None:
    """Ask for a namespace's end; the cluster takes its time over it, and nobody waits."""
    from kubernetes.client import ApiException
    from urllib3.exceptions import HTTPError

    try:
        core.delete_namespace(name, _request_timeout=_NEVER_LEFT)
    except ApiException as error:
        if error.status != 404:
            raise StepFailed(f"Namespace {name!r} could not be deleted: {error.reason}.") from None
    except HTTPError:
        raise StepFailed(f"Namespace {name!r} could not be deleted. Delete it by hand.") from None
