"""A server that another one names is gone to with care: S6."""

import socket

import pytest
from loopback import Reply

from opsbot.integrations import web
from opsbot.integrations.waiting import Patience
from opsbot.vocabulary.errors import StepFailed, TryAgain

ONCE = Patience(total=0.5, first=1)
PUBLIC, PRIVATE, HERE = "93.184.215.14", "10.1.2.3", "127.0.0.1"


@pytest.fixture
def names(monkeypatch):
    """Names that mean addresses; each look at one is noted."""
    known, asked = {}, []
    real = socket.getaddrinfo

    def resolve(host, port, *arguments, **options):
        asked.append(host)
        if host not in known:
            return real(host, port, *arguments, **options)
        found = known[host].pop(0) if len(known[host]) > 1 else known[host][0]
        family = socket.AF_INET6 if ":" in found else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (found, port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    resolve.known, resolve.asked = known, asked
    return resolve


@pytest.fixture
def dialled(monkeypatch):
    """Addresses that were connected to; nothing beyond this machine is."""
    seen = []
    real = socket.socket.connect

    def connect(self, address):
        seen.append(address[0])
        if not address[0].startswith("127."):
            raise ConnectionRefusedError
        return real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    return seen


def server(base, clock):
    return web.Server("The registry", base, auth=("bot", "secret"), clock=clock, patience=ONCE)


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "fe80::1%1",
        "fd00:ec2::254",
        "100.100.100.200",
        "168.63.129.16",
        "0.0.0.0",
        "::",
        "224.0.0.1",
        "127.0.0.1",
        "::1",
        "::ffff:127.0.0.1",
        "10.1.2.3",
        "192.168.1.1",
        "fd12:3456::1",
    ],
)
def test_s06_what_a_public_server_names_is_no_machine_of_ours(names, dialled, clock, address):
    names.known |= {"registry.example": [PUBLIC], "storage.example": [address]}

    with pytest.raises(StepFailed, match="no request goes there"):
        server("https://registry.example", clock).get("https://storage.example/blob")
    assert dialled == []


@pytest.mark.parametrize(
    "host", ["169.254.169.254", "[::ffff:a9fe:a9fe]", "2852039166", "0xa9fea9fe"]
)
def test_s06_an_address_is_seen_through_however_it_is_spelt(names, dialled, clock, host):
    names.known["registry.example"] = [PUBLIC]

    with pytest.raises((StepFailed, TryAgain)):
        server("http://registry.example", clock).get(f"http://{host}/latest/meta-data/")
    assert dialled == []


@pytest.mark.parametrize(
    ("own", "named"), [(PUBLIC, PUBLIC), (PRIVATE, PUBLIC), (PRIVATE, PRIVATE), (HERE, PUBLIC)]
)
def test_s06_what_a_server_may_name_is_gone_to_without_its_login(names, dialled, clock, own, named):
    names.known |= {"registry.example": [own], "storage.example": [named]}

    with pytest.raises(TryAgain, match="gave no answer"):
        server("http://registry.example", clock).get("http://storage.example/blob")
    assert set(dialled) == {named}


def test_s06_a_name_cannot_mean_another_machine_a_moment_later(names, dialled, clock):
    names.known |= {"registry.example": [PUBLIC], "storage.example": [PUBLIC, "169.254.169.254"]}

    with pytest.raises(TryAgain):
        server("https://registry.example", clock).send("GET", "https://storage.example/blob")
    assert set(dialled) == {PUBLIC}


def test_s06_https_never_leads_to_plain_http(names, dialled, clock):
    names.known |= {"registry.example": [PUBLIC], "storage.example": [PUBLIC]}

    with pytest.raises(StepFailed, match="from https to plain http"):
        server("https://registry.example", clock).get("http://storage.example/blob")
    assert dialled == []


def test_the_host_that_was_named_is_asked_for_by_its_name(serve, names, clock):
    seen = []

    def answer(request):
        seen.append(request.headers)
        return Reply(body=b"content")

    address = serve(answer)
    port = address.rpartition(":")[2]
    names.known["storage.example"] = [HERE]

    answered = server(serve(lambda _: Reply()), clock).get(f"http://storage.example:{port}/blob")

    assert answered.content == b"content"
    assert seen[0]["Host"] == f"storage.example:{port}"
    assert "Authorization" not in seen[0]


@pytest.mark.parametrize("location", ["http://[::1", "file:///etc/passwd", "http://a:b/"])
def test_a_redirect_to_what_is_no_address_is_told(serve, clock, location):
    response = server(serve(lambda _: Reply(302, headers={"Location": location})), clock).get("x")

    with pytest.raises(StepFailed, match=r"no http\(s\) address"):
        web.redirected(response)


def test_a_port_that_is_the_schemes_own_is_no_other_server():
    assert web.is_same_server("https://Registry.example:443/v2/", "https://registry.example")
    assert not web.is_same_server("https://registry.example:8443", "https://registry.example")
    assert not web.is_same_server("http://registry.example:443", "https://registry.example")
