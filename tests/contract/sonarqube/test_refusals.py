"""Questions that cannot be answered get an error, never an empty or a good answer."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest

from opsbot.capabilities import catalog
from opsbot.capabilities.sonarqube.get_measures import GetMeasures
from opsbot.integrations.sonarqube import get_measures
from opsbot.integrations.sonarqube.client import SonarClient
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.progress import silent
from opsbot.vocabulary.words import ServerKind
from tests.contract.sonarqube.stage import Scanned, Stage

READERS = (
    "get_code_coverage",
    "get_code_smells",
    "get_security_hotspots",
    "get_measures",
    "get_duplications",
)
OF_PROJECTS = ("get_quality_gate", *READERS)
Ask = Callable[..., Any]


@pytest.fixture
def ask() -> Ask:
    """Call a tool of that name as the operator does."""

    def asked(client: SonarClient, name: str, **arguments: Any) -> Any:
        capability = catalog.native().find(ServerKind.SONARQUBE, name)
        assert capability is not None
        params = capability.params.model_validate(arguments)
        module = import_module(f"opsbot.integrations.sonarqube.{name}")
        return module.run(client, params, say=silent)

    return asked


@pytest.mark.parametrize("name", OF_PROJECTS)
def test_an_unknown_project_is_told(client: SonarClient, ask: Ask, name: str) -> None:
    with pytest.raises(StepFailed, match=r"404 .*'no-such-project' not found"):
        ask(client, name, project_key="no-such-project")


@pytest.mark.parametrize("name", OF_PROJECTS)
def test_an_unknown_branch_is_told(
    client: SonarClient, clean: Scanned, ask: Ask, name: str
) -> None:
    with pytest.raises(StepFailed, match="404"):
        ask(client, name, project_key=clean.key, branch="no-such-branch")


@pytest.mark.parametrize("name", READERS)
def test_a_project_that_was_never_analysed_has_nothing_to_read(
    client: SonarClient, never: str, ask: Ask, name: str
) -> None:
    with pytest.raises(StepFailed, match="was never analysed, so nothing of it is measured"):
        ask(client, name, project_key=never)


@pytest.mark.parametrize("name", OF_PROJECTS)
def test_a_token_without_the_right_to_browse_is_told(
    analyst: SonarClient, clean: Scanned, ask: Ask, name: str
) -> None:
    with pytest.raises(StepFailed, match=r"does not allow .* needs a user token"):
        ask(analyst, name, project_key=clean.key)


@pytest.mark.parametrize("name", OF_PROJECTS)
def test_a_wrong_token_is_told_and_not_shown(
    stage: Stage, clean: Scanned, ask: Ask, name: str
) -> None:
    stranger = stage.client("squ_0123456789abcdef")

    with pytest.raises(StepFailed, match="does not know the connection's token") as failure:
        ask(stranger, name, project_key=clean.key)

    assert "0123456789abcdef" not in str(failure.value)


def test_a_wrong_token_sees_no_list_of_projects(stage: Stage, ask: Ask) -> None:
    with pytest.raises(StepFailed, match="does not know the connection's token"):
        ask(stage.client("squ_0123456789abcdef"), "list_projects")


def test_an_unknown_metric_is_named(client: SonarClient, clean: Scanned) -> None:
    params = GetMeasures(project_key=clean.key, metrics=("ncloc", "beauty"))

    with pytest.raises(StepFailed, match="metric keys are not found: beauty"):
        get_measures.run(client, params, say=silent)
