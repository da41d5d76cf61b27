"""Jenkins: asked by python-jenkins where it can, and over plain HTTP where it hides the answer."""

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import jenkins
import pytest
import requests

from opsbot.sandbox import machine
from opsbot.sandbox.jenkins import running
from opsbot.sandbox.jenkins import server as web
from opsbot.sandbox.jenkins.jobs import BRANCH, RUN, Command, Job, Parameter
from opsbot.sandbox.jenkins.queue import Server
from opsbot.sandbox.jenkins.running import Place
from opsbot.sandbox.loopback import Service
from tests.sandbox.conftest import log

SECRET = "squ_very_secret"
JUNIT = (
    "<testsuites><testsuite name='s' time='0.5'><testcase name='a' classname='c' time='0.1'/>"
    "{}</testsuite></testsuites>"
)
FAILED = (
    "<testcase name='b' classname='c'><failure message='1 is not 2'>at line 3</failure></testcase>"
)
SKIPPED = "<testcase name='d' classname='c'><skipped message='later'/></testcase>"
LCOV = "SF:src/a.js\\nDA:1,1\\nDA:2,0\\nSF:test/b.js\\nDA:1,1\\n"


def python(code: str, *arguments: str, judged: bool = False) -> Command:
    return Command("Work", (sys.executable, "-c", code, *arguments), judged_by_tests=judged)


def reporting(report: str, code: int) -> Job:
    write = (
        f"open('junit.xml', 'w').write({report!r}); open('lcov.info', 'w').write('{LCOV}');"
        f"raise SystemExit({code})"
    )
    # Braces stand for parameters in a command.
    return Job(
        "tested", "", (), (python(write, judged=True),), (), "junit.xml", "lcov.info", ("src",)
    )


HELLO = Job(
    "hello",
    "Says hello",
    (BRANCH, Parameter("loud", False), Parameter("who", "", "", ("world", "moon")), RUN),
    (
        python("import os, sys; print('hello', sys.argv[1:], os.environ['SONAR_TOKEN'])", "{who}"),
        python("open('made.txt', 'w').write(open('file.txt').read())"),
    ),
    ("made.txt", "missing/*"),
    first_build_number=142,
)
PLAIN = Job("plain", "", (), (python("print('plain')"),))
BROKEN = Job("broken", "", (), (python("raise SystemExit(7)"), python("print('not reached')")))
ENDLESS = Job(
    "endless", "", (RUN,), (python("import time; print('begun', flush=True); time.sleep(600)"),)
)


def git(folder: Path, *arguments: str) -> str:
    person = {
        f"GIT_{role}_{what}": "robin@example.com"
        for role in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    ended = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env=machine.environment(folder) | person,
        check=True,
        capture_output=True,
        text=True,
    )
    return ended.stdout.strip()


@dataclass
class Jenkins:
    service: Service
    login: web.Login
    repository: Path
    server: Server

    @property
    def client(self) -> Any:
        return jenkins.Jenkins(self.service.url, self.login.user, self.login.token, timeout=10)

    def send(self, method: str, path: str, **options: Any) -> requests.Response:
        options.setdefault("auth", (self.login.user, self.login.token))
        return requests.request(
            method, f"{self.service.url}/{path}", allow_redirects=False, **options
        )

    def started(self, item: int) -> tuple[str, int]:
        """Wait until an item is a build; return its job and number."""
        for _ in range(1000):
            found = self.client.get_queue_item(item)
            if found.get("executable"):
                return found["task"]["name"], found["executable"]["number"]
            time.sleep(0.01)
        raise AssertionError("the build did not start")

    def ended(self, item: int) -> dict[str, Any]:
        """Wait until an item's build has ended and return it."""
        job, number = self.started(item)
        for _ in range(2000):
            build: dict[str, Any] = self.client.get_build_info(job, number)
            if not build["building"]:
                return build
            time.sleep(0.01)
        raise AssertionError("the build did not end")

    def run(self, job: str, **parameters: str) -> dict[str, Any]:
        return self.ended(self.client.build_job(job, parameters or None))

    def console(self, build: dict[str, Any]) -> str:
        job = build["fullDisplayName"].partition(" ")[0]
        return str(self.client.get_build_console_output(job, build["number"]))


