"""Image steps: build and push, then verify in the registry.

The Docker provider has no operator that builds or pushes (its DockerOperator runs containers), so
these are operators of their own on the provider's hook. The image is built from the archive of
the Jenkins build, never from a checkout of its own: what was tested is what is shipped.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from opsbot.capabilities.docker.build_image import BuildImage
from opsbot.capabilities.docker.push_image import PushImage
from opsbot.capabilities.docker.tag_image import TagImage
from opsbot.capabilities.docker.verify_image import VerifyImage
from opsbot.integrations.docker import (
    build_image,
    client,
    names,
    push_image,
    tag_image,
    verify_image,
)
from opsbot.integrations.jenkins import artifacts
from opsbot.integrations.jenkins import client as jenkins
from opsbot.orchestration.operators.step_operator import StepOperator
from opsbot.planning.plan import Plan, Step
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value

LARGEST_ARCHIVE = 2 * 1024**3
"""Bytes; a larger source archive is refused."""


class ImageOperator(StepOperator):
    """A step about the image of this run's build."""

    template_fields: tuple[str, ...] = ("build",)

    def __init__(self, *, plan: Plan, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.origin = plan.made_by("trigger_build", "get_image_metadata")
        self.build: Any = _output_of(self.origin)

    @property
    def labels(self) -> dict[str, str]:
        """What the image must say of its origin."""
        self.require(self.build, self.origin)
        known = {
            names.REVISION: self.build.get("commit") or self.build.get("revision"),
            names.VERSION: self.build.get("version"),
            names.ARCHIVE: self.build.get("archive_sha256"),
        }
        return {label: str(value) for label, value in known.items() if value}

    def require(self, output: Any, step: Step | None) -> None:
        """Fail in clear words if an earlier step left nothing to go on with."""
        if not output:
            raise StepFailed(
                f"Step {self.step.id!r} needs the output of {step.id if step else 'a build'!r}, "
                "which is not on record. Run the plan from its start again."
            )


class BuildImageOperator(ImageOperator):
    """Build the image from the build's archive; it stays at the engine."""

    def act(self, context: Any) -> Value:
        """Return what the engine has built."""
        return self.built(build_image.run, BuildImage)

    def built(self, run: Callable[..., Value], params: type[Value]) -> Value:
        """Fetch the archive and build from it."""
        with tempfile.TemporaryDirectory(prefix="opsbot-") as folder:
            archive = Path(folder) / "application.tar"
            self._download(archive)
            return run(
                client.connect(self.step.connection),
                params.model_validate(self.step.arguments),
                context=archive,
                labels=self.labels,
                say=self.say,
            )

    def _download(self, target: Path) -> None:
        """Fetch the archive and compare it with what the build said of it."""
        self.require(self.build, self.origin)
        found = artifacts.download(
            jenkins.connect(self.origin.connection if self.origin else ""),
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


class PushImageOperator(BuildImageOperator):
    """Build the image from the build's archive and push it."""

    def act(self, context: Any) -> Value:
        """Return the image, its digest and its size."""
        return self.built(push_image.run, PushImage)


class TagImageOperator(ImageOperator):
    """Give the image that was found another tag."""

    def act(self, context: Any) -> Value:
        """Return the tag and the digest that it names now."""
        self.require(self.build, self.origin)
        return tag_image.run(
            client.connect(self.step.connection),
            TagImage.model_validate(self.step.arguments),
            digest=str(self.build["digest"]),
            say=self.say,
        )


class VerifyImageOperator(ImageOperator):
    """Verify the pushed image from the registry's own bytes."""

    template_fields = ("build", "pushed")

    def __init__(self, *, plan: Plan, **kwargs: Any) -> None:
        super().__init__(plan=plan, **kwargs)
        self.pusher = plan.made_by("push_image", "tag_image")
        self.pushed: Any = _output_of(self.pusher)

    def act(self, context: Any) -> Value:
        """Return the digest to deploy, the layers and the signature's verdict."""
        self.require(self.pushed, self.pusher)
        return verify_image.run(
            client.connect(self.step.connection),
            VerifyImage.model_validate(self.step.arguments),
            digest=self.pushed["digest"],
            labels=self.labels,
            say=self.say,
        )


def _output_of(step: Step | None) -> str | None:
    return f"{{{{ ti.xcom_pull(task_ids='{step.id}') }}}}" if step else None
