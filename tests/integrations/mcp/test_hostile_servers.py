"""What a hostile MCP server tries over real HTTP: to send us elsewhere, to hold or to flood us."""

import json
import time

import anyio
import pytest
from loopback import Reply
from scripted_server import says, scripted

from opsbot.integrations.mcp import asking, discovery, registration, session
from opsbot.integrations.mcp.registration import Registered
from opsbot.vocabulary.errors import Refused

METADATA = "http://169.254.169.254/latest/meta-data/"


def server_at(url: str, **extra: object) -> Registered:
    return registration.registered("mcp_hostile", url, "the-token", {"timeout": 1, **extra})


def problem_of(url: str, **extra: object) -> str:
    (found,) = discovery.look([server_at(url, **extra)])
    assert found.tools == ()
    return found.problem


def address_of(url: str) -> tuple[str, int]:
    host, _, port = url.removeprefix("http://").partition("/")[0].rpartition(":")
    return host.strip("[]"), int(port)


@pytest.mark.parametrize(
    "challenge",
    [
        f'Bearer resource_metadata="{METADATA}"',
        'Bearer resource_metadata="http://[::ffff:169.254.169.254]/"',
        'Bearer realm="x", resource_metadata="http://127.0.0.1:1/elsewhere", scope="all"',
    ],
)
def test_s06_a_challenge_that_names_a_login_service_is_not_followed(serve, connected, challenge):
    url = serve(lambda request: Reply(401, headers={"WWW-Authenticate": challenge}))

    problem = problem_of(f"{url}/mcp")

    assert "401" in problem
    assert "password" in problem
    assert set(connected) == {address_of(url)}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "place",
    [METADATA, "http://[::ffff:a9fe:a9fe]/", "http://0x7f000001:1/", "//evil.example/mcp"],
)
def test_s06_no_redirect_is_followed_to_another_origin(serve, connected, status, place):
    url = serve(lambda request: Reply(status, headers={"Location": place}))

    problem = problem_of(f"{url}/mcp")

    assert f"answered {status}, a redirect" in problem
    assert set(connected) == {address_of(url)}


def test_s06_not_even_a_redirect_within_the_origin_is_followed(serve):
    asked = []

    def answer(request):
        asked.append(request.path)
        return Reply(307, headers={"Location": "/other"})

    assert "redirect" in problem_of(f"{serve(answer)}/mcp")
    assert set(asked) == {"/mcp"}


def test_s06_the_token_is_sent_to_the_registered_origin_alone(serve, connected):
    seen = []

    def elsewhere(request):
        seen.append(request.headers)
        return Reply(200)

    other = serve(elsewhere)
    url = serve(lambda request: Reply(307, headers={"Location": f"{other}/mcp"}))

    problem_of(f"{url}/mcp")

    assert seen == []
    assert address_of(other) not in connected


def test_s06_no_proxy_of_the_environment_is_asked(serve, connected, monkeypatch):
    proxy = serve(lambda request: Reply(200, {"proxied": True}))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy)
    monkeypatch.delenv("NO_PROXY", raising=False)
    url = serve(lambda request: Reply(404))

    assert "answered 404" in problem_of(f"{url}/mcp")
    assert set(connected) == {address_of(url)}


def test_s06_a_name_that_means_another_machine_later_is_resolved_once(serve, connected):
    answers = iter([("127.0.0.1",), ("169.254.169.254",), ("169.254.169.254",)])
    asked = []

    async def rebinding(host: str, port: int) -> tuple[str, ...]:
        asked.append(host)
        return next(answers)

    url = serve(lambda request: Reply(404)).replace("127.0.0.1", "localhost")

    discovery.look([server_at(f"{url}/mcp")], resolve=rebinding)

    assert asked == ["localhost"]
    assert {host for host, _ in connected} == {"127.0.0.1"}


