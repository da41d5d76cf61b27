"""What Jenkins' refusals mean, and how an Airflow connection becomes an address."""

import json

import pytest
from loopback import Reply

from opsbot.integrations.jenkins import addresses, client
from opsbot.vocabulary.errors import Refused, StepFailed, TryAgain

BAD_TOKEN = "<html><head><title>Error 401 Unauthorized</title></head></html>"
WRONG_CRUMB = (
    "<html><head><title>Error 403 No valid crumb was included in the request</title></head></html>"
)


def test_a_password_login_gets_its_crumb_and_the_post_is_sent_once_more(connected):
    posts = []

    def jenkins(request):
        if request.path == "/crumbIssuer/api/json":
            return Reply(body={"crumb": "abc", "crumbRequestField": "Jenkins-Crumb"})
        posts.append(request.headers.get("Jenkins-Crumb"))
        return Reply(201) if posts[-1] else Reply(403, WRONG_CRUMB)

    answer = connected(jenkins).post("job/a/build")

    assert (answer.status_code, posts) == (201, [None, "abc"])


def test_a_missing_right_is_named_and_not_taken_for_a_missing_crumb(connected):
    reply = Reply(403, "<title>x</title>", {"X-Required-Permission": "hudson.model.Item.Read"})

    with pytest.raises(StepFailed, match=r"lacks hudson\.model\.Item\.Read"):
        connected(lambda _: reply).find("job/a/")


def test_a_wrong_token_ends_at_once_because_realms_lock_accounts(connected):
    asked = []

    def jenkins(request):
        asked.append(request)
        return Reply(401, BAD_TOKEN)

    with pytest.raises(StepFailed, match="wrong user or API token"):
        connected(jenkins).find("job/a/")
    assert len(asked) == 1


def test_a_redirect_says_what_to_correct_in_the_connection(connected):
    reply = Reply(301, headers={"Location": "https://ci.example/job/a/api/json"})

    with pytest.raises(StepFailed, match=r"https://ci\.example/job/a/api/json.*use_https"):
        connected(lambda _: reply).find("job/a/")


def test_a_login_page_that_answers_200_is_recognised(connected):
    with pytest.raises(StepFailed, match="login page or a proxy"):
        connected(lambda _: Reply(200, "<html>Sign in</html>")).find("job/a/")


def test_a_restart_is_waited_for(connected):
    replies = [Reply(503, "<title>Restarting Jenkins</title>"), Reply(body={"ok": True})]

    assert connected(lambda _: replies.pop(0)).find("job/a/") == {"ok": True}


def test_a_jenkins_that_stays_away_may_be_asked_again_later(connected):
    with pytest.raises(TryAgain, match="503"):
        connected(lambda _: Reply(503)).find("job/a/")


@pytest.mark.parametrize(
    ("fields", "address"),
    [
        ({"host": "127.0.0.1", "port": 8080}, "http://127.0.0.1:8080"),
        ({"host": "ci.example"}, "http://ci.example"),
        ({"host": "ci.example", "extra": {"use_https": True}}, "https://ci.example"),
        ({"host": "ci.example", "port": 80, "schema": "jenkins"}, "http://ci.example:80/jenkins"),
        ({"host": "https://ci.example/"}, "https://ci.example"),
    ],
)
def test_a_connection_becomes_an_address(monkeypatch, fields, address):
    connection = {"conn_type": "jenkins", "login": "opsbot", "password": "token", **fields}
    monkeypatch.setenv("AIRFLOW_CONN_OPSBOT_JENKINS", json.dumps(connection))

    assert client.connect("opsbot_jenkins").server.base_url == address


def test_a_connection_without_a_login_is_refused(monkeypatch):
    connection = {"conn_type": "jenkins", "host": "127.0.0.1"}
    monkeypatch.setenv("AIRFLOW_CONN_OPSBOT_JENKINS", json.dumps(connection))

    with pytest.raises(Refused, match="needs host, login and password"):
        client.connect("opsbot_jenkins")


def test_names_in_folders_are_encoded_once_and_never_decoded():
    assert addresses.of_job("team/app feature%2Fx") == "job/team/job/app%20feature%252Fx/"


@pytest.mark.parametrize("name", ["", "a//b", "../x", "a/."])
def test_a_name_that_is_no_job_is_refused(name):
    with pytest.raises(Refused):
        addresses.of_job(name)
