"""Probes: readiness decides who gets connections, liveness who is restarted, startup who waits.

The first readiness probe is sent when a kubelet sees that the container runs, and again a second
later; from then on at its period. Liveness is first asked after one.
"""

import http.client
import socket
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from opsbot.sandbox.kubernetes.problems import Json

Kind = Literal["readiness", "liveness", "startup"]
Execute = Callable[[list[str], float], "tuple[int, str]"]


@dataclass(frozen=True)
class Probed:
    """What is probed: where it listens, its named ports, and how to run a command in it."""

    address: str
    ports: dict[str, int]
    execute: Execute


@dataclass(frozen=True)
class Outcome:
    """One probe's outcome; `decided` when there were enough of the same in a row."""

    kind: Kind
    success: bool
    message: str
    decided: bool


class Failed(Exception):
    """A probe that did not succeed; the message is what the event says."""


def attempt(probe: Json, probed: Probed) -> None:
    """Probe once."""
    seconds = float(probe.get("timeoutSeconds", 1))
    match probe:
        case {"httpGet": request}:
            _http(request, probed, seconds)
        case {"tcpSocket": target}:
            _tcp(_port(target["port"], probed), target.get("host") or probed.address, seconds)
        case {"exec": action}:
            code, output = probed.execute(action.get("command", []), seconds)
            if code:
                raise Failed(output.strip() or f"command terminated with exit code {code}")
        case _:
            raise Failed("the sandbox does not know this kind of probe")


def _port(port: int | str, probed: Probed) -> int:
    if isinstance(port, int):
        return port
    return probed.ports.get(port) or int(port)


def _http(request: Json, probed: Probed, seconds: float) -> None:
    host, port = request.get("host") or probed.address, _port(request["port"], probed)
    url = f"http://{host}:{port}{request.get('path', '/')}"
    about = f'Get "{url}"'
    connection = http.client.HTTPConnection(host, port, timeout=seconds)
    headers = {each["name"]: each["value"] for each in request.get("httpHeaders", [])}
    try:
        target = urlsplit(url)
        path = target.path + (f"?{target.query}" if target.query else "")
        connection.request("GET", path, headers={"User-Agent": "kube-probe/1.34"} | headers)
        status = connection.getresponse().status
    except TimeoutError:
        deadline = "context deadline exceeded (Client.Timeout exceeded while awaiting headers)"
        raise Failed(f"{about}: {deadline}") from None
    except ConnectionRefusedError:
        raise Failed(f"{about}: dial tcp {host}:{port}: connect: connection refused") from None
    except (OSError, http.client.HTTPException) as fault:
        raise Failed(f"{about}: {fault or 'EOF'}") from None
    finally:
        connection.close()
    if not 200 <= status < 400:
        raise Failed(f"HTTP probe failed with statuscode: {status}")


def _tcp(port: int, host: str, seconds: float) -> None:
    try:
        socket.create_connection((host, port), timeout=seconds).close()
    except TimeoutError:
        raise Failed(f"dial tcp {host}:{port}: i/o timeout") from None
    except OSError:
        raise Failed(f"dial tcp {host}:{port}: connect: connection refused") from None


def in_container(directory: str, variables: dict[str, str], log: Callable[[str], None]) -> Execute:
    """Return how to run a command beside a container's process."""

    def execute(command: list[str], seconds: float) -> tuple[int, str]:
        try:
            ended = subprocess.run(
                command,
                cwd=directory,
                env=variables,
                capture_output=True,
                timeout=seconds,
                check=False,
                stdin=subprocess.DEVNULL,
            )
        except subprocess.TimeoutExpired:
            return 1, f'command timed out: "{" ".join(command)}" timed out after {seconds:.0f}s'
        except OSError as fault:
            log(f"kubernetes: exec {command!r}: {fault}")
            return 126, f"{fault}"
        return ended.returncode, (ended.stdout + ended.stderr).decode(errors="replace")

    return execute


def watch(
    kind: Kind,
    probe: Json,
    probed: Probed,
    stopped: threading.Event,
    tell: Callable[[Outcome], bool],
) -> threading.Thread:
    """Probe until stopped; `tell` may end it by False."""
    thread = threading.Thread(target=_watch, args=(kind, probe, probed, stopped, tell), daemon=True)
    thread.start()
    return thread


def _watch(
    kind: Kind,
    probe: Json,
    probed: Probed,
    stopped: threading.Event,
    tell: Callable[[Outcome], bool],
) -> None:
    delay = probe.get("initialDelaySeconds", 0)
    if stopped.wait(max(delay, probe["periodSeconds"]) if kind == "liveness" else delay):
        return
    row, last, first = 0, None, True
    while not stopped.is_set():
        message = _message(probe, probed)
        success = not message
        row = row + 1 if success == last else 1
        last = success
        enough = probe["successThreshold"] if success else probe["failureThreshold"]
        if stopped.is_set() or not tell(Outcome(kind, success, message, row >= enough)):
            return
        eager = first and not success
        first = False
        stopped.wait(min(1.0, probe["periodSeconds"]) if eager else probe["periodSeconds"])


def _message(probe: Json, probed: Probed) -> str:
    try:
        attempt(probe, probed)
    except Failed as failure:
        return str(failure) or "probe failed"
    return ""