def begin(tmp_path: Path, *jobs: Job) -> Jenkins:
    repository = tmp_path / "repository"
    repository.mkdir()
    git(repository, "init", "--quiet", "--initial-branch=main")
    for version in ("one", "two"):
        (repository / "file.txt").write_text(version)
        git(repository, "add", "--all")
        git(repository, "commit", "--quiet", "--message", version)
        git(repository, "tag", f"v-{version}")
    place = Place(tmp_path / "state", repository, {"SONAR_TOKEN": SECRET}, (SECRET,))
    server = Server(jobs, place.state, partial(running.run, place))
    login = web.Login()
    return Jenkins(web.start(server, login, log), login, repository, server)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Jenkins]:
    found = begin(tmp_path, HELLO, PLAIN, BROKEN, ENDLESS)
    yield found
    found.service.stop()
    found.server.stop()


def value(build: dict[str, Any], name: str) -> Any:
    actions = [action for action in build["actions"] if "parameters" in action]
    return {each["name"]: each["value"] for each in actions[0]["parameters"]}[name]


def test_a_build_runs_its_commands_and_keeps_what_they_made(server: Jenkins) -> None:
    build = server.run("hello", branch="main", who="moon")

    assert (build["result"], build["number"]) == ("SUCCESS", 142)
    assert [each["relativePath"] for each in build["artifacts"]] == ["made.txt"]
    assert server.send("GET", "job/hello/142/artifact/made.txt").content == b"two"
    assert "hello ['moon']" in server.console(build)
    assert server.console(build).rstrip().endswith("Finished: SUCCESS")


def test_secrets_are_masked_in_the_console(server: Jenkins) -> None:
    build = server.run("hello", branch="main")

    assert SECRET not in server.console(build)
    assert "****" in server.console(build)


@pytest.mark.parametrize("spelling", ["v-one", "refs/tags/v-one", "commit"])
def test_any_reference_can_be_built(server: Jenkins, spelling: str) -> None:
    commit = git(server.repository, "rev-parse", "v-one")

    build = server.run("hello", branch=commit if spelling == "commit" else spelling)

    assert server.send("GET", "job/hello/142/artifact/made.txt").content == b"one"
    revisions = [
        each["lastBuiltRevision"]["SHA1"]
        for each in build["actions"]
        if "lastBuiltRevision" in each
    ]
    assert revisions == [commit]


@pytest.mark.parametrize("branch", ["unknown", "--upload-pack=touch x", "a..b", "-x", "a b;c"])
def test_a_reference_that_is_none_fails_the_build_and_says_so(server: Jenkins, branch: str) -> None:
    build = server.run("hello", branch=branch)

    assert build["result"] == "FAILURE"
    assert "ERROR: " in server.console(build)
    assert build["artifacts"] == []


def test_a_failing_command_fails_the_build_and_ends_it(server: Jenkins) -> None:
    build = server.run("broken")

    assert build["result"] == "FAILURE"
    assert "ERROR: script returned exit code 7" in server.console(build)
    assert "not reached" not in server.console(build).replace("print('not reached')", "")


def test_a_job_tells_its_parameters(server: Jenkins) -> None:
    job = server.client.get_job_info("hello")

    (declared,) = job["property"]
    kinds = {each["name"]: each["type"] for each in declared["parameterDefinitions"]}
    assert kinds == {
        "branch": "StringParameterDefinition",
        "loud": "BooleanParameterDefinition",
        "who": "ChoiceParameterDefinition",
        "OPSBOT_RUN": "StringParameterDefinition",
    }
    assert job["nextBuildNumber"] == 142
    assert (job["buildable"], job["lastBuild"]) == (True, None)


def test_values_get_their_kind_defaults_fill_in_and_strangers_are_dropped(server: Jenkins) -> None:
    build = server.run("hello", loud="true", stranger="x")

    assert value(build, "loud") is True
    assert value(build, "branch") == "main"
    assert value(build, "who") == "world"
    assert "stranger" not in str(build["actions"])


