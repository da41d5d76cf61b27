"""The call of `opsbot demo`: wrong ones are refused before anything is started."""

import argparse
import os
import signal

import pytest

from opsbot.doors import cli
from opsbot.doors.commands import demo
from opsbot.doors.demo.scenarios import SCENARIOS
from opsbot.sandbox import repository


def call(*words):
    parser = argparse.ArgumentParser()
    demo.add_arguments(parser)
    return demo.run(parser.parse_args(words))


def test_an_unknown_scenario_is_a_wrong_call(capsys):
    assert call("--scenario", "sucess") == 2

    assert "Did you mean 'success'?" in capsys.readouterr().err


def test_the_help_lists_every_scenario_with_what_happens(capsys):
    with pytest.raises(SystemExit):
        cli.main(["demo", "--help"])

    lines = capsys.readouterr().out.splitlines()
    for scenario in SCENARIOS.values():
        assert f"  {scenario.name:<16}{scenario.what_happens}" in lines


def test_the_sandbox_has_every_scenario():
    assert sorted(repository.SCENARIOS) == sorted(SCENARIOS)


def test_a_report_in_a_folder_that_is_not_there_is_a_wrong_call(capsys, tmp_path):
    assert call("--json", str(tmp_path / "nowhere" / "report.json")) == 2

    assert "there is no folder" in capsys.readouterr().err


def test_each_demo_works_in_a_folder_of_its_own(tmp_path):
    (tmp_path / "demo-2").mkdir()
    (tmp_path / "demo-notes").mkdir()

    assert demo.next_state(tmp_path).name == "demo-3"
    assert demo.next_state(tmp_path / "empty").name == "demo-1"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_end_interrupts_once_and_lets_the_stop_finish(number):
    stopped = []
    with pytest.raises(KeyboardInterrupt), demo.interruptible():
        try:
            os.kill(os.getpid(), number)
        finally:
            os.kill(os.getpid(), number)
            stopped.append("everything")

    assert stopped == ["everything"]
