"""List a repository's tags, versions in their order: v1.10.0 is above v1.9.0.

Signatures, attestations and bills of materials that cosign keeps as tags are no images; they are
counted and not listed.
"""

import re

from opsbot.capabilities.docker.list_tags import ListTags
from opsbot.integrations.docker import names
from opsbot.integrations.docker.client import DockerClient
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say

ATTACHMENT = re.compile(r"sha256-[0-9a-f]{64}\.(?:sig|att|sbom)")


class Tags(Value):
    """The tags of one repository."""

    repository: str
    tags: tuple[str, ...]
    left_off: int
    """Further tags, beyond the limit."""
    attachments: int
    """Tags that carry signatures and the like."""


def run(client: DockerClient, params: ListTags, *, say: Say) -> Tags:
    """Return the highest tags; `StepFailed` where the registry knows no such repository."""
    image = names.checked(client.registry.host, params.image_name, "latest")
    found = client.registry.tags(image)
    if found is None:
        raise StepFailed(f"{image.place} is not in the registry: nothing was pushed there yet.")
    tags = sorted((tag for tag in found if not ATTACHMENT.fullmatch(tag)), key=_rank, reverse=True)
    say(f"{image.place} has {len(tags)} tags.")
    return Tags(
        repository=image.place,
        tags=tuple(tags[: params.limit]),
        left_off=max(0, len(tags) - params.limit),
        attachments=len(found) - len(tags),
    )


def _rank(tag: str) -> list[tuple[int, int, str]]:
    """Return what to sort a tag by: numbers as numbers, words as words, in the tag's order."""
    pieces = re.findall(r"\d+|[^\d.]+", tag)
    return [(1, int(each), "") if each.isdecimal() else (0, 0, each) for each in pieces]
