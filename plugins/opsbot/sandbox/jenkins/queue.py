"""The queue and the executors that take from it.

An equal item that still waits (same job, same parameters) is joined, not doubled; both callers
then wait for one build. An item that left is remembered for five minutes.
"""

import itertools
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

from opsbot.sandbox.jenkins.builds import Build, Item, now
from opsbot.sandbox.jenkins.jobs import Job, Value

Run = Callable[[Build, int], None]


class Server:
    """Jobs, queue, builds and executors of one Jenkins."""

    def __init__(self, jobs: tuple[Job, ...], state: Path, run: Run, executors: int = 2) -> None:
        self.jobs = {job.name: job for job in jobs}
        self.builds: dict[str, dict[int, Build]] = {job.name: {} for job in jobs}
        self._items: dict[int, Item] = {}
        self._ids = itertools.count(1)
        self._state, self._run = state, run
        self._changed = threading.Condition()
        self._stopped = False
        self._threads = [
            threading.Thread(target=self._execute, args=(number,), daemon=True)
            for number in range(1, executors + 1)
        ]
        for thread in self._threads:
            thread.start()

    def submit(
        self, job: Job, parameters: dict[str, Value], user: str, delay: float
    ) -> tuple[Item, bool]:
        """Queue a build, or join an equal one that waits; True where it was joined."""
        due = now() + int(delay * 1000)
        with self._changed:
            for item in self._items.values():
                if item.is_waiting and item.job == job and item.parameters == parameters:
                    item.due = min(item.due, due)
                    item.users.append(user)
                    return item, True
            item = Item(next(self._ids), job, parameters, [user], due)
            self._items[item.id] = item
            self._changed.notify()
        return item, False

    def waiting(self) -> list[Item]:
        """Return the items that wait, the newest first."""
        with self._changed:
            return [item for item in reversed(self._items.values()) if item.is_waiting]

    def item(self, id: int) -> Item | None:
        """Return an item that waits or left a short while ago."""
        with self._changed:
            item = self._items.get(id)
            if item and item.is_forgotten:
                del self._items[id]
                return None
            return item

    def cancel(self, item: Item) -> bool:
        """Take an item out of the queue; False if it has just left."""
        with self._changed:
            if not item.is_waiting:
                return False
            item.cancelled = True
            item.leave()
            return True

    def next_number(self, job: Job) -> int:
        """Return the number that the job's next build will have."""
        return max(self.builds[job.name], default=job.first_build_number - 1) + 1

    def stop(self) -> None:
        """Stop every build and take no more; return when the executors are idle."""
        with self._changed:
            self._stopped = True
            running = [each for known in self.builds.values() for each in known.values()]
            for build in running:
                build.stopping.set()
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(timeout=10)

    def _execute(self, executor: int) -> None:
        while build := self._next():
            try:
                self._run(build, executor)
            except Exception as fault:  # the door of a build: it must end, and say why
                build.say(f"FATAL: {fault!r}")
                build.worsen("FAILURE")
            finally:
                self._end(build)

    def _next(self) -> Build | None:
        """Wait for an item whose time has come and make it a build."""
        with self._changed:
            while not self._stopped:
                waiting = [item for item in self._items.values() if item.is_waiting]
                ready = [item for item in waiting if item.due <= now()]
                if ready:
                    return self._begin(ready[0])
                soonest = min((item.due for item in waiting), default=None)
                self._changed.wait(None if soonest is None else max(1, soonest - now()) / 1000)
        return None

    def _begin(self, item: Item) -> Build:
        number = self.next_number(item.job)
        folder = self._state / "jobs" / item.job.name / str(number)
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "archive").mkdir(parents=True)
        build = Build(item.job, number, item.id, item.parameters, item.users, folder)
        build.log.touch()
        self.builds[item.job.name][number] = build
        item.build = build
        item.leave()
        return build

    def _end(self, build: Build) -> None:
        build.worsen("ABORTED" if build.stopping.is_set() and build.result is None else "SUCCESS")
        build.duration = max(1, now() - build.started)
        build.say(f"Finished: {build.result}")
        build.building = False