def test_a_trigger_answers_where_its_queue_item_is(server: Jenkins) -> None:
    answer = server.send("POST", "job/hello/buildWithParameters", data={"branch": "main"})

    assert answer.status_code == 201
    assert answer.headers["Location"].startswith(f"{server.service.url}/queue/item/")


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("job/hello/build", 400, "Nothing is submitted"),
        ("job/plain/buildWithParameters", 400, "plain is not parameterized"),
        ("job/none/build", 404, "Not Found"),
        ("job/hello/buildWithParameters?who=mars", 500, "Illegal choice for parameter who: mars"),
        ("job/hello/buildWithParameters?branch=a&branch=b", 500, "Illegal number"),
    ],
)
def test_a_wrong_trigger_is_refused_in_html(
    server: Jenkins, path: str, status: int, words: str
) -> None:
    answer = server.send("POST", path)

    assert answer.status_code == status
    assert words in answer.text
    assert "text/html" in answer.headers["Content-Type"]
    assert server.client.get_queue_info() == []


def test_nothing_is_triggered_by_a_get(server: Jenkins) -> None:
    answer = server.send("GET", "job/hello/buildWithParameters")

    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


def test_an_equal_item_that_waits_is_joined(server: Jenkins) -> None:
    form = {"branch": "main", "delay": "60sec"}
    first = server.send("POST", "job/hello/buildWithParameters", data=form)
    second = server.send("POST", "job/hello/buildWithParameters", data=form)
    other = server.send("POST", "job/hello/buildWithParameters", data=form | {"OPSBOT_RUN": "k"})

    assert (second.status_code, second.headers["Location"]) == (303, first.headers["Location"])
    assert other.status_code == 201
    items = server.client.get_queue_info()
    assert [item["_class"].rpartition("$")[2] for item in items] == ["WaitingItem"] * 2
    assert len(items[1]["actions"][1]["causes"]) == 2


def test_a_waiting_item_can_be_cancelled(server: Jenkins) -> None:
    item = server.client.build_job("hello", {"branch": "main", "delay": "60sec"})

    answer = server.send("POST", f"queue/cancelItem?id={item}")

    assert answer.status_code == 204
    left = server.client.get_queue_item(item)
    assert (left["cancelled"], left["executable"]) == (True, None)
    assert server.client.get_queue_info() == []
    assert server.send("POST", f"queue/cancelItem?id={item}").status_code == 500
    assert server.send("POST", "queue/cancelItem?id=99999").status_code == 404


def test_items_wait_while_both_executors_are_busy(server: Jenkins) -> None:
    busy = [server.client.build_job("endless", {"OPSBOT_RUN": str(key)}) for key in (1, 2)]
    for item in busy:
        server.started(item)

    waiting = server.client.get_queue_item(server.client.build_job("plain"))

    assert waiting["_class"].endswith("BuildableItem")
    assert waiting["why"] == "Waiting for next available executor"
    assert "executable" not in waiting


def test_a_build_leads_back_to_its_queue_item_and_lists_know_it(server: Jenkins) -> None:
    item = server.client.build_job("hello", {"OPSBOT_RUN": "key"})
    build = server.ended(item)

    tree = "builds[number,queueId,actions[parameters[name,value]]]{0,100}"
    listed = server.send("GET", f"job/hello/api/json?tree={tree}").json()["builds"]

    assert build["queueId"] == item
    assert [(each["queueId"], value(each, "OPSBOT_RUN")) for each in listed] == [(item, "key")]


def test_a_running_build_tells_its_console_in_pieces_and_can_be_stopped(server: Jenkins) -> None:
    item = server.client.build_job("endless", {"OPSBOT_RUN": "1"})
    _, number = server.started(item)
    place = f"job/endless/{number}"
    while "begun" not in server.send("GET", f"{place}/consoleText").text.splitlines():
        time.sleep(0.01)
    first = server.send("GET", f"{place}/logText/progressiveText?start=0")
    nothing = server.send(
        "GET", f"{place}/logText/progressiveText", params={"start": first.headers["X-Text-Size"]}
    )
    running = server.client.get_build_info("endless", number)

    stop = server.send("POST", f"{place}/stop")

    assert (running["building"], running["result"], running["duration"]) == (True, None, 0)
    assert first.headers["X-More-Data"] == "true"
    assert "\r\n" in first.text
    assert nothing.text == ""
    assert stop.status_code == 302
    assert server.ended(item)["result"] == "ABORTED"
    offset = str(int(first.headers["X-Text-Size"]))
    rest = server.send("GET", f"{place}/logText/progressiveText", params={"start": offset})
    assert "X-More-Data" not in rest.headers
    assert rest.text.endswith("Finished: ABORTED\r\n")


