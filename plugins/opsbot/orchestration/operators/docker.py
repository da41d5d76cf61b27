"""Image steps: build and push, then verify in the registry.

The Docker provider has no operator that builds or pushes (its DockerOperator runs containers), so
these are operators of their own on the provider's hook. The image is built from the archive of
the Jenkins build, never from a checkout of its own: what was tested is what is shipped.
"""

import tempfile
from pathlib import Path
from typing import Any

from opsbot.capabilities.docker.push_image import PushImage
from opsbot.capabilities.docker.verify_image import VerifyImage
from opsbot.integrations.docker import client, push_image, verify_image
from opsbot.integrations.jenkins import artifacts
from opsbot.integrations.jenkins import client as jenkins
from opsbot.orchestration.operators.step_operator import StepOperator
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value

LARGEST_ARCHIVE = 2 * 1024**3
"""Bytes; a larger source archive is refused."""


class ImageOperator(StepOperator):
    """A step about the image of this run's build."""

    template_fields: tuple[str, ...] = ("build",)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.build: Any = "{{ ti.xcom_pull(task_ids='build') }}"

    @property
    def labels(self) -> dict[str, str]:
        """What the image must say of its origin."""
        return {
            "org.opencontainers.image.revision": str(self.build["commit"]),
            "org.opencontainers.image.version": str(self.build["version"]),
            "io.opsbot.archive.sha256": str(self.build["archive_sha256"]),
        }


class PushImageOperator(ImageOperator):
    """Build the image from the build's archive and push it."""

    def __init__(self, *, build_connection: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.build_connection = build_connection

    def act(self, context: Any) -> Value:
        """Return the image, its digest and its size."""
        with tempfile.TemporaryDirectory(prefix="opsbot-") as folder:
            archive = Path(folder) / "application.tar"
            self._download(archive)
            return push_image.run(
                client.connect(self.step.connection),
                PushImage.model_validate(self.step.arguments),
                context=archive,
                labels=self.labels,
                say=self.say,
            )

    def _download(self, target: Path) -> None:
        """Fetch the archive and compare it with what the build said of it."""
        found = artifacts.download(
            jenkins.connect(self.build_connection),
            self.build["job"],
            self.build["build_number"],
            self.build["archive"],
            target,
            limit=LARGEST_ARCHIVE,
        )
        if found != self.build["archive_sha256"]:
            raise StepFailed(
                f"The archive of build {self.build['job']} #{self.build['build_number']} has "
                f"sha256 {found[:12]}, but the build recorded {self.build['archive_sha256'][:12]}. "
                "Somebody changed it; build again."
            )


class VerifyImageOperator(ImageOperator):
    """Verify the pushed image from the registry's own bytes."""

    template_fields = ("build", "pushed")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.pushed: Any = "{{ ti.xcom_pull(task_ids='build_image') }}"

    def act(self, context: Any) -> Value:
        """Return the digest to deploy, the layers and the signature's verdict."""
        return verify_image.run(
            client.connect(self.step.connection),
            VerifyImage.model_validate(self.step.arguments),
            digest=self.pushed["digest"],
            labels=self.labels,
            say=self.say,
        )
