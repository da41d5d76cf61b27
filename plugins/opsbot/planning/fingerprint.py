"""The fingerprint: one hash of everything a person approves.

It covers the whole plan but its id, which carries the time. So planning again gives the same
fingerprint while nothing has changed, and a plan that was edited after approval shows it.
"""

import hmac

from opsbot.planning.plan import Plan
from opsbot.vocabulary.canonical import sha256_of


def of(plan: Plan) -> str:
    """Compute a plan's fingerprint, whatever the plan itself says it is."""
    return sha256_of(plan.model_dump(mode="json", exclude={"plan_id", "fingerprint"}))


def verify(plan: Plan) -> bool:
    """Tell whether a plan is still what its fingerprint was made of."""
    return hmac.compare_digest(plan.fingerprint.encode(), of(plan).encode())
