"""Servers that another server names: where a redirect leads, or an upload is to go.

Such an address is hearsay. It is gone to without a login, never from https down to http, and only
if its host means a machine that can be meant: nothing that hands out a machine's credentials, this
machine only for a server of this machine, a private network only for a server of one. What the
host means is found out once, and the connection goes to the very address that was judged. Where
the environment sets a proxy, it is the proxy that finds out.
"""

import socket
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import select_proxy

from opsbot.integrations import network_addresses
from opsbot.vocabulary.errors import StepFailed, TryAgain

PORTS = {"http": 80, "https": 443}


def guard(session: requests.Session, label: str, named_by: str) -> None:
    """Make a session one for the servers that the one at the address `named_by` names."""
    for scheme in PORTS:
        session.mount(f"{scheme}://", _Wary(label, named_by))


class _Wary(HTTPAdapter):
    """Sends a request to the address that was judged; certificate and Host stay the name's."""

    def __init__(self, label: str, named_by: str) -> None:
        super().__init__()
        self._label, self._named_by = label, named_by

    def send(
        self, request: requests.PreparedRequest, *args: Any, **options: Any
    ) -> requests.Response:
        """Send one request, unless its address is not safe."""
        parts = urlsplit(str(request.url))
        if parts.scheme != "https" and urlsplit(self._named_by).scheme == "https":
            raise StepFailed(
                f"{self._label} leads from https to plain http, at {parts.hostname!r}; that is "
                "not followed. Let it name an https address."
            )
        request.headers["Host"] = parts.netloc
        return super().send(request, *args, **options)

    def get_connection_with_tls_context(
        self, request: Any, verify: Any, proxies: Any = None, cert: Any = None
    ) -> Any:
        """Return the pool of connections to the judged address."""
        place, tls = map(dict, self.build_connection_pool_key_attributes(request, verify, cert))
        parts = urlsplit(request.url)
        name, port = str(parts.hostname), parts.port or PORTS[parts.scheme]
        if select_proxy(request.url, proxies):
            if _is_address(name):
                self._judged(name, port)
            return super().get_connection_with_tls_context(request, verify, proxies, cert)
        place["host"] = self._judged(name, port)
        if parts.scheme == "https":
            tls |= {"server_hostname": name, "assert_hostname": name}
        return self.poolmanager.connection_from_host(**place, pool_kwargs=tls)

    def _judged(self, host: str, port: int) -> str:
        """Return the address to connect to; `StepFailed` if the host means an unsafe one."""
        found = _resolved(self._label, host, port)
        for each in found:
            if not self._may_be_meant(network_addresses.read(each)):
                raise StepFailed(
                    f"{self._label} leads to {host!r}, which means {each}: no request goes there. "
                    "Let it hand out its content itself, or from a public address."
                )
        return found[0]

    def _may_be_meant(self, address: network_addresses.Address) -> bool:
        if network_addresses.is_no_server(address):
            return False
        if address.is_global:
            return True
        own = urlsplit(self._named_by)
        port = own.port or PORTS[own.scheme]
        near = [
            network_addresses.read(each) for each in _resolved(self._label, str(own.hostname), port)
        ]
        if address.is_loopback:
            return all(each.is_loopback for each in near)
        return not any(each.is_global for each in near)


def _resolved(label: str, host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise TryAgain(f"{label} leads to {host!r}, which cannot be resolved.") from None
    return [str(entry[4][0]) for entry in found]


def _is_address(host: str) -> bool:
    try:
        network_addresses.read(host.strip("[]"))
    except ValueError:
        return False
    return True
