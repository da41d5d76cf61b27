"""One container of a pod: an actor that pulls, starts, waits, backs off and starts again.

All that happens to it arrives in one queue (its process ended, a probe failed, the pod is to
stop), so its life is a straight loop.
"""

import queue
import shutil
import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from opsbot.sandbox.kubernetes.cluster import stamp
from opsbot.sandbox.kubernetes.images.cache import Image
from opsbot.sandbox.kubernetes.node import environment, processes, programs, pulling, volumes
from opsbot.sandbox.kubernetes.node.back_off import BackOff
from opsbot.sandbox.kubernetes.node.environment import ConfigError
from opsbot.sandbox.kubernetes.node.probing import Probing
from opsbot.sandbox.kubernetes.node.processes import Run, Watch
from opsbot.sandbox.kubernetes.node.programs import NoCommand, NotStartable, Program
from opsbot.sandbox.kubernetes.node.recording import Recording
from opsbot.sandbox.kubernetes.node.surroundings import Surroundings
from opsbot.sandbox.kubernetes.problems import Json

Message = Literal["ended", "liveness", "startup", "stop"]
CONFIG_RETRY = 13.0
# A kubelet looks at its containers once a second, so it learns of a start or an end a little later.
_START_SEEN_AFTER, _END_SEEN_AFTER = 0.4, 0.3
_LOST: Json = {
    "exitCode": 137,
    "reason": "ContainerStatusUnknown",
    "message": "The container could not be located when the pod was terminated",
    "startedAt": None,
    "finishedAt": None,
}


@dataclass
class View:
    """What the pod's status shows of a container."""

    state: Json = field(default_factory=lambda: {"waiting": {"reason": "ContainerCreating"}})
    last_state: Json = field(default_factory=dict)
    restarts: int = 0
    ready: bool = False
    started: bool = False
    identity: str = ""
    image: Image | None = None


