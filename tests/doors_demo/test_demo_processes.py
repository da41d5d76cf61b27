"""Child processes: their last words, and nothing of them left behind."""

import os
import sys

import pytest

from opsbot.doors.demo import processes
from opsbot.doors.demo.processes import PartFailed


def python(tmp_path, code, **options):
    argv = (sys.executable, "-c", code)
    return processes.start("worker", argv, dict(os.environ), tmp_path / "worker.log", **options)


def test_stopping_kills_what_the_part_has_left_in_its_session(tmp_path):
    code = """
import os, signal, time
if os.fork() == 0:
    os.setpgid(0, 0)                         # as Airflow's task processes do
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print("ready", flush=True)
    time.sleep(600)
time.sleep(600)
"""
    answers = tmp_path / "answers"
    part = python(tmp_path, code, answers=answers)
    processes.first_line(part, answers, 20)
    assert len(processes.session_of(part.process.pid)) == 2

    processes.stop([part])

    assert processes.session_of(part.process.pid) == []


def test_a_part_that_ignores_the_request_to_stop_is_killed(tmp_path):
    code = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
time.sleep(600)
"""
    answers = tmp_path / "answers"
    part = python(tmp_path, code, answers=answers, grace=0.2)
    processes.first_line(part, answers, 20)

    processes.stop([part])

    assert part.ended


def test_a_failed_part_shows_the_end_of_its_log(tmp_path):
    part = python(tmp_path, "raise SystemExit('the port is taken')")

    with pytest.raises(PartFailed, match=r"worker failed with exit code 1.*\n.*the port is taken"):
        processes.finish(part, 20)


def test_a_part_that_ends_before_its_first_line_shows_its_log(tmp_path):
    answers = tmp_path / "answers"
    part = python(tmp_path, "raise SystemExit('no node found')", answers=answers)

    with pytest.raises(PartFailed, match="no node found"):
        processes.first_line(part, answers, 20)


def test_a_part_that_takes_too_long_is_stopped(tmp_path):
    part = python(tmp_path, "import time; time.sleep(600)")

    with pytest.raises(PartFailed, match="was not done after 0 s"):
        processes.finish(part, 0.1)

    assert part.ended


def test_a_part_that_ends_too_early_is_noticed(tmp_path):
    part = python(tmp_path, "print('out of memory')")
    part.process.wait(20)

    with pytest.raises(PartFailed, match="out of memory"):
        part.must_live()
