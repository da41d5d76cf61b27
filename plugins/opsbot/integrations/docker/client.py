"""The road to a Docker Engine and its registry, from one Airflow connection.

The connection of type `docker` names the registry: host (with port), and login and password if it
wants any. Its extra names the rest: `engine` (`unix:///var/run/docker.sock`, `tcp://host:port`),
`insecure` for a registry over plain HTTP (one on this machine needs no flag), and `build_args`
that the platform gives to each build, such as the mirror that base images come from;
`token_server`, where another host than the registry's issues tokens for it (logins.py); and the
keys for signatures (keys.py).
"""

from typing import Any

from opsbot.integrations import web
from opsbot.integrations.docker import keys
from opsbot.integrations.docker.keys import Keys
from opsbot.integrations.docker.registry import Registry
from opsbot.vocabulary.errors import Refused, StepFailed, TryAgain

DEFAULT_ENGINE = "unix:///var/run/docker.sock"
ENGINE_SILENCE = 900
"""Seconds that an engine may say nothing while it builds or pushes."""


class DockerClient:
    """One engine with one registry."""

    def __init__(
        self,
        engine: Any,
        registry: Registry,
        build_args: dict[str, str] | None = None,
        own_keys: Keys | None = None,
    ) -> None:
        self.engine, self.registry = engine, registry
        self.build_args, self.keys = build_args or {}, own_keys or Keys()


def connect(connection_id: str) -> DockerClient:
    """Build the client from an Airflow connection of type `docker`."""
    from airflow.sdk import BaseHook

    connection = BaseHook.get_connection(connection_id)
    if not connection.host or "://" in connection.host:
        raise Refused(
            f"The connection {connection_id!r} must name the registry's host without a scheme."
        )
    host = f"{connection.host}:{connection.port}" if connection.port else connection.host
    extra = connection.extra_dejson
    return DockerClient(
        _engine(
            extra.get("engine") or DEFAULT_ENGINE, connection_id if connection.password else None
        ),
        Registry(
            address_of(host, extra),
            user=connection.login,
            password=connection.password,
            token_server=_token_server(connection_id, extra),
        ),
        _build_args(connection_id, extra),
        keys.of(extra),
    )


def address_of(host: str, extra: dict[str, Any]) -> str:
    """Return the registry's address: https, unless it is allowed or on this machine."""
    plain = extra.get("insecure")
    plain = web.is_loopback(f"http://{host}") if plain is None else plain
    return f"{'http' if plain in (True, 'true', 'True') else 'https'}://{host}"


def _token_server(connection_id: str, extra: dict[str, Any]) -> str | None:
    """Return where logins may go besides the registry, if the connection says so."""
    if not extra.get("token_server"):
        return None
    found = web.checked_address("the registry's token server", str(extra["token_server"]))
    if not found.startswith("https://") and not web.is_loopback(found):
        raise Refused(f"`token_server` in the extra of {connection_id!r} must be an https address.")
    return found


def _engine(url: str, login_from: str | None) -> Any:
    """Return the provider's low-level client of the engine, logged in if there is a login."""
    from airflow.providers.docker.hooks.docker import DockerHook
    from docker.errors import APIError

    hook = DockerHook(docker_conn_id=login_from, base_url=url, timeout=ENGINE_SILENCE)
    try:
        return hook.api_client
    except APIError as refused:
        raise StepFailed(
            f"The Docker Engine could not log in to the registry ({refused.status_code}): "
            "check the connection's login and password."
        ) from None
    except Exception as fault:  # the hook raises one class for every fault of the road
        raise TryAgain(f"The Docker Engine at {url} does not answer. Is it running?") from fault


def _build_args(connection_id: str, extra: dict[str, Any]) -> dict[str, str]:
    found = extra.get("build_args") or {}
    if not isinstance(found, dict):
        raise Refused(f"`build_args` in the extra of {connection_id!r} must be an object.")
    return {str(name): str(value) for name, value in found.items()}
