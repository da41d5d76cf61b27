"""What words there are in an output, however deep they stand."""

from typing import Any


def texts(found: Any) -> list[str]:
    """Return every text in a value of dictionaries, lists and texts."""
    match found:
        case dict():
            return [text for each in found.values() for text in texts(each)]
        case list() | tuple():
            return [text for each in found for text in texts(each)]
        case str():
            return [found]
        case _:
            return []
