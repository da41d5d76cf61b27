"""What an Engine refuses: before its work as a status, during it as a line of the stream."""

from opsbot.sandbox.loopback import Refusal, as_json


class BuildFailed(Exception):
    """A build, push or pull ends; the words go into the stream."""


class NotInRegistry(BuildFailed):
    """A registry has no such image."""


def refusal(status: int, words: str) -> Refusal:
    """Return the Engine's JSON error."""
    return Refusal(as_json({"message": words}, status))


def no_such_image(name: str) -> Refusal:
    """Say that there is no such image."""
    return refusal(404, f"No such image: {name}")
