"""Artifacts are fetched up to a limit, whole or not at all, and without leaking the login."""

import hashlib

import pytest
from loopback import Reply
from scripted_jenkins import ARCHIVE

from opsbot.integrations.jenkins import artifacts
from opsbot.vocabulary.errors import Refused, StepFailed, TryAgain


@pytest.fixture
def built(jenkins):
    jenkins._start(jenkins.items[jenkins.queue({})])
    return jenkins


def fetch(client, target, path="application.tar", limit=1000):
    return artifacts.download(client, "team/build", 10, path, target, limit=limit)


def test_the_bytes_are_written_and_their_digest_returned(built, connected, tmp_path):
    target = tmp_path / "application.tar"

    digest = fetch(connected(built), target)

    assert target.read_bytes() == ARCHIVE
    assert digest == hashlib.sha256(ARCHIVE).hexdigest()


def test_more_than_the_limit_is_not_fetched_and_leaves_no_file(built, connected, tmp_path):
    with pytest.raises(StepFailed, match="larger than 5 bytes"):
        fetch(connected(built), tmp_path / "a", limit=5)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", ["../../secrets", "/etc/passwd", "a//b", "a\\..\\b", ""])
def test_a_path_that_leaves_the_artifacts_is_refused(built, connected, tmp_path, path):
    with pytest.raises(Refused):
        fetch(connected(built), tmp_path / "a", path=path)


def test_a_missing_artifact_is_told(built, connected, tmp_path):
    with pytest.raises(StepFailed, match="missing"):
        fetch(connected(built), tmp_path / "a", path="nope.tar")


def test_another_host_is_followed_to_without_the_login(serve, connected, tmp_path):
    seen = []

    def store(request):
        seen.append(request.headers)
        return Reply(body=b"stored elsewhere")

    elsewhere = serve(store)

    def jenkins(request):
        seen.append(request.headers)
        return Reply(302, headers={"Location": f"{elsewhere}/bucket/x?signature=1"})

    fetch(connected(jenkins), tmp_path / "a")

    assert (tmp_path / "a").read_bytes() == b"stored elsewhere"
    assert ["Authorization" in headers for headers in seen] == [True, False]


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://elsewhere/x"])
def test_an_address_of_another_kind_is_refused(connected, tmp_path, location):
    client = connected(lambda _: Reply(302, headers={"Location": location}))

    with pytest.raises(StepFailed, match=r"no http\(s\) address"):
        fetch(client, tmp_path / "a")


def test_a_redirect_without_end_is_given_up(connected, tmp_path):
    client = connected(lambda request: Reply(302, headers={"Location": request.path}))

    with pytest.raises(StepFailed, match="without end"):
        fetch(client, tmp_path / "a")


def test_a_download_that_breaks_off_is_no_file(connected, tmp_path):
    client = connected(lambda _: Reply(body=b"half", headers={"Content-Length": "100"}))
    client.server._timeout = (1, 0.3)

    with pytest.raises(TryAgain):
        fetch(client, tmp_path / "a")

    assert list(tmp_path.iterdir()) == []
