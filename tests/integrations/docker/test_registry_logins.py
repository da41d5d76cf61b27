"""A login goes where it may, and only when the registry itself asks for it."""

import base64

import pytest
import requests
from loopback import Reply
from scripted_registry import ScriptedRegistry

from opsbot.integrations.docker.logins import RegistryLogin
from opsbot.integrations.docker.names import ImageName
from opsbot.integrations.docker.registry import Registry
from opsbot.integrations.waiting import Patience
from opsbot.vocabulary.errors import StepFailed, TryAgain

SCOPE = 'service="registry",scope="repository:team/app:pull"'
BASIC = f"Basic {base64.b64encode(b'bot:secret').decode()}"
LOGIN = {"user": "bot", "password": "secret"}


class TokenServer:
    """Issues tokens, a new one each time."""

    def __init__(self):
        self.asked = []
        self.reply = None

    def __call__(self, request):
        self.asked.append(request)
        return self.reply or Reply(body={"token": f"token-{len(self.asked)}"})


class GuardedRegistry(ScriptedRegistry):
    """Takes the tokens that were issued, each for a number of requests."""

    def __init__(self, tokens, life=1000):
        super().__init__()
        self.realm, self._tokens, self._life, self._used = "", tokens, life, {}

    def __call__(self, request):
        sent = request.headers.get("Authorization", "")
        newest = f"Bearer token-{len(self._tokens.asked)}"
        self._used[sent] = self._used.get(sent, 0) + 1
        if sent != newest or self._used[sent] > self._life:
            challenge = {"WWW-Authenticate": f'Bearer realm="{self.realm}",{SCOPE}'}
            return Reply(401, {"errors": []}, challenge)
        return super().__call__(request)


@pytest.fixture
def tokens():
    return TokenServer()


@pytest.fixture
def connect(serve, clock, tokens):
    """Connect to a registry whose realm is on another port of this machine."""

    def run(registry, realm=None, **options):
        registry.realm = f"{serve(tokens)}/token" if realm is None else realm
        patience = Patience(total=3, first=1, longest=1)
        return Registry(serve(registry), clock=clock, patience=patience, **(LOGIN | options))

    return run


def image_of(registry):
    return ImageName(host=registry.host, repository="team/app", tag="v1")


def test_a_token_is_fetched_once_and_used_until_it_expires(connect, tokens):
    stored = GuardedRegistry(tokens, life=3)
    registry = connect(stored)

    digests = {registry.digest(image_of(registry)) for _ in range(7)}

    assert digests == {stored.digest}
    assert len(tokens.asked) == 3
    assert {each.headers["Authorization"] for each in tokens.asked} == {BASIC}
    assert tokens.asked[0].query == {"service": "registry", "scope": "repository:team/app:pull"}


def test_a_token_that_expires_between_two_layers_is_renewed(connect, tokens):
    stored = GuardedRegistry(tokens, life=1)
    registry = connect(stored)
    image = image_of(registry)

    contents = [registry.content(image, each) for each in registry.manifest(image).layers]

    assert [len(each) for each in contents] == [each["size"] for each in stored.layers]
    assert len(tokens.asked) == 3


def test_a_token_that_is_never_taken_is_told_and_not_asked_for_again(connect, tokens):
    registry = connect(GuardedRegistry(tokens, life=0))

    with pytest.raises(StepFailed, match="check the connection's login and password"):
        registry.manifest(image_of(registry))
    assert len(tokens.asked) == 1


def test_without_a_login_a_token_for_everybody_is_asked_for(connect, tokens):
    registry = connect(GuardedRegistry(tokens), user=None, password=None)

    assert registry.digest(image_of(registry))
    assert "Authorization" not in tokens.asked[0].headers


def test_a_query_in_the_realm_is_kept(connect, tokens, serve):
    registry = connect(GuardedRegistry(tokens), realm=f"{serve(tokens)}/token?account=ci")

    assert registry.digest(image_of(registry))
    assert tokens.asked[0].query["account"] == "ci"


