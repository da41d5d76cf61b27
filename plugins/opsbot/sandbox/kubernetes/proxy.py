"""NodePorts, served on 127.0.0.1: connections go to ready endpoints, in turn.

The endpoints are looked up for each connection, so a pod that is no longer ready gets no new one.
A connection that exists is left alone until either side ends it. A port that something else on
this machine holds is tried again, and the Service's events say so.
"""

import asyncio
import itertools
import threading

from opsbot.sandbox.kubernetes import events, kinds
from opsbot.sandbox.kubernetes.cluster import Cluster
from opsbot.sandbox.kubernetes.controllers import endpoints
from opsbot.sandbox.kubernetes.events import Happening
from opsbot.sandbox.kubernetes.problems import Json
from opsbot.sandbox.kubernetes.storage import Change

_RETRY = 2.0
_CHUNK = 64 * 1024
Place = tuple[str, str, int]  # namespace, Service, node port


class Proxy:
    """The listening side of all NodePort Services."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._loop = asyncio.new_event_loop()
        self._servers: dict[int, asyncio.Server] = {}
        self._turns = itertools.count()
        self._looking = asyncio.Lock()
        self._connections: set[asyncio.Future[None]] = set()
        self._thread = threading.Thread(target=self._run, name="proxy", daemon=True)
        self._thread.start()
        cluster.store.subscribe(self._note)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    def stop(self) -> None:
        """Close all ports."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    async def _close(self) -> None:
        for server in self._servers.values():
            server.close()
        for connection in self._connections:
            connection.cancel()

    def _note(self, change: Change) -> None:
        if change.resource is kinds.SERVICES:
            self._loop.call_soon_threadsafe(lambda: asyncio.ensure_future(self._look()))

    async def _look(self) -> None:
        """Listen on the ports that Services have, and on no others."""
        async with self._looking:
            wanted = {port: service for service, port in _node_ports(self._cluster)}
            for port in [port for port in self._servers if port not in wanted]:
                self._servers.pop(port).close()
            for port, service in wanted.items():
                if port not in self._servers:
                    await self._listen(service, port)

    async def _listen(self, service: Json, port: int) -> None:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            serving = asyncio.ensure_future(self._serve(port, reader, writer))
            self._connections.add(serving)
            try:
                await serving
            finally:
                self._connections.discard(serving)
                writer.close()

        try:
            self._servers[port] = await asyncio.start_server(serve, "127.0.0.1", port)
        except OSError as fault:
            text = f"node port {port} is busy on this machine ({fault.strerror}); trying again"
            await asyncio.to_thread(self._warn, service, text)
            self._loop.call_later(_RETRY, lambda: asyncio.ensure_future(self._look()))

    def _warn(self, service: Json, text: str) -> None:
        busy = Happening("node-port-proxy", "FailedToBindNodePort", text, warning=True)
        events.record(self._cluster, kinds.SERVICES, service, busy)

    async def _serve(
        self, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        targets = _targets(self._cluster, port)
        turn = next(self._turns) % len(targets) if targets else 0
        for address, number in targets[turn:] + targets[:turn]:
            try:
                there, back = await asyncio.open_connection(address, number)
            except OSError:
                continue
            try:
                await asyncio.gather(_pump(reader, back), _pump(there, writer))
            finally:
                back.close()
            return


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    try:
        while piece := await source.read(_CHUNK):
            sink.write(piece)
            await sink.drain()
        if sink.can_write_eof():
            sink.write_eof()
    except (ConnectionError, OSError):
        # One side is cut: the other must learn of it, or it would wait for ever.
        sink.close()


def _node_ports(cluster: Cluster) -> list[tuple[Json, int]]:
    return [
        (service, port["nodePort"])
        for service in cluster.store.list(kinds.SERVICES)
        for port in service["spec"].get("ports", [])
        if "nodePort" in port and "deletionTimestamp" not in service["metadata"]
    ]


def _targets(cluster: Cluster, node_port: int) -> list[tuple[str, int]]:
    """Return where connections to a node port may go now."""
    for service, number in _node_ports(cluster):
        if number != node_port:
            continue
        slice = endpoints.of_service(cluster, service)
        port = next(p for p in service["spec"]["ports"] if p.get("nodePort") == node_port)
        ready = [
            address
            for endpoint in (slice or {}).get("endpoints") or []
            if endpoint["conditions"]["ready"]
            for address in endpoint["addresses"]
        ]
        target = endpoints.pod_port(port["targetPort"], endpoints.selected(cluster, service))
        return [(address, target) for address in ready] if target else []
    return []
