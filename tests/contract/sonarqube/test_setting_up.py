"""A gate and its projects are made once, before the first scan; what is there is respected."""

from collections.abc import Callable
from typing import Any

import pytest

from opsbot.integrations import web
from opsbot.integrations.sonarqube import gate_setup, gates, project_setup
from opsbot.integrations.sonarqube.client import Bearer, NotAllowed, SonarClient
from opsbot.vocabulary.errors import StepFailed, TryAgain
from opsbot.vocabulary.progress import silent
from tests.contract.sonarqube.stage import SONAR_WAY, Stage

ALL_CODE = {
    ("vulnerabilities", "GT", "0"),
    ("bugs", "GT", "0"),
    ("security_rating", "GT", "1"),
    ("reliability_rating", "GT", "1"),
    ("duplicated_lines_density", "GT", "3"),
    ("security_hotspots_reviewed", "LT", "100"),
    ("coverage", "LT", "80"),
}
New = Callable[[str], str]


@pytest.fixture
def new_gate(stage: Stage) -> New:
    """Name a gate that is not there yet, and is gone at the end."""

    def named(word: str) -> str:
        name = f"{stage.mark}-{word}"
        stage.cleaning.append(lambda: stage.post("qualitygates/destroy", name=name))
        return name

    return named


@pytest.fixture
def new_key(stage: Stage) -> New:
    """Name a project that is not there yet, and is gone at the end."""

    def named(word: str) -> str:
        key = f"{stage.mark}-{word}"
        stage.cleaning.append(lambda: stage.post("projects/delete", project=key))
        return key

    return named


def kept(client: SonarClient, gate: str) -> set[tuple[Any, ...]]:
    found = gate_setup.conditions(client, gate) or []
    return {(each["metric"], each["op"], each["error"]) for each in found}


def test_a_new_gate_judges_all_code_and_nothing_else(client: SonarClient, new_gate: New) -> None:
    gate = new_gate("made")

    lacking = gate_setup.provide(client, gate, 80, silent)

    assert lacking == ()
    assert kept(client, gate) == ALL_CODE


def test_setting_up_twice_changes_nothing(client: SonarClient, new_gate: New, new_key: New) -> None:
    gate, key = new_gate("twice"), new_key("twice")
    said: list[str] = []

    for _ in range(2):
        assert gate_setup.provide(client, gate, 80, said.append) == ()
        project_setup.provide(client, key, gate, said.append)

    assert kept(client, gate) == ALL_CODE
    assert said[-2:] == [
        f"The quality gate {gate!r} is there.",
        f"{key} is judged by {gate!r} already.",
    ]


def test_a_gate_that_is_there_is_not_changed_and_what_it_lacks_is_told(
    stage: Stage, client: SonarClient, new_gate: New
) -> None:
    gate = new_gate("others")
    stage.post("qualitygates/create", name=gate)
    for metric, operator, limit in (("bugs", "GT", "0"), ("coverage", "LT", "60")):
        stage.post(
            "qualitygates/create_condition", gateName=gate, metric=metric, op=operator, error=limit
        )
    before = kept(client, gate)

    lacking = gate_setup.provide(client, gate, 80, silent)

    assert kept(client, gate) == before
    assert "coverage below 80" in lacking
    assert "vulnerabilities above 0" in lacking
    assert "bugs above 0" not in lacking


def test_the_built_in_gate_judges_no_old_code(client: SonarClient) -> None:
    lacking = gate_setup.provide(client, SONAR_WAY, 80, silent)

    assert len(lacking) == len(ALL_CODE)


def test_a_project_is_judged_by_its_gate_before_it_was_ever_analysed(
    client: SonarClient, new_gate: New, new_key: New
) -> None:
    gate, key = new_gate("first"), new_key("first-analysis")
    gate_setup.provide(client, gate, 0, silent)

    project_setup.provide(client, key, gate, silent)

    assert gates.name(client, key) == gate
    assert gates.status(client, projectKey=key)["status"] == "NONE"
    assert "coverage" not in {metric for metric, _, _ in kept(client, gate)}


def test_a_project_of_another_gate_comes_to_the_demanded_one(
    stage: Stage, client: SonarClient, gate: str
) -> None:
    key = stage.project("moved", SONAR_WAY)
    said: list[str] = []

    project_setup.provide(client, key, gate, said.append)

    assert gates.name(client, key) == gate
    assert said == [
        f"From its next analysis on, {key} is judged by {gate!r} (before: 'Sonar way')."
    ]


def test_a_key_that_is_too_similar_to_another_is_told(
    stage: Stage, client: SonarClient, gate: str
) -> None:
    key = stage.project("similar", gate)

    with pytest.raises(StepFailed, match="similar key already exists") as failure:
        project_setup.provide(client, key.upper(), gate, silent)

    assert "Correct the project's key" in str(failure.value)


def test_a_key_that_is_none_is_told(client: SonarClient, gate: str) -> None:
    with pytest.raises(StepFailed, match="Malformed key"):
        project_setup.provide(client, "no/key", gate, silent)


def test_a_token_without_the_right_makes_nothing_and_hears_which_right(
    stage: Stage, client: SonarClient, gate: str
) -> None:
    analyst = stage.client(stage.analysis_token("lacks-rights"))
    name = f"{stage.mark}-forbidden"

    with pytest.raises(NotAllowed, match="lacks the right to it: Administer Quality Gates"):
        gate_setup.provide(analyst, name, 80, silent)

    assert gate_setup.conditions(client, name) is None


def test_half_a_gate_is_taken_back(stage: Stage, client: SonarClient) -> None:
    name = f"{stage.mark}-half"
    server = web.Server("SonarQube", stage.target.url, auth=Bearer(stage.target.token))

    with pytest.raises(TryAgain):
        gate_setup.provide(Faltering(server), name, 80, silent)

    assert gate_setup.conditions(client, name) is None


class Faltering(SonarClient):
    """Gets no answer when it adds the third condition."""

    added = 0

    def post(self, call: str, *, needs: str, **form: str) -> None:
        self.added += call == "qualitygates/create_condition"
        if self.added == 3 and call == "qualitygates/create_condition":
            raise TryAgain("no answer")
        super().post(call, needs=needs, **form)
