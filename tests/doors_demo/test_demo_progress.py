"""What a person sees while a plan runs."""

import io

import pytest
from rich.console import Console

from opsbot.doors.demo import progress, telling
from opsbot.doors.demo.attempt import Task
from opsbot.planning import reporting, summary
from tests.doors_demo.attempts import (
    RESTORED,
    a_rolled_back_attempt,
    a_task,
    after,
    an_attempt,
    facts,
)
from tests.planning.runs import a_run


def printed(*attempts):
    console = Console(file=io.StringIO(), width=100)
    screen = progress.PlainScreen(console)
    for attempt in attempts:
        screen.show(attempt)
    return console.file.getvalue().splitlines()


def test_a_step_is_shown_with_its_seconds_and_what_came_of_it():
    build = a_task(
        "build", "success", 5, 8.24, build_number=142, status="SUCCESS", artifacts=5, url="u"
    )

    line = progress.lines(an_attempt(build=build))[0]

    assert line.plain == (
        "  ✔ 1. Build application code: success (3.2 s): Build #142 - SUCCESS - 5 artifacts created"
    )


def test_guards_stand_where_they_run():
    ids = [line.id for line in progress.lines(an_attempt())]

    assert ids[ids.index("verify_image") + 1 : ids.index("deploy") + 1] == [
        "preview",
        "approval",
        "backup",
        "deploy",
    ]


def test_a_rollback_is_shown_only_if_there_was_one():
    quiet = [line.id for line in progress.lines(an_attempt())]
    rolled_back = [line.id for line in progress.lines(a_rolled_back_attempt())]

    assert "rollback" not in quiet
    assert rolled_back[-3:] == ["rollback", "verify_rollback", "notify"]


def test_without_a_terminal_each_change_of_a_state_is_one_line():
    waiting = an_attempt("running", deploy=Task(id="deploy", state="queued"))
    running = an_attempt("running", deploy=Task(id="deploy", state="running", began=after(9)))
    done = an_attempt(deploy=a_task("deploy", "success"))

    lines = [each for each in printed(waiting, running, running, done) if "Deploy to" in each]

    assert len(lines) == 2
    assert "running" in lines[0]
    assert "success" in lines[1]


def test_the_table_shows_what_a_waiting_task_waits_for():
    console = Console(file=io.StringIO(), width=120)
    waiting = Task(id="approval", state="awaiting_input", began=after(9))

    console.print(progress.table(an_attempt("running", approval=waiting), 120))

    assert "awaiting_input" in console.file.getvalue()


def test_long_words_never_squeeze_the_steps_names():
    long = a_task("notify", "success", notified=["slack" * 50])
    console = Console(file=io.StringIO(), width=90)

    console.print(progress.table(an_attempt(notify=long), 90))

    assert "4. Security vulnerability scan" in console.file.getvalue()


def test_a_failure_says_why():
    failed = a_task("deploy", "failed").model_copy(update={"problem": "it crashed\nline 2"})

    deploy = next(line for line in progress.lines(an_attempt(deploy=failed)) if line.id == "deploy")

    assert deploy.words == "it crashed"


@pytest.mark.parametrize("width", [80, 100])
def test_the_table_cuts_no_word_in_two(width):
    build = a_task("build", "success", build_number=142, status="SUCCESS", artifacts=5)
    image = a_task(
        "build_image",
        "success",
        image="127.0.0.1:45678/myorg/my-application:v1.0.0-prod",
        size=156_000_000,
    )
    attempt = an_attempt(build=build, build_image=image)
    console = Console(file=io.StringIO(), width=width)

    console.print(progress.table(attempt, width))

    printed = console.file.getvalue().splitlines()
    whole = {word for line in progress.lines(attempt) for word in line.plain.split()} | {"…"}
    assert len(printed) == len(progress.lines(attempt))
    for line in printed:
        assert set(line.split()) <= {*whole, *(word.strip("():") for word in whole)}, line
        assert len(line) <= width


def test_text_from_outside_is_shown_as_text_and_not_as_markup():
    odd = a_task("notify", "success", notified=["[red]slack[/red]"])
    console = Console(file=io.StringIO(), width=120)

    console.print(progress.table(an_attempt(notify=odd), 120))

    assert "[red]slack[/red]" in console.file.getvalue()


def test_the_ending_tells_users_and_times():
    attempt = a_rolled_back_attempt()
    seen = facts(after=RESTORED)

    lines = [*telling.user_lines(seen), *telling.timing_lines(attempt, seen)]

    assert (
        "Users: 100 requests sent, 0 failed; version 0.9.5 served before, version 0.9.5 serves now"
    ) in lines
    assert lines[-1].startswith("Time: set-up 30.0 s, command to first step 5.0 s")


def test_the_summary_is_the_one_that_the_run_has_made():
    attempt = an_attempt()
    made = reporting.make(attempt.asked.plan, a_run(attempt.asked.plan))
    output = {"markdown": "# ...", "data": made.model_dump(mode="json")}
    reported = an_attempt(report=a_task("report", "success", **output))

    assert telling.summary_of(reported) == summary.text(made)


def test_a_run_that_left_no_report_is_said_to_have_none():
    failed = a_task("report", "failed").model_copy(update={"problem": "it broke"})

    assert telling.summary_of(an_attempt(report=failed)) == (
        "❌ The run left no report (failed). it broke\n"
    )
    assert "not_reached" in telling.summary_of(an_attempt())
