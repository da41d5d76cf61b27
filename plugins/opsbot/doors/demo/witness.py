"""An outsider who looks before the command and after its run, and never asks OPS Bot.

The application tells its version itself, the API server how its Deployment stands, the registry
which images there are, and Slack what the team was told.
"""

from datetime import datetime
from pathlib import Path

import httpx

from opsbot.configuration import organisation_files
from opsbot.doors.demo import users
from opsbot.doors.demo.cluster import Cluster, Deployed
from opsbot.doors.demo.connections import Systems, scheme_of
from opsbot.doors.demo.scenarios import ENVIRONMENT
from opsbot.doors.demo.users import Requests
from opsbot.vocabulary.model import Value


class Release(Value):
    """Where the default application runs, is served and kept."""

    namespace: str
    deployment: str
    service: str
    image: str


class Seen(Value):
    """What was there at one moment."""

    version: str | None = None
    """What the service says it is; None if nobody answers there."""
    deployed: Deployed | None = None
    tags: tuple[str, ...] = ()
    """The tags of the application's image in the registry."""

    @property
    def serving(self) -> str:
        """Which version served, in words."""
        return "no version" if self.version is None else f"version {self.version}"


class Facts(Value):
    """All that was observed from outside, from before the command until after its run."""

    before: Seen
    after: Seen
    slack_messages: str
    """All that the Slack sink received, as it shows it."""
    requests: Requests
    """What the users met who asked all along; there are none where nothing serves."""
    first_failure: datetime | None
    """When the cluster first reported a failed container during the run."""
    setup_seconds: float


class Witness:
    """Somebody who knows where the application is, and looks."""

    def __init__(self, systems: Systems, release: Release) -> None:
        self._systems, self._release = systems, release
        self.cluster = Cluster(systems.kubernetes.outsider)

    @property
    def address(self) -> str | None:
        """Where the users come in; None where there is no service."""
        return self.cluster.user_address(self._release.namespace, self._release.service)

    def look(self, patience: float) -> Seen:
        """Look at everything; the service gets so many seconds to answer."""
        release, address = self._release, self.address
        return Seen(
            version=users.served_version(address, patience) if address else None,
            deployed=self.cluster.deployed(release.namespace, release.deployment),
            tags=self._tags(),
        )

    def slack_messages(self) -> str:
        """Return all that Slack received, as it shows it."""
        return httpx.get(self._systems.slack.messages, trust_env=False).raise_for_status().text

    def _tags(self) -> tuple[str, ...]:
        """Ask the registry; it knows no image of which nothing was pushed."""
        url = f"{scheme_of(self._systems.registry)}://{self._systems.registry}/v2/{self._release.image}/tags/list"
        answer = httpx.get(url, trust_env=False)
        if answer.status_code == 404:
            return ()
        return tuple(sorted(answer.raise_for_status().json()["tags"] or ()))


def release_of(include: Path) -> Release:
    """Read from the organisation's files where its default application is."""
    organisation = organisation_files.read_organisation(include)
    application = organisation.application(organisation.default_application)
    return Release(
        namespace=organisation.environment(ENVIRONMENT).namespace,
        deployment=application.workload.deployment,
        service=application.workload.service,
        image=application.image.name,
    )
