import pytest

from opsbot.orchestration.operators import finish, notify
from tests.makers import a_plan

GOOD = dict.fromkeys((*finish.demanded(a_plan()), "succeeded"), "success") | {
    "rollback": "skipped",
    "verify_rollback": "skipped",
}


def words(**changes):
    return notify.words(a_plan(), {**GOOD, **changes})


def test_a_good_end_is_said_as_done():
    assert ": done (plan_deploy_production_" in words()


def test_a_rejection_is_not_called_a_failure():
    text = words(approval="failed", deploy="upstream_failed", succeeded="upstream_failed")

    assert "not approved; nothing was changed" in text


def test_a_skipped_approval_is_no_good_end():
    assert ":x:" in words(approval="skipped", deploy="skipped", monitor="skipped")


@pytest.mark.parametrize(
    ("rollback", "verified", "said"),
    [
        ("success", "success", "The previous version was restored and serves."),
        ("success", "failed", "that it serves is not verified"),
        ("failed", "upstream_failed", "THE ROLLBACK FAILED"),
        ("skipped", "skipped", "Nothing was deployed."),
    ],
)
def test_a_failure_says_where_it_failed_and_what_became_of_the_old_version(
    rollback, verified, said
):
    text = words(deploy="failed", rollback=rollback, verify_rollback=verified)

    assert "failed at deploy" in text
    assert said in text
