"""A scripted Jenkins and a client of it that never really waits."""

from collections.abc import Callable

import pytest
from scripted_jenkins import ScriptedJenkins

from opsbot.integrations import web
from opsbot.integrations.jenkins.client import JenkinsClient
from opsbot.integrations.waiting import Patience


@pytest.fixture
def jenkins() -> ScriptedJenkins:
    return ScriptedJenkins()


@pytest.fixture
def connected(serve, clock) -> Callable[[ScriptedJenkins], JenkinsClient]:
    def connect(jenkins: ScriptedJenkins) -> JenkinsClient:
        server = web.Server(
            "Jenkins",
            serve(jenkins),
            auth=("opsbot", "token"),
            clock=clock,
            patience=Patience(total=5, first=1, longest=2),
        )
        return JenkinsClient(server, user="opsbot")

    return connect
