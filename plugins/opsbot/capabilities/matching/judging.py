"""How well one reading of a tool fits one way of a capability.

It fits where its name says the right thing and a call can fill its inputs. The score only chooses
among those that fit: the plainest name first, then the tool that takes more of what a call knows.
"""

from opsbot.capabilities.matching import calling, naming
from opsbot.capabilities.matching.inputs import Inputs
from opsbot.capabilities.matching.readings import Reading
from opsbot.capabilities.matching.row import Table, Way

_GENERIC = 1.5
"""What a tool for everything costs beside one for this."""


def judge(way: Way, reading: Reading, inputs: Inputs, table: Table) -> float | None:
    """Return how well the reading fits, more is better, or None where it is something else."""

    def singled_out() -> bool:
        return bool(way.needs) and all(
            calling.demands(need, way, inputs, table) for need in way.needs
        )

    cost = naming.cost_of(reading.words, way, table, singled_out)
    if cost is None or not calling.can_call(way, reading, inputs, table):
        return None
    known = [role for role in way.fills if calling.has(role, way, inputs, table)]
    generic = calling.KIND in way.needs or bool(reading.chosen)
    return 0.1 * len(known) - cost - (_GENERIC if generic else 0.0)
