"""One container of a pod: an actor that pulls, starts, waits, backs off and starts again.

All that happens to it arrives in one queue (its process ended, liveness failed, the pod is to
stop), so its life is a straight loop. The first restart is immediate; then 10 s, 20 s, 40 s and so
on. `CrashLoopBackOff` therefore first shows after the second crash.
"""

import queue
import shutil
import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from opsbot.sandbox.kubernetes.cluster import parse, stamp
from opsbot.sandbox.kubernetes.images.cache import Image
from opsbot.sandbox.kubernetes.node import environment, processes, programs, pulling, volumes
from opsbot.sandbox.kubernetes.node.environment import ConfigError
from opsbot.sandbox.kubernetes.node.probing import Probing
from opsbot.sandbox.kubernetes.node.processes import Run, Watch
from opsbot.sandbox.kubernetes.node.programs import NoCommand, NotStartable, Program
from opsbot.sandbox.kubernetes.node.recording import Recording
from opsbot.sandbox.kubernetes.node.surroundings import Surroundings
from opsbot.sandbox.kubernetes.problems import Json

Message = Literal["ended", "unhealthy", "stop"]
CONFIG_RETRY = 13.0
FIRST_BACK_OFF, LONGEST_BACK_OFF = 10.0, 300.0
FORGIVEN_AFTER = 600.0
_SHOWN_FOR = 1.5
_SEEN_AFTER = 0.7  # a kubelet looks at its containers once a second


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

    def __init__(self, around: Surroundings, spec: Json) -> None:
        self.around, self.spec = around, spec
        self.name: str = spec["name"]
        self.view = View()
        self.done = threading.Event()
        self._messages: queue.Queue[Message] = queue.Queue()
        self._stopping = threading.Event()
        self._grace = 30.0
        self._run: Run | None = None
        self._probing = Probing(self)
        self._back_off = 0.0
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
        if run := self._run:
            run.kill()
        self._messages.put("stop")

    def unhealthy(self) -> None:
        """Take note that the liveness or startup probe has failed for good."""
        self._messages.put("unhealthy")

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
        return self._wait_for_next_life()

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
        if self._stopping.is_set():
            # `stop` may have come between the last look and the start.
            self._messages.put("stop")
        self.say("Started", f"Started container {self.name}")
        starting = "startupProbe" in self.spec
        ready = "readinessProbe" not in self.spec and not starting
        state = {"running": {"startedAt": run.started_at}}
        self.show(state=state, identity=identity, started=not starting, ready=ready)
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
        if not self.pause(_SHOWN_FOR):
            self._sit_out_if_repeated()

    def _await_end(self, run: Run) -> None:
        while run.exit_code is None:
            match self._messages.get():
                case "unhealthy":
                    reason = f"Container {self.name} failed liveness probe, will be restarted"
                    self.say("Killing", reason)
                    self._end(run, self.around.grace)
                case "stop":
                    self.say("Killing", f"Stopping container {self.name}")
                    self._end(run, self._grace)
        self._probing.end()
        self._run = None
        self.show(state={"terminated": run.ended()}, ready=False, started=False)

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

    def _wait_for_next_life(self) -> bool:
        ended = self.view.state
        if _lived(ended["terminated"]) > FORGIVEN_AFTER:
            self._back_off = 0.0
        if self.pause(_SEEN_AFTER):
            return False
        self.view.last_state = ended
        return self._sit_out_if_repeated()

    def _sit_out_if_repeated(self) -> bool:
        """Wait before the next life unless it is the second; False if the pod is to stop."""
        if self._back_off and not self._sit_out():
            return False
        self._back_off = self._back_off or FIRST_BACK_OFF
        self.view.restarts += 1
        return not self._stopping.is_set()

    def _sit_out(self) -> bool:
        """Wait in CrashLoopBackOff; False if the pod is to stop."""
        seconds = self._back_off
        about = self.around.full_name
        text = f"back-off {_spelled(seconds)} restarting failed container={self.name} pod={about}"
        self.wait("CrashLoopBackOff", text)
        event = f"Back-off restarting failed container {self.name} in pod {about}"
        self.say("BackOff", event, warning=True)
        self._back_off = min(2 * seconds, LONGEST_BACK_OFF)
        return not self.pause(seconds)


def _lived(ended: Json) -> float:
    begin, end = parse(ended["startedAt"]), parse(ended["finishedAt"])
    return (end - begin).total_seconds()


def _spelled(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}m{rest}s" if minutes else f"{rest}s"
