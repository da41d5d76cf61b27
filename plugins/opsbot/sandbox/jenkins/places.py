"""Where things are: `job/a/job/b/` for the full name `a/b`, each name encoded once."""

from urllib.parse import quote


def path_of(name: str) -> str:
    """Return the path of a job or folder; a per cent sign in its name is encoded like others."""
    return "".join(f"job/{quote(each, safe='')}/" for each in name.split("/"))
