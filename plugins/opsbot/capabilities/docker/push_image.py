"""Build an image from the archive of the Jenkins build and push it to the registry.

The Docker Engine answers 200 and reports failure inside the stream, so the stream is read. Beside
the tag an immutable one with the commit is pushed: a digest that is deployed never loses its last
name, and no clean-up of the registry can take the way back.
"""

from opsbot.capabilities.capability import Capability
from opsbot.capabilities.docker.build_image import BuildImage
from opsbot.vocabulary.model import Span
from opsbot.vocabulary.words import Risk, ServerKind


class PushImage(BuildImage):
    """What to build and under which name to push it."""


CAPABILITY = Capability(
    server=ServerKind.DOCKER,
    name="push_image",
    params=PushImage,
    risk=Risk.MEDIUM,
    duration=Span(min=180, max=300),
    changes=True,
    undo="irreversible: a pushed image stays in the registry, where nothing runs it by itself",
    summary="Push image to registry",
    what_it_does="Builds Docker image from Dockerfile, tags it, pushes to the registry",
)
