"""A container's probes and its preStop hook, and what their outcomes mean for it."""

import contextlib
import threading
import time
from typing import TYPE_CHECKING

from opsbot.sandbox.kubernetes.node import probes
from opsbot.sandbox.kubernetes.node.probes import Kind, Probed
from opsbot.sandbox.kubernetes.node.programs import Program

if TYPE_CHECKING:
    from opsbot.sandbox.kubernetes.node.containers import Container


class Probing:
    """The probes of one life of a container."""

    def __init__(self, container: "Container") -> None:
        self._container = container
        self._stopped = threading.Event()
        self._probed: Probed | None = None

    def begin(self, program: Program) -> None:
        """Start probing a process that was just started."""
        self._stopped = threading.Event()
        spec, around = self._container.spec, self._container.around
        ports = {p["name"]: p["containerPort"] for p in spec.get("ports", []) if "name" in p}
        execute = probes.in_container(
            str(program.directory), program.environment, around.cluster.log
        )
        self._probed = Probed(around.address, ports, execute)
        if "startupProbe" in spec:
            self._watch("startup", self._stopped)
        else:
            self._watch_life(self._stopped)

    def _watch_life(self, stopped: threading.Event) -> None:
        for kind in ("readiness", "liveness"):
            if f"{kind}Probe" in self._container.spec:
                self._watch(kind, stopped)

    def _watch(self, kind: Kind, stopped: threading.Event) -> None:
        assert self._probed is not None, "probing has begun"
        probe = self._container.spec[f"{kind}Probe"]

        def tell(kind: Kind, success: bool, message: str, decided: bool) -> bool:
            return not stopped.is_set() and self._told(kind, success, message, decided, stopped)

        probes.watch(kind, probe, self._probed, stopped, tell)

    def end(self) -> None:
        """Stop probing."""
        self._stopped.set()

    def _told(
        self, kind: Kind, success: bool, message: str, decided: bool, stopped: threading.Event
    ) -> bool:
        """Act on an outcome; False ends this probe."""
        if not success:
            text = f"{kind.capitalize()} probe failed: {message}"
            self._container.say("Unhealthy", text, warning=True)
        if not decided:
            return True
        match kind, success:
            case "readiness", _:
                if self._container.view.ready != success:
                    self._container.show(ready=success)
            case "startup", True:
                ready = "readinessProbe" not in self._container.spec
                self._container.show(started=True, ready=ready)
                self._watch_life(stopped)
                return False
            case _, False:
                self._container.unhealthy()
                return False
        return True

    def before_stop(self, program: Program | None, grace: float) -> None:
        """Run the preStop hook, for as long as the grace period allows."""
        hook = self._container.spec.get("lifecycle", {}).get("preStop", {})
        if not hook or not grace:
            return
        if "sleep" in hook:
            time.sleep(min(hook["sleep"].get("seconds", 0), grace))
        elif self._probed is not None and program is not None:
            with contextlib.suppress(probes.Failed):
                probes.attempt({**hook, "timeoutSeconds": grace}, self._probed)
