"""Getting a container's image, and the words in which a pod says that it cannot.

`ErrImagePull` and `ImagePullBackOff` alternate: the first follows a try, the second shows while
the next one is waited for. An image that appears meanwhile is found by the next try.
"""

import time
from typing import TYPE_CHECKING

from opsbot.sandbox.kubernetes.images.cache import Image
from opsbot.sandbox.kubernetes.images.references import InvalidName
from opsbot.sandbox.kubernetes.images.registry import PullFailed

if TYPE_CHECKING:
    from opsbot.sandbox.kubernetes.node.containers import Container

_INVALID_RETRY = 14.0
_SHOWN_AFTER = 10.0
_LONGEST = 300.0


def ensure(container: "Container") -> Image | None:
    """Return the image, however often it has to be tried; None if the pod is to stop."""
    text = container.spec["image"]
    policy = container.spec["imagePullPolicy"]
    images = container.around.node.images
    present = images.get(text)
    back_off = 10.0
    if present and policy != "Always":
        container.say("Pulled", f'Container image "{text}" already present on machine')
        return present
    while policy == "Never":
        message = f'Container image "{text}" is not present with pull policy of Never'
        container.say("ErrImageNeverPull", message, warning=True)
        container.say("Failed", "Error: ErrImageNeverPull", warning=True)
        container.wait("ErrImageNeverPull", message)
        if container.pause(_INVALID_RETRY):
            return None
    while True:
        try:
            return _pull(container, text)
        except InvalidName as fault:
            _invalid(container, str(fault))
            if container.pause(_INVALID_RETRY):
                return None
        except PullFailed as fault:
            _failed(container, text, str(fault))
            if container.pause(_SHOWN_AFTER):
                return None
            _backing_off(container, text, str(fault))
            if container.pause(back_off - _SHOWN_AFTER + 2.0):
                return None
            back_off = min(2 * back_off, _LONGEST)


def _pull(container: "Container", text: str) -> Image:
    begun = time.monotonic()
    images = container.around.node.images
    images.check_name(text)
    container.say("Pulling", f'Pulling image "{text}"')
    image = images.pull(text)
    seconds = _spelled(time.monotonic() - begun)
    took = f"in {seconds} ({seconds} including waiting). Image size: {image.size} bytes."
    container.say("Pulled", f'Successfully pulled image "{text}" {took}')
    return image


def _spelled(seconds: float) -> str:
    return f"{seconds:.3f}s" if seconds >= 1 else f"{max(1, round(seconds * 1000))}ms"


def _invalid(container: "Container", message: str) -> None:
    container.say("InspectFailed", message, warning=True)
    container.say("Failed", "Error: InvalidImageName", warning=True)
    container.wait("InvalidImageName", message)


def _failed(container: "Container", text: str, message: str) -> None:
    container.say("Failed", f'Failed to pull image "{text}": {message}', warning=True)
    container.say("Failed", "Error: ErrImagePull", warning=True)
    container.wait("ErrImagePull", message)
    container.say("BackOff", f'Back-off pulling image "{text}"')
    container.say("Failed", "Error: ImagePullBackOff", warning=True)


def _backing_off(container: "Container", text: str, message: str) -> None:
    why = f'Back-off pulling image "{text}": ErrImagePull: {message}'
    container.wait("ImagePullBackOff", why)
