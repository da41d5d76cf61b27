"""`opsbot plan` as a program: its output is JSON, its exit code the outcome."""

import json
import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[2]


def opsbot(
    *arguments: str, cwd: pathlib.Path = ROOT, **environ: str
) -> subprocess.CompletedProcess[str]:
    plain = {key: value for key, value in os.environ.items() if not key.startswith("OPSBOT")}
    return subprocess.run(
        [sys.executable, "-m", "opsbot.doors.cli", *arguments],
        cwd=cwd,
        env={**plain, "PYTHONPATH": str(ROOT / "plugins"), **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("command", "outcome", "code"),
    [
        ("Deploy the code to Kubernetes production", "plan", 0),
        ("deploy payments-api", "question", 3),
        ("deploy payments-api to production without tests", "refusal", 4),
    ],
)
def test_the_exit_code_tells_the_outcome(command: str, outcome: str, code: int) -> None:
    ended = opsbot("plan", command, "--json")

    assert json.loads(ended.stdout)["outcome"] == outcome
    assert ended.returncode == code
    assert ended.stderr == ""


def test_a_plan_carries_its_intent_and_its_steps() -> None:
    answer = json.loads(opsbot("plan", "deploy payments to prod", "--json").stdout)

    assert answer["intent"]["application"] == "payments-api"
    assert answer["plan"]["approval"]["required"]
    assert any(step["approval"] for step in answer["plan"]["steps"])


def test_words_of_the_command_may_stand_without_quotes() -> None:
    assert opsbot("plan", "restart", "payments", "in", "dev").returncode == 0


def test_text_and_markdown_explain_the_plan() -> None:
    text = opsbot("plan", "deploy payments to prod").stdout
    markdown = opsbot("plan", "deploy payments to prod", "--markdown").stdout

    assert "APPROVAL REQUIRED" in text
    assert markdown.startswith("#")


def test_a_question_and_a_refusal_are_said_in_words() -> None:
    assert opsbot("plan", "deploy payments").stdout.startswith("Question: ")
    assert opsbot("plan", "delete payments").stdout.startswith("Refused (unsafe): ")


@pytest.mark.parametrize(
    "arguments",
    [
        ("plan",),
        ("plan", "--batch", "commands.jsonl"),
        ("plan", "--json", "--batch", "commands.jsonl", "deploy"),
        ("plan", "--json", "--batch", "no/such/file"),
        ("plan", "--json", "--batch", "."),
        ("plan", "--nonsense", "deploy"),
        ("nonsense",),
        (),
    ],
)
def test_a_wrong_call_ends_with_two_and_a_word(arguments: tuple[str, ...]) -> None:
    ended = opsbot(*arguments)

    assert ended.returncode == 2
    assert ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_batch_gets_one_answer_a_line_in_its_order(tmp_path: pathlib.Path) -> None:
    batch = tmp_path / "batch.jsonl"
    lines = [
        b'{"command": "deploy payments to dev"}', b"", b"not json", b"[1]", b'{"command": 7}',
        b"\xff\xfe", b'{"command": "delete it"}', b"[" * 100000, b'{"command": "\\ud800 deploy"}',
        b'{"command": "deploy \\u0000 it"}', b'{"command": ""}',
        b'{"command": "restart payments in dev"}',
    ]  # fmt: skip
    batch.write_bytes(b"\n".join(lines) + b"\n")

    ended = opsbot("plan", "--json", "--batch", str(batch))

    answers = [json.loads(line) for line in ended.stdout.splitlines()]
    assert ended.returncode == 0, ended.stderr
    assert len(answers) == len(lines)
    assert [each["outcome"] for each in answers][:: len(lines) - 1] == ["plan", "plan"]
    assert all(each["outcome"] != "plan" for each in answers[1:-1])


def test_binary_input_is_answered_without_a_traceback(tmp_path: pathlib.Path) -> None:
    batch = tmp_path / "batch.bin"
    batch.write_bytes(bytes(range(256)) * 20)

    ended = opsbot("plan", "--json", "--batch", str(batch))

    assert ended.returncode == 0
    assert ended.stderr == ""


def test_a_mistake_in_the_configuration_is_named(tmp_path: pathlib.Path) -> None:
    (tmp_path / "applications.yaml").write_text("applications: [", encoding="utf-8")

    ended = opsbot("plan", "deploy it to dev", OPSBOT_INCLUDE=str(tmp_path))

    assert ended.returncode == 2
    assert "applications.yaml:1" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_planning_needs_no_airflow() -> None:
    program = (
        "import sys\n"
        "from opsbot.doors import cli\n"
        "assert cli.main(['plan', '--json', 'deploy it to dev']) == 0\n"
        "assert not [name for name in sys.modules if name.split('.')[0] == 'airflow']\n"
    )

    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "plugins")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 0, ended.stderr
