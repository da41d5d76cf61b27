"""The users who ask the service all along, and the outsider's look at the cluster."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from kubernetes.client import (
    V1ContainerState,
    V1ContainerStateTerminated,
    V1ContainerStateWaiting,
    V1ContainerStatus,
    V1ObjectMeta,
    V1Pod,
    V1PodStatus,
)

from opsbot.doors.demo import cluster, users
from opsbot.doors.demo.users import Requests, Users

CRASHED = datetime(2026, 1, 20, 11, 0, tzinfo=UTC)


class Application(ThreadingHTTPServer):
    """An application that can be told to fail."""

    status = 200

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(json.dumps({"version": "0.9.5"}).encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def application() -> Iterator[Application]:
    server = Application(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def until(condition):
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_users_count_what_they_send_and_what_fails(application):
    with Users(application.url) as people:
        until(lambda: people.met.sent >= 2)
        before = people.met
        application.status = 503
        until(lambda: people.met.failed >= 2)

    assert before.failed == 0
    assert people.met.failures[0] == "status 503"


def test_a_service_that_nobody_answers_for_is_a_failure():
    assert users.failure_of("http://127.0.0.1:1/").startswith("ConnectError")


def test_only_the_first_failures_are_kept_in_words():
    met = Requests()
    for number in range(9):
        met = users.counted(met, f"failure {number}")

    assert (met.sent, met.failed, len(met.failures)) == (9, 9, 5)


def test_the_service_says_its_version_itself(application):
    assert users.served_version(application.url, seconds=20) == "0.9.5"
    assert users.served_version("http://127.0.0.1:1/", seconds=0.1) is None


def a_pod(state=None, last_state=None, deleted=None):
    container = V1ContainerStatus(
        image="app",
        image_id="app",
        name="app",
        ready=False,
        restart_count=1,
        state=state,
        last_state=last_state,
    )
    metadata = V1ObjectMeta(name="pod", deletion_timestamp=deleted)
    return V1Pod(metadata=metadata, status=V1PodStatus(container_statuses=[container]))


def ended(exit_code):
    terminated = V1ContainerStateTerminated(exit_code=exit_code, finished_at=CRASHED)
    return V1ContainerState(terminated=terminated)


def test_a_crash_is_dated_by_the_cluster():
    waiting = V1ContainerState(waiting=V1ContainerStateWaiting(reason="CrashLoopBackOff"))

    assert cluster.failures(a_pod(state=ended(1))) == [CRASHED]
    assert cluster.failures(a_pod(state=waiting, last_state=ended(1))) == [CRASHED]


def test_a_pod_that_ends_in_order_or_is_being_deleted_is_no_crash():
    assert cluster.failures(a_pod(state=ended(0))) == []
    assert cluster.failures(a_pod(state=ended(137), deleted=CRASHED)) == []


def test_a_waiting_reason_that_nothing_heals_is_a_failure_from_now_on():
    hopeless = V1ContainerState(waiting=V1ContainerStateWaiting(reason="InvalidImageName"))
    starting = V1ContainerState(waiting=V1ContainerStateWaiting(reason="ContainerCreating"))

    assert len(cluster.failures(a_pod(state=hopeless))) == 1
    assert cluster.failures(a_pod(state=starting)) == []
