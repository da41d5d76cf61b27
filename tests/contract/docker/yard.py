"""Calls of the tools in a repository of the test's own."""

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from docker.errors import ImageNotFound

from opsbot.capabilities.docker.build_image import BuildImage
from opsbot.capabilities.docker.get_image_metadata import GetImageMetadata
from opsbot.capabilities.docker.list_tags import ListTags
from opsbot.capabilities.docker.pull_image import PullImage
from opsbot.capabilities.docker.push_image import PushImage
from opsbot.capabilities.docker.sign_image import SignImage
from opsbot.capabilities.docker.tag_image import TagImage
from opsbot.capabilities.docker.verify_image import VerifyImage
from opsbot.integrations.docker import (
    build_image,
    get_image_metadata,
    list_tags,
    pull_image,
    push_image,
    sign_image,
    tag_image,
    verify_image,
)
from opsbot.integrations.docker.build_image import BuiltImage
from opsbot.integrations.docker.client import DockerClient
from opsbot.integrations.docker.get_image_metadata import ImageMetadata
from opsbot.integrations.docker.list_tags import Tags
from opsbot.integrations.docker.names import ImageName
from opsbot.integrations.docker.pull_image import PulledImage
from opsbot.integrations.docker.push_image import ImageOutput
from opsbot.integrations.docker.sign_image import SignedImage
from opsbot.integrations.docker.tag_image import TaggedImage
from opsbot.integrations.docker.verify_image import VerifiedImage
from tests.contract.docker.archives import an_archive, labels_of

TAG = "v1.0.0-staging"


@dataclass
class Yard:
    """One repository and the client that works on it."""

    client: DockerClient
    repository: str
    folder: Path
    said: list[str] = field(default_factory=list)

    def name(self, tag: str = TAG) -> ImageName:
        return ImageName(host=self.client.registry.host, repository=self.repository, tag=tag)

    def archive(self, **changes: Any) -> Path:
        """An archive that no other test has, so that no Engine's cache knows its layers."""
        return an_archive(self.folder, **{"text": self.repository, **changes})

    def build(self, archive: Path, tag: str = TAG, **changes: Any) -> BuiltImage:
        wanted = {"image_name": self.repository, "tag": tag, "dockerfile": "Dockerfile"}
        params = BuildImage.model_validate(wanted | changes)
        return build_image.run(
            self.client, params, context=archive, labels=labels_of(archive), say=self.said.append
        )

    def push(
        self, archive: Path, labels: dict[str, str] | None = None, **changes: Any
    ) -> ImageOutput:
        wanted = {"image_name": self.repository, "tag": TAG, "dockerfile": "Dockerfile"}
        return push_image.run(
            self.client,
            PushImage.model_validate(wanted | changes),
            context=archive,
            labels=labels or labels_of(archive),
            say=self.said.append,
        )

    def pull(self, tag: str = TAG, **found: Any) -> PulledImage:
        params = PullImage(image_name=self.repository, tag=tag)
        return pull_image.run(self.client, params, say=self.said.append, **found)

    def tag(self, tag: str, *, digest: str | None = None, **source: Any) -> TaggedImage:
        params = TagImage.model_validate({"image_name": self.repository, "tag": tag, **source})
        return tag_image.run(self.client, params, digest=digest, say=self.said.append)

    def metadata(self, *tags: str, **changes: Any) -> ImageMetadata:
        params = GetImageMetadata(image_name=self.repository, tags=tags or (TAG,), **changes)
        return get_image_metadata.run(self.client, params, say=self.said.append)

    def tags(self, **changes: Any) -> Tags:
        params = ListTags(image_name=self.repository, **changes)
        return list_tags.run(self.client, params, say=self.said.append)

    def sign(self, tag: str = TAG, **found: Any) -> SignedImage:
        params = SignImage(image_name=self.repository, tag=tag)
        return sign_image.run(self.client, params, say=self.said.append, **found)

    def verify(
        self, tag: str = TAG, files: dict[str, str | None] | None = None, **found: Any
    ) -> VerifiedImage:
        params = VerifyImage(image_name=f"{self.repository}:{tag}", files=files or {})
        return verify_image.run(self.client, params, say=self.said.append, **found)

    def forget(self) -> None:
        """Remove every image of the repository from the Engine; the registry keeps them."""
        own = (f"{self.name().place}:", f"{self.name().place}@")
        for image in self.client.engine.images():
            for name in [*(image["RepoTags"] or []), *(image["RepoDigests"] or [])]:
                if name.startswith(own):
                    with suppress(ImageNotFound):  # its last name is gone already
                        self.client.engine.remove_image(name, force=True)