def test_an_offset_beyond_the_end_brings_the_whole_log_again(server: Jenkins) -> None:
    build = server.run("plain")

    answer = server.send("GET", f"job/plain/{build['number']}/logText/progressiveText?start=999999")

    assert answer.text.replace("\r\n", "\n") == server.console(build)


def test_python_jenkins_stops_a_build(server: Jenkins) -> None:
    item = server.client.build_job("endless", {"OPSBOT_RUN": "2"})
    _, number = server.started(item)

    server.client.stop_build("endless", number)

    assert server.ended(item)["result"] == "ABORTED"


def test_reports_that_no_build_made_are_404(server: Jenkins) -> None:
    build = server.run("plain")
    place = f"job/plain/{build['number']}"

    for path in ("testReport", "coverage", "99"):
        assert server.send("GET", f"{place}/{path}/api/json").status_code == 404
    assert server.client.get_build_test_report("plain", build["number"]) is None


@pytest.mark.parametrize("path", ["../../log", "..%2F..%2Flog", "%2e%2e/log", "/etc/passwd"])
def test_only_what_was_archived_can_be_downloaded(server: Jenkins, path: str) -> None:
    build = server.run("hello", branch="main")
    asked = requests.Request(
        "GET", server.service.url, auth=(server.login.user, server.login.token)
    )
    prepared = asked.prepare()
    prepared.url = f"{server.service.url}/job/hello/{build['number']}/artifact/{path}"

    assert requests.Session().send(prepared).status_code == 404


def test_a_user_with_a_wrong_token_is_told_so(server: Jenkins) -> None:
    answer = server.send("GET", "api/json", auth=("admin", "wrong"))

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="Jenkins"'


def test_nobody_comes_in_without_a_login(server: Jenkins) -> None:
    answer = requests.get(f"{server.service.url}/job/hello/api/json")

    assert answer.status_code == 403
    assert "Authentication required" in answer.text


def test_the_server_says_who_it_is(server: Jenkins) -> None:
    client = server.client
    # Its version call alone sends no login, unless one was sent before.
    assert client.get_whoami()["id"] == "admin"
    assert client.get_version() == "2.541.3"
    assert [job["name"] for job in client.get_jobs()] == ["broken", "endless", "hello", "plain"]


def run_tested(tmp_path: Path, cases: str, code: int) -> tuple[Jenkins, dict[str, Any]]:
    found = begin(tmp_path, reporting(JUNIT.format(cases), code))
    try:
        return found, found.run("tested")
    finally:
        found.service.stop()
        found.server.stop()


def test_test_results_and_coverage_of_sources_are_published(tmp_path: Path) -> None:
    found = begin(tmp_path, reporting(JUNIT.format(SKIPPED), 0))
    build = found.run("tested")
    report = found.client.get_build_test_report("tested", 1)
    coverage = found.send("GET", "job/tested/1/coverage/api/json").json()
    found.service.stop()
    found.server.stop()

    assert build["result"] == "SUCCESS"
    assert (report["passCount"], report["failCount"], report["skipCount"]) == (1, 0, 1)
    assert [case["status"] for case in report["suites"][0]["cases"]] == ["PASSED", "SKIPPED"]
    assert coverage["projectStatistics"]["line"] == "50.00%"
    counts = [action for action in build["actions"] if "totalCount" in action]
    assert counts[0]["totalCount"] == 2


def test_failed_tests_make_a_build_unstable(tmp_path: Path) -> None:
    _, build = run_tested(tmp_path, FAILED, 1)

    assert build["result"] == "UNSTABLE"


def test_a_test_command_that_fails_without_a_failed_test_fails_the_build(tmp_path: Path) -> None:
    _, build = run_tested(tmp_path, "", 3)

    assert build["result"] == "FAILURE"


def test_a_missing_test_report_fails_the_build(tmp_path: Path) -> None:
    job = Job("silent", "", (), (python("", judged=True),), tests="junit.xml")
    found = begin(tmp_path, job)

    build = found.run("silent")

    found.service.stop()
    found.server.stop()
    assert build["result"] == "FAILURE"
