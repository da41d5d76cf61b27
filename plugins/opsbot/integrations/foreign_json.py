"""JSON that another system wrote: broken and too deeply nested are one kind of error."""

import json
from typing import Any


def read(content: bytes | str) -> Any:
    """Return the value; `ValueError` where it is no JSON or nested beyond what is read."""
    try:
        return json.loads(content)
    except RecursionError:
        raise ValueError("nested too deeply") from None
