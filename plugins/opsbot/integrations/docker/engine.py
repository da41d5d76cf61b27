"""What a Docker Engine holds: images by name or digest."""

from collections.abc import Callable
from typing import Any, TypeVar

import requests

from opsbot.vocabulary.errors import StepFailed, TryAgain
from opsbot.vocabulary.redaction import redact

Answer = TypeVar("Answer")


def find(engine: Any, name: str) -> dict[str, Any] | None:
    """Return what the Engine knows of an image (`Id`, `RepoTags`, `Config`...), or None."""
    from docker.errors import ImageNotFound

    def look() -> dict[str, Any] | None:
        try:
            return dict(engine.inspect_image(name))
        except ImageNotFound:
            return None

    return _asked(look, f"looking for {name}")


def tag(engine: Any, name: str, repository: str, new: str) -> None:
    """Give an image of the Engine another name."""
    _asked(lambda: engine.tag(name, repository, tag=new), f"tagging {repository}:{new}")


def _asked(ask: Callable[[], Answer], what: str) -> Answer:
    from docker.errors import APIError, DockerException

    try:
        return ask()
    except APIError as refused:
        words = redact(str(refused.explanation)[:1000])
        raise StepFailed(f"The Docker Engine failed at {what}: {words}") from None
    except (requests.RequestException, DockerException) as fault:
        kind = type(fault).__name__
        raise TryAgain(f"The Docker Engine broke off at {what} ({kind}).") from None
