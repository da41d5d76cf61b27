"""Real servers of the SDK, over HTTP and as a program: tools, a call, three ways to say no."""

import json
import sys
import time
from pathlib import Path

import pytest
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult, TextContent

from opsbot.integrations.mcp import asking, discovery, registration, session
from opsbot.integrations.mcp.registration import Registered
from opsbot.vocabulary.errors import OpsBotError, Refused, StepFailed, TryAgain
from opsbot.vocabulary.words import ServerKind
from tests.mcp_servers import a_server, serving

PROGRAM = Path(__file__).with_name("scripted_program.py")


def at(url: str, token: str = "", **extra: object) -> Registered:
    return registration.registered("mcp_test", url, token, extra)


def program(what: str, **extra: object) -> Registered:
    started = {"transport": "stdio", "command": sys.executable, "args": [str(PROGRAM), what]}
    return registration.registered("mcp_program", "", "", {**started, **extra})


def called(server: Registered, tool: str, **inputs: object) -> str:
    return session.visit(server, lambda client: asking.call(client, tool, inputs), limit=10).text


@pytest.fixture(scope="module")
def url():
    server = a_server("test")

    @server.tool()
    def greet(name: str) -> str:
        """Say hello."""
        return f"hello {name}"

    @server.tool()
    def fail() -> str:
        """Fail as a tool does."""
        raise ToolError("pods is forbidden: token=abcdef123456 may not")

    @server.tool()
    def pretend() -> str:
        """Say that it went wrong, in a fine result."""
        return json.dumps({"success": False, "message": "forbidden"})

    @server.tool()
    def structured() -> dict[str, bool | str]:
        """Say it in structured content."""
        return {"success": False}

    @server.tool()
    def nothing() -> CallToolResult:
        """Say nothing at all."""
        return CallToolResult(content=[])

    @server.tool()
    def long() -> CallToolResult:
        """Say very much."""
        return CallToolResult(content=[TextContent(type="text", text="x" * 3_000_000)])

    with serving(server, token="good") as address:
        yield address


def test_the_tools_of_a_server_are_found_with_their_schemas(url):
    (found,) = discovery.look([at(url, "good", kind="kubernetes")])

    assert found.kind is ServerKind.KUBERNETES
    assert found.problem == ""
    assert {each.name for each in found.tools} >= {"greet", "fail", "pretend"}
    assert found.tool("greet").input_schema["properties"]["name"]["type"] == "string"


def test_a_wrong_token_is_said_to_be_one(url):
    (found,) = discovery.look([at(url, "bad")])

    assert "answered 401" in found.problem
    assert "bad" not in found.problem


def test_servers_are_asked_at_the_same_time():
    slow = [program("hang", timeout=1) for _ in range(3)]
    began = time.monotonic()

    found = discovery.look(slow)

    assert all("no answer within 1 s" in each.problem for each in found)
    assert time.monotonic() - began < 8  # a program that hangs is given some seconds to end


def test_a_call_returns_the_reply(url):
    assert called(at(url, "good"), "greet", name="world") == "hello world"


@pytest.mark.parametrize("tool", ["fail", "pretend", "structured"])
def test_a_tool_that_says_no_fails_in_each_of_its_shapes(url, tool):
    with pytest.raises(StepFailed, match=f"The MCP tool '{tool}' says no") as failure:
        called(at(url, "good"), tool)

    assert "abcdef123456" not in str(failure.value)


def test_a_tool_that_does_not_exist_is_an_error(url):
    with pytest.raises(StepFailed):
        called(at(url, "good"), "no_such_tool")


def test_an_empty_reply_is_no_error(url):
    assert called(at(url, "good"), "nothing") == ""


def test_a_long_reply_is_cut(url):
    assert len(called(at(url, "good"), "long")) == 1024 * 1024


def test_a_program_is_given_only_harmless_variables_and_its_own(monkeypatch):
    monkeypatch.setenv("AIRFLOW__CORE__FERNET_KEY", "secret")

    names = called(program("serve", timeout=20, env={"KUBECONFIG": "/x"}), "environment")

    assert "KUBECONFIG" in names
    assert "AIRFLOW" not in names


@pytest.mark.parametrize(
    ("server", "kind", "words"),
    [
        (program("die", timeout=5), OpsBotError, "no kubeconfig; password=***"),
        (program("babble", timeout=2), TryAgain, "no answer within"),
        (program("hang", timeout=1), TryAgain, "no answer within 1 s"),
        (at("http://127.0.0.1:1/mcp"), TryAgain, "cannot be reached"),
    ],
)
def test_a_server_that_is_not_there_says_why(server, kind, words):
    with pytest.raises(kind) as failure:
        session.visit(server, asking.list_tools, limit=server.limit)

    assert words in str(failure.value)


def test_a_program_that_does_not_exist_is_named_by_its_connection():
    server = registration.registered("mcp_x", "", "", {"transport": "stdio", "command": "no-such"})

    with pytest.raises(StepFailed, match=r"mcp_x.*cannot be started.*`command`"):
        session.visit(server, asking.list_tools, limit=5)


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ({"transport": "sse"}, "transport 'sse' is not supported"),
        ({"transport": "stdio"}, "`command`"),
        ({"transport": "stdio", "command": "x", "args": [1]}, "list of strings"),
        ({"transport": "stdio", "command": "x", "env": {"A": 1}}, "strings in `env`"),
        ({"kind": "nomad"}, "kind 'nomad' is none of jenkins"),
        ({"timeout": 900}, "timeout 900"),
        ({"timeout": "5"}, "timeout '5'"),
    ],
)
def test_a_connection_that_cannot_be_used_says_what_to_correct(extra, words):
    with pytest.raises(Refused) as refusal:
        registration.registered("mcp_x", "http://127.0.0.1/mcp", "", extra)

    assert words in str(refusal.value)


def test_no_secret_of_a_connection_is_in_its_text():
    server = registration.registered(
        "mcp_x", "", "tokenvalue", {"transport": "stdio", "command": "x", "env": {"A": "envvalue"}}
    )

    assert "tokenvalue" not in repr(at("http://127.0.0.1/", "tokenvalue"))
    assert "envvalue" not in repr(server)


def test_connections_are_read_from_airflow_and_a_missing_one_is_reported(url, monkeypatch):
    described = {"conn_type": "mcp", "host": url, "password": "good"}
    monkeypatch.setenv("AIRFLOW_CONN_MCP_THERE", json.dumps(described))
    monkeypatch.setenv("AIRFLOW_CONN_HTTP_THERE", json.dumps({"conn_type": "http", "host": url}))

    there, wrong, missing = discovery.discover(["mcp_there", "http_there", "mcp_nowhere"])

    assert there.tools
    assert "of type 'http', not 'mcp'" in wrong.problem
    assert "no Airflow connection 'mcp_nowhere'" in missing.problem
