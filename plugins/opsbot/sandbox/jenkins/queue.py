"""The queue and the executors that take from it.

An equal item that still waits (same job, same parameters) is joined, not doubled; both callers
then wait for one build. An item that left is remembered for five minutes.
"""

import itertools
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

from opsbot.sandbox.jenkins.builds import Build, Item
from opsbot.sandbox.jenkins.jobs import Folder, Job, Value

Run = Callable[[Build, int], None]
Clock = Callable[[], float]
"""Seconds since 1970."""
LONGEST_LOOK = 1.0
"""Seconds between two looks at the queue: a clock that a test moves wakes nobody."""


class Server:
    """Jobs, queue, builds and executors of one Jenkins."""

    def __init__(
        self,
        jobs: tuple[Job, ...],
        state: Path,
        run: Run,
        executors: int = 2,
        clock: Clock = time.time,
    ) -> None:
        self.jobs = {job.name: job for job in jobs}
        self.folders: dict[str, Folder] = {}
        self.builds: dict[str, dict[int, Build]] = {job.name: {} for job in jobs}
        self.is_quieting = False
        self._items: dict[int, Item] = {}
        self._ids = itertools.count(1)
        self._state, self._run, self._clock = state, run, clock
        self._changed = threading.Condition()
        self._stopped = False
        self._threads = [
            threading.Thread(target=self._execute, args=(number,), daemon=True)
            for number in range(1, executors + 1)
        ]
        for thread in self._threads:
            thread.start()

    def now(self) -> int:
        """Return the server's time in milliseconds."""
        return int(self._clock() * 1000)

    def add(self, made: Job | Folder) -> None:
        """Make a job or a folder."""
        with self._changed:
            if isinstance(made, Folder):
                self.folders = {**self.folders, made.name: made}
                return
            self.builds.setdefault(made.name, {})
            self.jobs = {**self.jobs, made.name: made}

    def submit(
        self, job: Job, parameters: dict[str, Value], user: str, delay: float
    ) -> tuple[Item, bool]:
        """Queue a build, or join an equal one that waits; True where it was joined."""
        since = self.now()
        due = since + int(delay * 1000)
        with self._changed:
            for item in self._items.values():
                if item.is_waiting and item.job == job and item.parameters == parameters:
                    item.due = min(item.due, due)
                    item.users.append(user)
                    self._changed.notify()
                    return item, True
            item = Item(next(self._ids), job, parameters, [user], since, due)
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
            if item and item.is_forgotten(self.now()):
                del self._items[id]
                return None
            return item

    def cancel(self, item: Item) -> bool:
        """Take an item out of the queue; False if it has just left."""
        with self._changed:
            if not item.is_waiting:
                return False
            item.cancelled, item.left_at = True, self.now()
            return True

    def quiet(self, *, down: bool) -> None:
        """Start no more builds, or again."""
        with self._changed:
            self.is_quieting = down
            self._changed.notify_all()

    def running(self, job: Job) -> list[Build]:
        """Return a job's builds that have not ended, the oldest first."""
        return [each for _, each in sorted(self.builds[job.name].items()) if each.building]

    def next_number(self, job: Job) -> int:
        """Return the number that the job's next build will have."""
        return max(self.builds[job.name], default=job.first_build_number - 1) + 1

    def stop(self) -> None:
        """Stop every build and take no more; return when the executors are idle."""
        with self._changed:
            self._stopped = True
            for known in self.builds.values():
                for build in known.values():
                    build.interrupt("Jenkins is about to shut down")
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
                ready = [item for item in waiting if self._may_begin(item)]
                if ready:
                    return self._begin(ready[0])
                soonest = min((each.due - self.now() for each in waiting), default=None)
                seconds = LONGEST_LOOK if soonest is None else max(1, soonest) / 1000
                self._changed.wait(min(seconds, LONGEST_LOOK))
        return None

    def _may_begin(self, item: Item) -> bool:
        free = item.job.is_concurrent or not self.running(item.job)
        return free and not self.is_quieting and item.due <= self.now()

    def _begin(self, item: Item) -> Build:
        number = self.next_number(item.job)
        folder = self._state / "jobs" / item.job.name / str(number)
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "archive").mkdir(parents=True)
        build = Build(
            item.job,
            number,
            item.id,
            item.parameters,
            item.users,
            folder,
            started=self.now(),
            previous=self.builds[item.job.name].get(number - 1),
        )
        build.log.touch()
        if item.job.aborts_previous:
            for older in self.running(item.job):
                older.interrupt(f"Superseded by #{number}", "NOT_BUILT")
        self.builds[item.job.name][number] = build
        item.build, item.left_at = build, self.now()
        return build

    def _end(self, build: Build) -> None:
        stopped = build.stopping.is_set() and build.result is None
        build.worsen(build.result_when_stopped if stopped else "SUCCESS")
        build.duration = max(1, self.now() - build.started)
        build.say(f"Finished: {build.result}")
        build.building = False
        with self._changed:
            self._changed.notify_all()
