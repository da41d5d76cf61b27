"""Two plans never change one release at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from opsbot.integrations.kubernetes import lease
from opsbot.integrations.kubernetes.lease import Claim
from opsbot.integrations.kubernetes.patience import SYSTEM
from opsbot.vocabulary.errors import TryAgain
from opsbot.vocabulary.progress import silent
from tests.contract.kubernetes.stage import NAME, Stage


@dataclass
class Later:
    """The cluster's time, so many seconds from now."""

    seconds: float

    def now(self) -> float:
        return SYSTEM.now() + self.seconds

    def sleep(self, seconds: float) -> None:
        SYSTEM.sleep(seconds)


@pytest.fixture(scope="module")
def stage(new_stage: Callable[[str], Stage]) -> Stage:
    return new_stage("lease")


def claim(stage: Stage, holder: str, deployment: str, seconds: int = 60) -> Claim:
    return Claim(namespace=stage.namespace, deployment=deployment, holder=holder, seconds=seconds)


def take(stage: Stage, claim: Claim, patience: float = 0, later: float = 0) -> None:
    lease.take(stage.cluster, claim, patience=patience, say=silent, clock=Later(later))


def test_a_second_plan_waits_until_the_first_lets_go(stage: Stage) -> None:
    first, second = claim(stage, "plan_1", NAME), claim(stage, "plan_2", NAME)
    take(stage, first)

    with pytest.raises(TryAgain, match="plan 'plan_1', which changes 'my-application' now"):
        take(stage, second)
    lease.release(stage.cluster, second)
    with pytest.raises(TryAgain):
        take(stage, second)
    lease.release(stage.cluster, first)
    take(stage, second, patience=5)

    assert stage.live("Lease", f"opsbot-{NAME}")["spec"]["holderIdentity"] == "plan_2"


def test_a_holder_renews_its_own_lease(stage: Stage) -> None:
    own = claim(stage, "plan_1", "renewed")
    take(stage, own)
    before = stage.live("Lease", "opsbot-renewed")["spec"]["renewTime"]

    take(stage, own)

    assert stage.live("Lease", "opsbot-renewed")["spec"]["renewTime"] > before


def test_the_lease_of_a_holder_that_died_runs_out(stage: Stage) -> None:
    take(stage, claim(stage, "plan_1", "died", seconds=30))

    with pytest.raises(TryAgain):
        take(stage, claim(stage, "plan_2", "died"), later=29)
    take(stage, claim(stage, "plan_2", "died"), later=31)


def test_of_many_who_want_it_at_once_one_gets_it(stage: Stage) -> None:
    def wish(number: int) -> bool:
        try:
            take(stage, claim(stage, f"plan_{number}", "wanted"))
        except TryAgain:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(wish, range(8))) == 1