@pytest.mark.parametrize(
    ("reply", "error", "words"),
    [
        (Reply(401, {}), StepFailed, "login answered 401: check"),
        (Reply(403, {}), StepFailed, "rights on this repository"),
        (Reply(429, {}), TryAgain, "429"),
        (Reply(503, {}), TryAgain, "503"),
        (Reply(302, headers={"Location": "http://169.254.169.254/"}), StepFailed, "answered 302"),
        (Reply(body={}), StepFailed, "issued no token"),
        (Reply(body=[]), StepFailed, "issued no token"),
        (Reply(body={"token": None}), StepFailed, "issued no token"),
        (Reply(body={"token": "two\r\nHost: x"}), StepFailed, "issued no token"),
        (Reply(body="<html>"), StepFailed, "instead of JSON"),
        (Reply(body=b"[" * 60_000, headers={"Content-Type": "application/json"}), StepFailed,
         "nested too deeply"),
    ],
)  # fmt: skip
def test_a_token_server_that_issues_none_is_told(connect, tokens, reply, error, words):
    tokens.reply = reply
    registry = connect(GuardedRegistry(tokens))

    with pytest.raises(error, match=words):
        registry.digest(image_of(registry))


@pytest.mark.parametrize(
    "realm",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:169.254.169.254]/",
        "http://192.0.2.1/token",
        "https://192.0.2.1/token",
        "http://localhost.evil.example/token",
        "http://127.0.0.1@192.0.2.1/token",
        "ftp://127.0.0.1/token",
        "file:///etc/passwd",
        "//127.0.0.1/token",
        "http://[::1/token",
        "",
    ],
)
def test_s06_a_login_is_sent_to_no_other_place_than_a_known_one(
    connect, tokens, realm, monkeypatch
):
    registry = connect(GuardedRegistry(tokens), realm=realm)
    monkeypatch.setattr("socket.getaddrinfo", only_here)

    with pytest.raises(StepFailed, match=r"nothing was sent|names no address to log in at"):
        registry.digest(image_of(registry))
    assert tokens.asked == []


def only_here(host, *arguments, **options):
    """Resolve this machine alone, and fail the test for any other."""
    assert host == "127.0.0.1"
    return [(2, 1, 6, "", ("127.0.0.1", arguments[0]))]


def test_s06_a_token_server_elsewhere_gets_the_login_if_the_connection_names_it(
    serve, clock, tokens
):
    stored = GuardedRegistry(tokens)
    address = serve(tokens).replace("127.0.0.1", "localhost")
    stored.realm = f"{address}/token"
    here = serve(stored)

    with pytest.raises(StepFailed, match="add it to the extra of the Docker connection as"):
        known = Registry(here, clock=clock, **LOGIN)
        known.digest(image_of(known))

    named = Registry(here, clock=clock, token_server=address, **LOGIN)
    assert named.digest(image_of(named)) == stored.digest


def test_s06_a_login_for_https_is_never_sent_over_plain_http():
    answer = requests.Response()
    answer.headers["WWW-Authenticate"] = f'Bearer realm="http://registry.example/token",{SCOPE}'

    with pytest.raises(StepFailed, match="nothing was sent"):
        RegistryLogin("https://registry.example", "bot", "secret").answer(answer)


@pytest.mark.parametrize("scheme", ['Basic realm="x"', f'Bearer realm="{{realm}}",{SCOPE}'])
def test_s06_a_server_that_a_redirect_leads_to_cannot_ask_for_the_login(
    tokens, serve, clock, scheme
):
    seen = []

    def thief(request):
        seen.append(request)
        realm = f"http://{request.headers['Host']}/token"
        return Reply(401, headers={"WWW-Authenticate": scheme.format(realm=realm)})

    elsewhere = serve(thief)
    stored = GuardedRegistry(tokens)

    def registry(request):
        reply = stored(request)
        if "/blobs/" in request.path and reply.status == 200:
            return Reply(307, headers={"Location": f"{elsewhere}{request.path}"})
        return reply

    stored.realm = f"{serve(tokens)}/token"
    client = Registry(serve(registry), clock=clock, **LOGIN)
    image = image_of(client)

    with pytest.raises(StepFailed, match="401"):
        client.content(image, client.manifest(image).layers[0])

    assert [each.path.startswith("/v2/team/app/blobs/") for each in seen] == [True]
    assert not any("Authorization" in each.headers for each in seen)
