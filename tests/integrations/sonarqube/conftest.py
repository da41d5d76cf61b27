"""A scripted SonarQube and a client of it that never really waits."""

from collections.abc import Callable

import pytest
from scripted_sonarqube import ScriptedSonarQube

from opsbot.integrations import web
from opsbot.integrations.sonarqube.client import Bearer, SonarClient
from opsbot.integrations.waiting import Patience


@pytest.fixture
def sonarqube() -> ScriptedSonarQube:
    return ScriptedSonarQube()


@pytest.fixture
def connected(serve, clock) -> Callable[..., SonarClient]:
    def connect(sonarqube: ScriptedSonarQube, token: str = "squ_token") -> SonarClient:
        server = web.Server(
            "SonarQube",
            serve(sonarqube),
            auth=Bearer(token),
            clock=clock,
            patience=Patience(total=5, first=1, longest=2),
        )
        return SonarClient(server, Patience(total=60, longest=5))

    return connect
