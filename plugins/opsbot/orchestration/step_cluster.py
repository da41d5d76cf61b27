"""The cluster that a step works on, in the name of who applies there.

A change that is pinned to a foreign applier leaves its objects to that applier's name. Preview,
backup and way back speak in the same name, so that an object never has two owners.
"""

from opsbot.capabilities.calling import appliers
from opsbot.integrations.kubernetes import client
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.planning.plan import Step


def of(step: Step) -> Cluster:
    """Connect to the cluster of a step."""
    cluster = client.connect(step.connection)
    if step.mcp is None or not step.changes_cluster:
        return cluster
    return cluster.in_the_name_of(appliers.named(step.tool).manager)
