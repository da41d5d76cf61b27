"""Scheduler and kubelet in one: pods of the store become processes of this machine."""

import queue
import threading

from opsbot.sandbox.kubernetes import events, kinds
from opsbot.sandbox.kubernetes.cluster import NODE, Cluster, stamp
from opsbot.sandbox.kubernetes.images.cache import Cache
from opsbot.sandbox.kubernetes.node.addresses import Addresses
from opsbot.sandbox.kubernetes.node.pods import Pod
from opsbot.sandbox.kubernetes.node.reaper import Reaper
from opsbot.sandbox.kubernetes.node.surroundings import Node
from opsbot.sandbox.kubernetes.problems import Json
from opsbot.sandbox.kubernetes.storage import Change


class Kubelet:
    """The node's agent."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        images = Cache(cluster.state / "images")
        self._node = Node(images, Reaper(), Addresses(cluster.chance))
        if not self._node.addresses.is_wide:
            cluster.log("kubernetes: only 127.0.0.1 here: pods that share a port will collide")
        self._pods: dict[str, Pod] = {}
        self._changes: queue.Queue[Change | None] = queue.Queue()
        self._thread = threading.Thread(target=self._run, name="kubelet", daemon=True)
        cluster.store.subscribe(self._note)
        self._thread.start()

    def _note(self, change: Change) -> None:
        if change.resource is not kinds.PODS:
            return
        if change.type != "MODIFIED" or _is_leaving(change):
            self._changes.put(change)

    def _run(self) -> None:
        while (change := self._changes.get()) is not None:
            try:
                self._look(change)
            except Exception as fault:  # one pod's trouble must not stop the others
                self._cluster.log(f"kubernetes: kubelet: {fault!r}")

    def _look(self, change: Change) -> None:
        metadata = change.object["metadata"]
        uid, pod = metadata["uid"], self._pods.get(metadata["uid"])
        if change.type == "DELETED":
            self._pods.pop(uid, None)
        elif pod and "deletionTimestamp" in metadata:
            # A second deletion may shorten the grace period.
            pod.stop(float(metadata["deletionGracePeriodSeconds"]))
        elif pod is None and (bound := _bind(self._cluster, change.object)):
            self._pods[uid] = Pod(self._cluster, self._node, bound)
            self._pods[uid].begin()

    def stop(self) -> None:
        """Kill every pod's processes and wait until they are gone."""
        self._changes.put(None)
        self._thread.join(5)
        for pod in self._pods.values():
            pod.kill()
        self._node.reaper.stop()
        for pod in self._pods.values():
            pod.join(5)


def _is_leaving(change: Change) -> bool:
    before = (change.previous or {}).get("metadata", {})
    after = change.object["metadata"]
    key = "deletionGracePeriodSeconds"
    return "deletionTimestamp" in after and before.get(key) != after.get(key)


def _bind(cluster: Cluster, stored: Json) -> Json | None:
    """Give a pod to the node; as in a real cluster this does not count as a new generation."""
    metadata = stored["metadata"]
    namespace, name = metadata["namespace"], metadata["name"]
    condition = {"type": "PodScheduled", "status": "True", "lastProbeTime": None}
    condition |= {"lastTransitionTime": stamp(), "observedGeneration": metadata["generation"]}
    with cluster.store.lock:
        found = cluster.store.get(kinds.PODS, namespace, name)
        if found is None or found["metadata"]["uid"] != metadata["uid"]:
            return None
        spec = {**found["spec"], "nodeName": NODE}
        status = {**found["status"], "conditions": [condition]}
        bound = cluster.store.put(kinds.PODS, {**found, "spec": spec, "status": status})
        text = f"Successfully assigned {namespace}/{name} to {NODE}"
        events.record_scheduling(cluster, bound, "Scheduled", text)
        return bound
