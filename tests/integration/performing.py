"""Calling the demo as a person does, and reading its report."""

import json
import subprocess
import sys
from pathlib import Path

import psutil

OPSBOT = Path(sys.executable).with_name("opsbot")


def perform(scenario, folder, *more):
    """Call the demo and return its report and its run; nothing it started may be left."""
    state, report = folder / "state", folder / "report.json"
    ended = subprocess.run(
        [OPSBOT, "demo", "--scenario", scenario, "--json", report, "--state", state, *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )

    assert ended.returncode == 0, ended.stdout
    assert processes_in(state) == []
    found = json.loads(report.read_text())
    assert found["scenario"] == scenario
    assert found["ended_as_expected"] is True
    if not more:
        assert set(found["parts"].values()) == {"sandbox"}
    assert found["setup_seconds"] > 0
    assert found["trigger_to_first_step_seconds"] > 0
    (attempt,) = found["attempts"]
    return found, attempt


def processes_in(state):
    """Return the command lines of the processes that work in a folder."""
    listed = (each.info["cmdline"] or () for each in psutil.process_iter(["cmdline"]))
    return [words for words in listed if str(state) in " ".join(words)]


def states(attempt, *ids):
    found = {each["id"]: each["state"] for each in (*attempt["steps"], *attempt["guards"])}
    return {found[each] for each in ids}


def output(attempt, id):
    return next(each["output"] for each in attempt["steps"] if each["id"] == id)


def all_was_served(found, before, after):
    requests = found["user_requests"]
    assert requests["sent"] > 0
    assert requests["failed"] == 0
    assert found["versions"] == {"before": before, "after": after}