@pytest.mark.parametrize(
    "meant",
    [
        "169.254.169.254",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
        "fe80::1%eth0",
        "fd00:ec2::254",
        "100.100.100.200",
        "0.0.0.0",
        "224.0.0.1",
        "127.0.0.1",
        "::ffff:127.0.0.1",
        "::1",
    ],
)
def test_s06_a_name_that_means_a_forbidden_address_is_not_gone_to(connected, meant):
    async def resolve(host: str, port: int) -> tuple[str, ...]:
        return (meant,)

    (found,) = discovery.look([server_at("http://mcp.example:1/mcp")], resolve=resolve)

    assert "no request goes there" in found.problem
    assert connected == []


@pytest.mark.parametrize(
    "url",
    ["http://169.254.169.254/mcp", "http://[::ffff:169.254.169.254]/mcp", "http://2852039166/mcp"],
)
def test_s06_a_forbidden_address_is_refused_in_the_connection_too(connected, url):
    (found,) = discovery.look([server_at(url)])

    assert "no request goes there" in found.problem
    assert connected == []


@pytest.mark.parametrize("url", ["http://user:secret@127.0.0.1/mcp", "file:///etc/passwd", "mcp"])
def test_s06_a_connection_without_a_plain_address_is_refused(url):
    with pytest.raises(Refused) as refusal:
        server_at(url)

    assert "secret" not in str(refusal.value)


def test_a_server_that_never_answers_costs_its_own_limit_only(serve):
    def hang(request):
        time.sleep(3)
        return Reply(404)

    began = time.monotonic()
    hung, gone = discovery.look([server_at(f"{serve(hang)}/mcp"), server_at("http://127.0.0.1:1/")])

    assert time.monotonic() - began < 2.5
    assert "no answer within 1 s" in hung.problem
    assert "cannot be reached" in gone.problem


def test_an_answer_that_is_too_long_is_not_read_to_its_end(serve, monkeypatch):
    monkeypatch.setattr(session, "LARGEST_ANSWERS", 100_000)
    filler = {"jsonrpc": "2.0", "id": 1, "result": {"text": "x" * 200_000}}

    assert "more than is read" in problem_of(f"{serve(lambda request: Reply(200, filler))}/mcp")


def test_a_compressed_answer_is_not_unpacked(serve):
    bomb = Reply(
        200,
        b"\x1f\x8b" + b"0" * 50,
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
    )

    assert "compressed" in problem_of(f"{serve(lambda request: bomb)}/mcp")


def test_pages_without_end_are_given_up(serve):
    def answer(request):
        asked = json.loads(request.body)
        if asked.get("method") != "tools/list":
            return scripted(asked)
        tool = {"name": "t", "inputSchema": {"type": "object"}}
        return says(asked, {"tools": [tool], "nextCursor": "again"})

    assert "pages without end" in problem_of(f"{serve(answer)}/mcp", timeout=20)


def test_words_of_a_server_are_shown_masked_and_without_control_characters(serve):
    def answer(request):
        asked = json.loads(request.body)
        words = "\x1b[2J\nAuthorization: Bearer abcdefgh12345678 " + "y" * 5000
        error = {"code": -32000, "message": words}
        return Reply(200, {"jsonrpc": "2.0", "id": asked.get("id"), "error": error})

    problem = problem_of(f"{serve(answer)}/mcp")

    assert "abcdefgh12345678" not in problem
    assert "\x1b" not in problem
    assert len(problem) < 2500


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"jsonrpc": "2.0"}', b"null", b"[" * 90_000])
def test_nonsense_is_an_error_in_words(serve, body):
    url = serve(lambda request: Reply(200, body, {"Content-Type": "application/json"}))

    assert "MCP server 'mcp_hostile'" in problem_of(f"{url}/mcp")


def test_a_server_that_asks_back_gets_nothing(serve):
    """Sampling, a person's word, a list of folders: none of them was offered."""

    def answer(request):
        asked = json.loads(request.body)
        if asked.get("method") != "tools/call":
            return scripted(asked)
        wanted = {"resultType": "input_required", "inputRequests": {}, "requestState": "s"}
        return says(asked, wanted)

    async def call(client):
        return await asking.call(client, "t", {})

    async def visit():
        return await session.within(server_at(f"{serve(answer)}/mcp"), call, limit=5)

    with pytest.raises(Exception, match="does not speak MCP"):
        anyio.run(visit)
