"""A container's probes and its preStop hook, and what their outcomes mean for it."""

import contextlib
import threading
import time
from typing import TYPE_CHECKING

from opsbot.sandbox.kubernetes.node import probes
from opsbot.sandbox.kubernetes.node.probes import Kind, Outcome, Probed
from opsbot.sandbox.kubernetes.node.programs import Program

if TYPE_CHECKING:
    from opsbot.sandbox.kubernetes.node.containers import Container


LIFE: tuple[Kind, ...] = ("readiness", "liveness")


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
            self._watch("startup", self._probed, self._stopped)
        else:
            self._watch_life(self._probed, self._stopped)

    def _watch_life(self, probed: Probed, stopped: threading.Event) -> None:
        for kind in LIFE:
            if f"{kind}Probe" in self._container.spec:
                self._watch(kind, probed, stopped)

    def _watch(self, kind: Kind, probed: Probed, stopped: threading.Event) -> None:
        probe = self._container.spec[f"{kind}Probe"]

        def tell(outcome: Outcome) -> bool:
            if stopped.is_set():
                return False
            if outcome == Outcome("startup", True, "", True):
                self._watch_life(probed, stopped)
            return self._told(outcome)

        probes.watch(kind, probe, probed, stopped, tell)

    def end(self) -> None:
        """Stop probing."""
        self._stopped.set()

    def _told(self, outcome: Outcome) -> bool:
        """Act on an outcome; False ends this probe."""
        container = self._container
        if not outcome.success:
            text = f"{outcome.kind.capitalize()} probe failed: {outcome.message}"
            container.say("Unhealthy", text, warning=True)
        if not outcome.decided:
            return True
        match outcome.kind, outcome.success:
            case "readiness", ready:
                if container.view.ready != ready:
                    container.show(ready=ready)
                return True
            case "startup", True:
                container.show(started=True, ready="readinessProbe" not in container.spec)
                return False
            case ("liveness" | "startup") as kind, False:
                container.unhealthy(kind)
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
