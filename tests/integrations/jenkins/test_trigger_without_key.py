"""Jobs that take no key: a lost answer is settled by candidates, or by a person."""

import pytest
from scripted_jenkins import ScriptedJenkins

from opsbot.capabilities.jenkins.trigger_build import TriggerBuild
from opsbot.integrations.jenkins import trigger_build
from opsbot.integrations.jenkins.attempt import ProcessMemory
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.progress import silent

PARAMS = TriggerBuild(job_name="team/build", branch="main")


@pytest.fixture
def keyless():
    return ScriptedJenkins(declares=("branch",))


def build(client):
    return trigger_build.run(client, PARAMS, key="k", say=silent, memory=ProcessMemory())


def test_the_one_candidate_is_adopted(keyless, connected):
    keyless.trigger_script = ["lost"]

    assert build(connected(keyless)).build_number == 10
    assert keyless.posts == 1


def test_several_candidates_are_a_persons_decision(keyless, connected):
    keyless.trigger_script = ["lost"]
    keyless.queue({"branch": "main"})

    with pytest.raises(StepFailed, match="Decide which one counts"):
        build(connected(keyless))


def test_none_found_is_never_triggered_again_blindly(keyless, connected):
    keyless.trigger_script = ["dropped"]

    with pytest.raises(StepFailed, match="not triggered again blindly"):
        build(connected(keyless))
    assert keyless.posts == 1


def test_builds_of_other_people_or_other_values_are_no_candidates(keyless, connected):
    keyless.trigger_script = ["dropped"]
    keyless.queue({"branch": "other"})
    keyless.causes = [{"userId": "somebody"}]
    keyless.queue({"branch": "main"})

    with pytest.raises(StepFailed, match="unknown"):
        build(connected(keyless))
