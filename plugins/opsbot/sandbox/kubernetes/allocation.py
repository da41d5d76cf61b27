"""Addresses and ports that the cluster gives to Services.

A ClusterIP routes nowhere here; a NodePort is really served on 127.0.0.1. What a client asks for
and somebody else has is refused, as the real allocators do.
"""

import random
import socket

from opsbot.sandbox.kubernetes import kinds, problems
from opsbot.sandbox.kubernetes.problems import Json
from opsbot.sandbox.kubernetes.storage import Store

NODE_PORTS = range(30_000, 32_768)


def allocate(store: Store, new: Json, old: Json | None, chance: random.Random) -> None:
    """Complete a Service's addresses and node ports."""
    spec = new["spec"]
    before = old["spec"] if old else {}
    others = [
        service["spec"] for service in store.list(kinds.SERVICES) if _name(service) != _name(new)
    ]
    if spec["type"] != "ExternalName":
        _address(new, before, {other.get("clusterIP") for other in others}, chance)
    if spec["type"] in ("NodePort", "LoadBalancer"):
        taken = {port.get("nodePort") for other in others for port in other.get("ports", [])}
        _node_ports(new, before, taken, chance)
    else:
        for port in spec.get("ports", []):
            port.pop("nodePort", None)


def _name(service: Json) -> tuple[str, str]:
    return service["metadata"]["namespace"], service["metadata"]["name"]


def _address(new: Json, before: Json, taken: set[str | None], chance: random.Random) -> None:
    spec = new["spec"]
    asked = spec.get("clusterIP") or (spec.get("clusterIPs") or [None])[0]
    address = asked or before.get("clusterIP") or _free_address(taken, chance)
    if address != "None" and address in taken:
        reason = "provided IP is already allocated"
        text = f'Invalid value: ["{address}"]: failed to allocate IP {address}: {reason}'
        raise _refused(new, "spec.clusterIPs", text)
    spec["clusterIP"], spec["clusterIPs"] = address, [address]


def _free_address(taken: set[str | None], chance: random.Random) -> str:
    while True:
        address = f"10.96.{chance.randrange(1, 255)}.{chance.randrange(1, 255)}"
        if address not in taken:
            return address


def _node_ports(new: Json, before: Json, taken: set[int | None], chance: random.Random) -> None:
    given = {_port(port): port.get("nodePort") for port in before.get("ports", [])}
    for position, port in enumerate(new["spec"].get("ports", [])):
        field = f"spec.ports[{position}].nodePort"
        asked = port.get("nodePort") or given.get(_port(port))
        if asked and asked not in NODE_PORTS:
            rule = "provided port is not in the valid range. The range of valid ports is"
            raise _refused(new, field, f"Invalid value: {asked}: {rule} 30000-32767")
        if asked in taken and asked:
            text = f"Invalid value: {asked}: provided port is already allocated"
            raise _refused(new, field, text)
        port["nodePort"] = asked or _free_port(taken, chance)
        taken.add(port["nodePort"])


def _port(port: Json) -> tuple[int, str]:
    return port["port"], port.get("protocol", "TCP")


def _free_port(taken: set[int | None], chance: random.Random) -> int:
    """Choose a port that no service has, in this cluster or in another one on this machine."""
    while True:
        port = chance.choice([each for each in NODE_PORTS if each not in taken])
        if _is_free(port):
            return port
        taken.add(port)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _refused(new: Json, field: str, text: str) -> problems.Problem:
    return problems.invalid("Service", "", new["metadata"]["name"], [problems.cause(field, text)])
