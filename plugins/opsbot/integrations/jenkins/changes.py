"""Which commits came into a build since the one before it.

Pipelines have a list of change sets, one a checkout; freestyle jobs have one. Other systems than
git spell a commit's id otherwise or have none.
"""

from typing import Any

from opsbot.integrations.jenkins import addresses
from opsbot.integrations.jenkins.client import JenkinsClient
from opsbot.integrations.jenkins.text import one_line
from opsbot.vocabulary.model import Value

MOST = 20
_ITEMS = f"[items[commitId,msg,author[fullName]]{{0,{MOST}}}]"
TREE = f"changeSet{_ITEMS},changeSets{_ITEMS}"


class Change(Value):
    """A commit."""

    commit: str
    author: str
    message: str
    """Its first line."""


def of(client: JenkinsClient, job: str, number: int) -> tuple[Change, ...]:
    """Return some of the commits that are new in a build."""
    found = client.find(addresses.of_build(job, number), TREE) or {}
    sets = [found.get("changeSet") or {}, *(found.get("changeSets") or [])]
    items = [item for each in sets for item in each.get("items") or []]
    return tuple(_change(each) for each in items[:MOST])


def _change(item: dict[str, Any]) -> Change:
    return Change(
        commit=one_line(item.get("commitId"), 100),
        author=one_line((item.get("author") or {}).get("fullName"), 100),
        message=one_line(item.get("msg"), 200),
    )
