"""The smallest kubeconfig."""

from typing import Any


def kubeconfig(server: str) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "here",
        "clusters": [{"name": "here", "cluster": {"server": server}}],
        "users": [{"name": "me", "user": {"token": "0123456789abcdef"}}],
        "contexts": [{"name": "here", "context": {"cluster": "here", "user": "me"}}],
    }
