"""However the sandbox ends, its pods end with it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.sandbox_kubernetes.yard import Yard

PROGRAM = """
import sys, time
from pathlib import Path
from opsbot.sandbox.kubernetes import server
from tests.sandbox_kubernetes.stage import Stage, deployment

handle = server.start(Path(sys.argv[1]), print)
stage = Stage(handle)
stage.apply(deployment(sys.argv[2], 2))
stage.wait(stage.is_rolled_out)
print("ready", flush=True)
if sys.argv[3] == "stop":
    sys.stdin.readline()
    handle.stop()
else:
    time.sleep(600)
"""


def processes_in(folder: Path) -> set[int]:
    """The processes that work in a folder."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                where = (entry / "cwd").readlink()
            except OSError:
                continue
            if str(where).startswith(str(folder)):
                found.add(int(entry.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="needs /proc")
@pytest.mark.parametrize("way", ["stop", "kill -9"])
def test_no_pod_outlives_the_sandbox(yard: Yard, tmp_path: Path, way: str) -> None:
    image = yard.node("good")
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path), image, way],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": "plugins:."},
    )
    assert process.stdout is not None
    assert process.stdin is not None
    assert process.stdout.readline() == b"ready\n"
    assert len(processes_in(tmp_path / "pods")) == 2

    if way == "stop":
        process.stdin.write(b"\n")
        process.stdin.flush()
    else:
        process.send_signal(signal.SIGKILL)

    process.wait(20)
    ends = time.monotonic() + 10
    while processes_in(tmp_path / "pods") and time.monotonic() < ends:
        time.sleep(0.05)
    assert processes_in(tmp_path / "pods") == set()
