"""What the scan steps compare the analysis with: the commit that this very plan releases."""

import pytest

from opsbot.orchestration import plan_dag
from opsbot.vocabulary.words import Action
from tests.makers import a_plan, an_intent

SCANS = ("quality_scan", "security_scan")
PROMOTE = {"action": Action.PROMOTE, "parameters": {"from": "staging"}}


def scan_of(step, **intent):
    plan = a_plan(intent=an_intent(**intent)) if intent else a_plan()
    return plan_dag.build(plan, 7, "opsbot__my-application__production").get_task(step)


@pytest.mark.parametrize("step", SCANS)
def test_a_deployment_releases_the_commit_that_was_built(step):
    scan = scan_of(step)
    assert "'build'" in scan.made

    scan.made = {"commit": "a" * 40, "build_number": 7}

    assert scan.commit == "a" * 40


@pytest.mark.parametrize("step", SCANS)
def test_a_promotion_releases_the_commit_that_the_image_names(step):
    scan = scan_of(step, **PROMOTE)

    scan.made = {"revision": "c" * 40}

    assert scan.commit == "c" * 40


def test_a_scan_that_releases_nothing_has_no_commit():
    scan = scan_of("quality_scan", action=Action.SCAN, environment=None)

    assert (scan.made, scan.commit) == (None, None)