class Container:
    """The actor of one container."""

    def __init__(self, around: Surroundings, spec: Json, *, first: bool = False) -> None:
        self.around, self.spec = around, spec
        self._is_first = first
        self.name: str = spec["name"]
        self.view = View()
        self.tried, self.done = threading.Event(), threading.Event()
        self._messages: queue.Queue[Message] = queue.Queue()
        self._stopping, self._killed = threading.Event(), threading.Event()
        self._grace = 30.0
        self._run: Run | None = None
        self._probing = Probing(self)
        self._back_off = BackOff(self)
        self._program: Program | None = None
        self.restart_policy = around.restart_policy

    def begin(self) -> None:
        """Start the actor."""
        threading.Thread(target=self._live, name=self.name, daemon=True).start()

    def stop(self, grace: float) -> None:
        """Ask for the end within a grace period."""
        self._grace = grace
        self._stopping.set()
        self._messages.put("stop")

    def kill(self) -> None:
        """End now, whatever the manifest says."""
        self._stopping.set()
        self._killed.set()
        if run := self._run:
            run.kill()
        self._messages.put("stop")

    def unhealthy(self, probe: Literal["liveness", "startup"]) -> None:
        """Take note that a probe has failed for good."""
        self._messages.put(probe)

    def close(self) -> None:
        """Show how it ended, now that its pod has: its last end, or none that anybody saw."""
        if "terminated" not in self.view.state:
            ended = self.view.last_state or {"terminated": _LOST}
            self.view.state, self.view.last_state = ended, {}
        self.view.ready = self.view.started = False

    def say(self, reason: str, message: str, *, warning: bool = False) -> None:
        """Record an event about this container."""
        path = f"spec.containers{{{self.name}}}"
        self.around.say(reason, message, warning=warning, field_path=path)

    def show(self, **changed: object) -> None:
        """Change what the status shows."""
        for name, value in changed.items():
            setattr(self.view, name, value)
        self.around.publish()

    def wait(self, reason: str, message: str = "") -> None:
        """Show why the container is not running."""
        waiting = {"reason": reason} | ({"message": message} if message else {})
        self.show(state={"waiting": waiting}, ready=False, started=False)
        self.tried.set()

    def pause(self, seconds: float) -> bool:
        """Wait; True if the pod is to stop meanwhile."""
        return self._stopping.wait(seconds)

    def _live(self) -> None:
        try:
            while not self._stopping.is_set() and self._live_once():
                pass
        except Exception as fault:  # one container's trouble must not leave its pod hanging
            self.around.cluster.log(f"kubernetes: container {self.name}: {fault!r}")
        finally:
            if self._stopping.is_set():
                self._killed.wait(_END_SEEN_AFTER)
            self.tried.set()
            self.done.set()
            self.around.publish()

    def _live_once(self) -> bool:
        """Live one life; True if another follows."""
        image = pulling.ensure(self)
        if image is None:
            return False
        self.view.image = image
        run = self._start(image)
        if run is None:
            return not self._stopping.is_set()
        self._await_end(run)
        if self._stopping.is_set() or not self._restarts():
            return False
        return self._back_off.before_next_life()

    def _start(self, image: Image) -> Run | None:
        """Start the process; None if it could not be, after the wait that this costs."""
        identity = uuid.uuid4().hex * 2
        root = self.around.place / self.name / "root"
        try:
            seen = self._furnish(image, root)
            variables = self.around.variables(self.spec)
            host = self.around.name
            program = programs.program(image, self.spec, variables, root, host)
            return self._launch(program, identity, seen)
        except (ConfigError, NoCommand) as missing:
            kind = "Config" if isinstance(missing, ConfigError) else ""
            self.wait(f"CreateContainer{kind}Error", str(missing))
            self.say("Failed", f"Error: {missing}", warning=True)
            self.pause(CONFIG_RETRY)
        except (NotStartable, OSError) as fault:
            self._fail_to_start(identity, str(fault))
        return None

    def _furnish(self, image: Image, root: Path) -> list[tuple[Path, str]]:
        """Give the container a fresh copy of its image, with the volumes in it."""
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(image.root, root, symlinks=True)
        seen = volumes.mount(self.spec, root, self.around.volumes)
        return [*seen, (root, "")]

    def _launch(self, program: Program, identity: str, seen: list[tuple[Path, str]]) -> Run:
        recording = Recording(self.around.place / self.name / f"{identity}.log", seen)
        # A queue of its own: what concerned an earlier life must not end this one.
        messages: queue.Queue[Message] = queue.Queue()
        self._messages = messages
        watch = Watch(recording, self.around.node.reaper, lambda: messages.put("ended"))
        self.say("Created", f"Created container: {self.name}")
        run = processes.start(program, identity, watch, environment.memory_limit(self.spec))
        self._run, self._program = run, program
        self.view.identity = identity
        if self._stopping.is_set():
            # `stop` may have come between the last look and the start.
            self._messages.put("stop")
        self.say("Started", f"Started container {self.name}")
        self.tried.set()
        starting = "startupProbe" in self.spec
        if run.wait(_START_SEEN_AFTER):
            # A life as short as this nobody sees.
            return run
        # An init container is ready when it has done its work.
        ready = "readinessProbe" not in self.spec and not starting and not self._is_first
        state = {"running": {"startedAt": run.started_at}}
        self.show(state=state, started=not starting, ready=ready)
        self._probing.begin(program)
        return run

    def _fail_to_start(self, identity: str, message: str) -> None:
        ended: Json = {"exitCode": 128, "reason": "StartError", "message": message}
        ended |= {"startedAt": "1970-01-01T00:00:00Z", "finishedAt": stamp()}
        ended["containerID"] = f"containerd://{identity}"
        self.view.identity = identity
        self.view.last_state = {"terminated": ended}
        self.wait("RunContainerError", message)
        self.say("Created", f"Created container: {self.name}")
        self.say("Failed", f"Error: {message}", warning=True)
        self._back_off.after_failed_start()

    def _await_end(self, run: Run) -> None:
        while run.exit_code is None:
            match self._messages.get():
                case "liveness" | "startup" as probe:
                    reason = f"Container {self.name} failed {probe} probe, will be restarted"
                    self.say("Killing", reason)
                    self._end(run, self.around.grace)
                case "stop":
                    self.say("Killing", f"Stopping container {self.name}")
                    self._end(run, self._grace)
        self._probing.end()
        self._run = None
        self.view.state = {"terminated": run.ended()}
        self.view.ready = self.view.started = False
        if not self._stopping.is_set():
            self.around.publish()

    def _end(self, run: Run, grace: float) -> None:
        """Run preStop, ask the process to end, and kill it when the grace period is over."""
        threading.Thread(target=self._ask_to_end, args=(run, grace), daemon=True).start()

    def _ask_to_end(self, run: Run, grace: float) -> None:
        deadline = time.monotonic() + grace
        self._probing.before_stop(self._program, grace)
        run.terminate()
        # The kubelet gives a process two seconds even when preStop used all of the grace period.
        left = max(deadline - time.monotonic(), 2.0 if grace else 0.0)
        if not run.wait(left):
            run.kill()

    def _restarts(self) -> bool:
        ended = self.view.state["terminated"]
        policy = self.restart_policy
        return policy == "Always" or (policy == "OnFailure" and ended["exitCode"] != 0)
