"""How a manager gives up its fields of an object: by a JSON patch of `managedFields`.

Applying an equal value only shares a field, and undoing an edit keeps its owner, so there is no
other way that leaves the values as they are. The patch tests who stands at that place, for the
list moves. Names come from the cluster and are quoted for the shell of the person who copies them.
"""

import json
import shlex

from opsbot.integrations.kubernetes import objects, owners
from opsbot.integrations.kubernetes.objects import Json


def command(live: Json, manager: str, subresource: str) -> str:
    """Return the kubectl command that removes a manager's entries."""
    places = [n for n, each in enumerate(owners.entries(live)) if _is(each, manager, subresource)]
    patch = [step for place in reversed(places) for step in _removal(place, manager)]
    words = ["kubectl", "patch", live["kind"].lower(), objects.name_of(live)]
    words += ["--namespace", objects.namespace_of(live), "--type=json"]
    return shlex.join([*words, f"--patch={json.dumps(patch)}"])


def _is(entry: object, manager: str, subresource: str) -> bool:
    return (
        isinstance(entry, dict)
        and entry.get("manager") == manager
        and (entry.get("subresource") or "") == subresource
    )


def _removal(place: int, manager: str) -> list[Json]:
    where = f"/metadata/managedFields/{place}"
    return [
        {"op": "test", "path": f"{where}/manager", "value": manager},
        {"op": "remove", "path": where},
    ]
