"""One pod on the node: its address, volumes, containers, and its orderly end."""

import shutil
import threading

from opsbot.sandbox.kubernetes import events, kinds, writing
from opsbot.sandbox.kubernetes.cluster import Cluster, stamp
from opsbot.sandbox.kubernetes.events import Happening
from opsbot.sandbox.kubernetes.node import environment, statuses, volumes
from opsbot.sandbox.kubernetes.node.containers import Container
from opsbot.sandbox.kubernetes.node.environment import ConfigError
from opsbot.sandbox.kubernetes.node.statuses import Parts
from opsbot.sandbox.kubernetes.node.surroundings import Node, Surroundings
from opsbot.sandbox.kubernetes.node.volumes import MountFailed
from opsbot.sandbox.kubernetes.problems import Json
from opsbot.sandbox.kubernetes.storing import Writing

_KUBELET = Writing("kubelet", "status")
_CLEAN_UP_SECONDS = 0.3  # what a node needs from a pod's last process to the end of its object
_MOUNT_RETRIES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)


class Pod:
    """A pod's processes."""

    def __init__(self, cluster: Cluster, node: Node, stored: Json) -> None:
        self.cluster, self.node, self.stored = cluster, node, stored
        metadata, spec = stored["metadata"], stored["spec"]
        self.namespace, self.name = metadata["namespace"], metadata["name"]
        self._started_at = stamp()
        self._mounted = False
        self._stopping, self._closing = threading.Event(), threading.Event()
        self._grace = float(spec["terminationGracePeriodSeconds"])
        self._publishing = threading.Lock()
        around = self._surroundings()
        self.around = around
        self._over = False
        self._inits = [Container(around, c, first=True) for c in spec.get("initContainers", [])]
        self._mains = [Container(around, c) for c in spec["containers"]]
        for container in self._inits + self._mains if self._inits else []:
            container.view.state = {"waiting": {"reason": "PodInitializing"}}
        self._thread = threading.Thread(target=self._live, name=self.name, daemon=True)

    def _surroundings(self) -> Surroundings:
        address = self.node.addresses.take()
        uid = self.stored["metadata"]["uid"]
        return Surroundings(
            cluster=self.cluster,
            node=self.node,
            place=self.cluster.state / "pods" / uid,
            address=address,
            name=self.name,
            full_name=f"{self.name}_{self.namespace}({uid})",
            restart_policy=self.stored["spec"]["restartPolicy"],
            grace=self._grace,
            say=self.say,
            publish=self.publish,
            variables=lambda spec: environment.environment(
                self.cluster, self.stored, spec, address
            ),
        )

    def begin(self) -> None:
        """Start the pod."""
        self._thread.start()

    def stop(self, grace: float) -> None:
        """Begin the pod's end."""
        self._grace = grace
        self._stopping.set()
        for container in self._inits + self._mains:
            container.stop(grace)

    def kill(self) -> None:
        """End the pod's processes now, for the end of the whole sandbox."""
        self._stopping.set()
        self._closing.set()
        for container in self._inits + self._mains:
            container.kill()

    def join(self, seconds: float) -> None:
        """Wait for the pod's end."""
        self._thread.join(seconds)

    def say(
        self, reason: str, message: str, *, warning: bool = False, field_path: str = ""
    ) -> None:
        """Record an event about the pod."""
        what = Happening("kubelet", reason, message, warning, field_path)
        events.record(self.cluster, kinds.PODS, self.stored, what)

    def publish(self) -> None:
        """Write the status as it is now."""
        with self._publishing, self.cluster.store.lock:
            target = kinds.target_of(kinds.PODS, self.stored)
            writing.update(self.cluster, target, self._describe, _KUBELET)

    def _describe(self, new: Json) -> None:
        if new["metadata"]["uid"] != self.stored["metadata"]["uid"]:
            return
        parts = Parts(
            before=new["status"],
            generation=new["metadata"]["generation"],
            address=self.around.address,
            started_at=self._started_at,
            mounted=self._mounted,
            inits=self._inits,
            mains=self._mains,
            over=self._over,
            restart_policy=self.around.restart_policy,
        )
        new["status"] = statuses.compose(parts)

    def _live(self) -> None:
        try:
            self.publish()
            if self._mount() and self._initialise():
                for container in self._mains:
                    # One after the other, but none waits for another to succeed.
                    container.begin()
                    container.tried.wait()
            else:
                for container in self._mains:
                    container.done.set()
            for container in self._mains:
                container.done.wait()
            self._stopping.wait()
        finally:
            self._leave()

    def _mount(self) -> bool:
        waits = iter(_MOUNT_RETRIES)
        while not self._stopping.is_set():
            try:
                place, address = self.around.volumes, self.around.address
                volumes.prepare(self.cluster, self.stored, place, address)
            except (MountFailed, ConfigError) as fault:
                self.say("FailedMount", str(fault), warning=True)
                self._stopping.wait(next(waits, _MOUNT_RETRIES[-1]))
            else:
                self._mounted = True
                self.publish()
                return True
        return False

    def _initialise(self) -> bool:
        """Run the init containers one after the other, each until it succeeds."""
        for container in self._inits:
            container.restart_policy = (
                "Never" if self.around.restart_policy == "Never" else "OnFailure"
            )
            container.begin()
            container.done.wait()
            ended = container.view.state.get("terminated", {})
            if self._stopping.is_set() or ended.get("exitCode") != 0:
                return False
            container.show(ready=True)
        return not self._stopping.is_set()

    def _leave(self) -> None:
        """Show how the pod ended, and take its object away: its processes are gone."""
        for container in self._mains if statuses.is_initialised(self._inits) else []:
            container.close()
        self._over = True
        self.publish()
        self._closing.wait(_CLEAN_UP_SECONDS)
        with self.cluster.store.lock:
            stored = self.cluster.store.get(kinds.PODS, self.namespace, self.name)
            same = stored and stored["metadata"]["uid"] == self.stored["metadata"]["uid"]
            if stored and same and "deletionTimestamp" in stored["metadata"]:
                self.cluster.store.remove(kinds.PODS, stored)
        self.node.addresses.give_back(self.around.address)
        shutil.rmtree(self.around.place, ignore_errors=True)
