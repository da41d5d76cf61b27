"""Stopping says what is really so, not what was asked for."""

import pytest

from opsbot.integrations.jenkins import stopping
from opsbot.integrations.jenkins.handle import Handle
from opsbot.vocabulary.progress import silent


def stop(client, handle):
    return stopping.stop(client, handle, silent)


@pytest.fixture
def queued(jenkins):
    return Handle(job="team/build", queue_id=jenkins.queue({"OPSBOT_RUN": "k"}))


def test_a_queued_build_is_cancelled(jenkins, connected, queued):
    assert stop(connected(jenkins), queued) == "cancelled in the queue; nothing was built"


def test_an_item_that_started_in_that_moment_is_stopped_as_a_build(jenkins, connected, queued):
    jenkins._start(jenkins.items[queued.queue_id])
    jenkins.cancelled = frozenset()
    client = connected(jenkins)
    client.post = without_cancelling(client.post)

    assert stop(client, queued) == "#10 was stopped; what it had already done stays"


def without_cancelling(post):
    def posted(path, form=None):
        return post("nowhere" if "cancelItem" in path else path, form)

    return posted


def test_a_running_build_is_stopped_and_its_end_awaited(jenkins, connected, queued):
    jenkins.looks_building = 10**6
    jenkins._start(jenkins.items[queued.queue_id])

    words = stop(connected(jenkins), queued.model_copy(update={"number": 10}))

    assert (words, jenkins.stops) == ("#10 was stopped; what it had already done stays", 1)


def test_a_build_that_ended_before_keeps_its_result(jenkins, connected):
    jenkins.looks_building = 0
    jenkins._start(jenkins.items[jenkins.queue({})])
    client = connected(jenkins)
    client.post = lambda path, form=None: jenkins_answers_anyway(client)

    words = stop(client, Handle(job="team/build", queue_id=100, number=10))

    assert words == "#10 had ended with SUCCESS before it could be stopped"


def jenkins_answers_anyway(client):
    return client.server.send("GET", "queue/api/json")


def test_nothing_triggered_is_nothing_to_stop(jenkins, connected):
    words = stop(connected(jenkins), Handle(job="team/build"))

    assert words == "nothing was triggered, so nothing is to stop"


def test_a_jenkins_that_does_not_answer_leaves_the_truth_unknown(connected, jenkins):
    client = connected(lambda _: None)

    words = stop(client, Handle(job="team/build", number=10))

    assert words.startswith("whether it was stopped is unknown")
