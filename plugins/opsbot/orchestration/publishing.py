"""Bring a plan to Airflow and wait until its DAG is there.

The plan goes into the store; the plan bundle gives it to the DAG processor; the scheduler then has
its graph. Two things are waited for, because either alone can mislead: the DAG's bundle version
(which a new run will be pinned to) and the tag that the graph itself carries (a version can be
stamped on a graph that was parsed a moment before).

Airflow rewrites a DAG's stored graph at most once in `[core] min_serialized_dag_update_interval`
seconds (30 by default), but tags and version at once. So where that is not 0, the next plan of a
DAG is held back until the interval since its last plan has passed. That is slow and correct; OPS
Bot's shipped configuration sets it to 0.
"""

import time
from collections.abc import Callable
from typing import Any, Protocol

from opsbot.planning.plan import Plan
from opsbot.store import plans
from opsbot.store.plans import Entry, Index
from opsbot.store.variables import Variables
from opsbot.vocabulary.errors import Refused, TryAgain
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say

PATIENCE_SECONDS = 180
POLL_SECONDS = 0.1
RUNNING = ("queued", "running")


class SeenDag(Value):
    """A DAG as Airflow's scheduler has it."""

    version: int
    tags: tuple[str, ...]
    paused: bool


class Scheduler(Protocol):
    """What is asked of Airflow while a plan is published."""

    interval: int
    """Seconds between two writes of one DAG's graph."""

    def look(self, dag_id: str) -> SeenDag | None:
        """Return a DAG, or None while Airflow has none of that id."""

    def run_state(self, dag_id: str, run_id: str) -> str | None:
        """Return the state of a run, or None where there is none."""


class Clock(Value):
    """Time, as an argument."""

    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep


def publish(
    plan: Plan,
    request: str,
    variables: Variables,
    scheduler: Scheduler,
    *,
    say: Say,
    clock: Clock | None = None,
) -> Entry:
    """Publish a plan for a front-door run and return its entry once Airflow can run it.

    A request that was served before, and a twin of a plan that still runs, get what is there.
    """
    clock = clock or Clock()
    index = plans.read_index(variables)
    served = _asked_before(index, plan, request) or _running_twin(index, plan, scheduler, clock)
    if served is not None:
        return _served(served, index, scheduler, clock, say)
    _hold_back(index.of_dag(plans.dag_id_of(plan)), scheduler.interval, say, clock)
    entry = plans.publish(variables, plan, request, clock.now())
    say(f"Published plan {entry.plan_id} as version {entry.sequence} of {entry.dag_id}")
    _wait(entry, scheduler, clock)
    plans.mark_visible(variables, entry, clock.now())
    return entry


def _asked_before(index: Index, plan: Plan, request: str) -> Entry | None:
    """Return the plan of an earlier try of this request."""
    entry = index.of_request(request)
    if entry is not None and entry.fingerprint != plan.fingerprint:
        raise Refused(
            f"Run {request!r} of the front door has asked for plan {entry.plan_id!r} before, and "
            "now asks for another. Nothing was started; trigger a new run."
        )
    return entry


def _running_twin(index: Index, plan: Plan, scheduler: Scheduler, clock: Clock) -> Entry | None:
    """Return the plan that was published for the same wish a moment ago, while its run lasts."""
    twin = index.twin_of(plan, clock.now())
    if twin is None or scheduler.run_state(twin.dag_id, twin.plan_id) not in RUNNING:
        return None
    return twin


def _served(entry: Entry, index: Index, scheduler: Scheduler, clock: Clock, say: Say) -> Entry:
    """Return a plan that was published before, if it has its run or can still be given one."""
    if scheduler.run_state(entry.dag_id, entry.plan_id) is not None:
        say(f"Plan {entry.plan_id} was published before; its run is there")
        return entry
    newest = index.of_dag(entry.dag_id)[-1]
    if newest.sequence != entry.sequence:
        raise Refused(
            f"Plan {entry.plan_id!r} was published but never started, and {newest.plan_id!r} has "
            "taken its place since. Nothing was started; ask again."
        )
    _wait(entry, scheduler, clock)
    return entry


def _hold_back(earlier: tuple[Entry, ...], interval: int, say: Say, clock: Clock) -> None:
    """Wait until Airflow will write this DAG's graph again."""
    if not earlier or not interval:
        return
    seen = earlier[-1].visible_at or clock.now()
    seconds = seen + interval + 1 - clock.now()
    if seconds > 0:
        say(
            f"Waiting {seconds:.0f} s: Airflow writes a DAG's graph once in {interval} s "
            "([core] min_serialized_dag_update_interval; 0 makes this wait unnecessary)"
        )
        clock.sleep(seconds)


def _wait(entry: Entry, scheduler: Scheduler, clock: Clock) -> None:
    deadline = clock.now() + PATIENCE_SECONDS
    while clock.now() < deadline:
        seen = scheduler.look(entry.dag_id)
        if seen is not None and _carries(seen, entry):
            if seen.paused:
                raise Refused(
                    f"DAG {entry.dag_id!r} is paused, so plan {entry.plan_id!r} was not started. "
                    "Unpause the DAG and ask again."
                )
            return
        clock.sleep(POLL_SECONDS)
    raise TryAgain(
        f"Airflow's DAG processor did not take up plan {entry.plan_id!r} within "
        f"{PATIENCE_SECONDS} s. Check that it runs and that the bundle `opsbot` has no import "
        "errors; nothing was started."
    )


def _carries(seen: SeenDag, entry: Entry) -> bool:
    return seen.version >= entry.sequence and plans.plan_tag(entry.sequence) in seen.tags


class AirflowScheduler:
    """The Airflow that runs this task."""

    def __init__(self, ti: Any) -> None:
        from airflow.configuration import conf

        self._ti = ti
        self.interval = conf.getint("core", "min_serialized_dag_update_interval", fallback=30)

    def look(self, dag_id: str) -> SeenDag | None:
        """Return a DAG, or None while Airflow has none of that id."""
        from airflow.sdk.exceptions import AirflowRuntimeError

        try:
            dag = self._ti.get_dag(dag_id)
        except AirflowRuntimeError as error:
            if "404" in str(error) or "not_found" in str(error).lower():
                return None
            raise
        return SeenDag(
            version=int(dag.bundle_version or 0), tags=tuple(dag.tags), paused=dag.is_paused
        )

    def run_state(self, dag_id: str, run_id: str) -> str | None:
        """Return the state of a run, or None where there is none."""
        from airflow.sdk.exceptions import AirflowRuntimeError

        try:
            state = self._ti.get_dagrun_state(dag_id=dag_id, run_id=run_id)
        except AirflowRuntimeError as error:
            if "404" in str(error) or "not_found" in str(error).lower():
                return None
            raise
        # An enumeration of strings, whose `str` would be `DagRunState.RUNNING`.
        return str(state.value) if state else None
