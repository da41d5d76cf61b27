"""The lease of a plan on the release it changes."""

from opsbot.integrations.kubernetes import lease
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.lease import Claim, Lease
from opsbot.orchestration import changes
from opsbot.planning.plan import Plan
from opsbot.vocabulary.progress import Say

CHECKS_SECONDS = 600
"""What backup, checks and a rollback may take beside the rollout."""


def hold(cluster: Cluster, plan: Plan, say: Say, *, wait: bool) -> None:
    """Take the lease, or renew it; another plan's change is waited for only if `wait` says so."""
    change = changes.params_of(changes.change_of(plan))
    patience = change.rollout_deadline if wait else 0
    lease.take(cluster, _claim(plan), patience=patience, say=say)


def witness(cluster: Cluster, plan: Plan) -> Lease:
    """Return the lease that the plan holds: whoever can name its uid sees the same cluster."""
    return lease.held(cluster, _claim(plan))


def let_go(cluster: Cluster, plan: Plan) -> None:
    """Give the lease up, if it is still ours."""
    lease.release(cluster, _claim(plan))


def _claim(plan: Plan) -> Claim:
    change = changes.params_of(changes.change_of(plan))
    return Claim(
        namespace=change.namespace,
        deployment=change.deployment_name,
        holder=plan.plan_id,
        seconds=change.rollout_deadline + CHECKS_SECONDS,
    )
