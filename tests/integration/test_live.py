"""The demo on real parts: a cluster, a Docker Engine and a registry that the environment names.

The same stories as on the sandbox, with the same ends; OPS Bot works as the account that has the
shipped rights and no others. Users ask the service all along, and none of them may notice.
"""

import os

import kubernetes
import pytest

from opsbot.doors.demo import real_parts, tenancy
from tests.integration.performing import all_was_served, output, perform

pytestmark = [
    pytest.mark.airflow,
    pytest.mark.lab,
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(
        not all(os.environ.get(name) for name in real_parts.CLUSTER),
        reason=f"no real parts are named by {', '.join(real_parts.CLUSTER)}",
    ),
]
REAL = ("kubernetes", "registry", "docker")


def namespaces_of_demos():
    """Return the namespaces of demos that are not being deleted."""
    api = kubernetes.client.CoreV1Api(tenancy.api_of(os.environ["KUBECONFIG"]))
    label = ",".join(f"{key}={value}" for key, value in tenancy.MARK.items())
    found = api.list_namespace(label_selector=label).items
    return {each.metadata.name for each in found if not each.metadata.deletion_timestamp}


def live(scenario, folder):
    before = namespaces_of_demos()
    found, attempt = perform(scenario, folder, "--live")

    assert {found["parts"][each] for each in REAL} == {"real"}
    assert namespaces_of_demos() <= before
    return found, attempt


@pytest.mark.parametrize("turn", range(3))
def test_a_new_version_rolls_out_and_no_user_notices(tmp_path, turn):
    found, attempt = live("success", tmp_path)

    all_was_served(found, "0.9.5", "1.0.0")
    digest = output(attempt, "build_image")["digest"]
    assert output(attempt, "deploy")["image"].endswith(f"@{digest}")
    assert len(output(attempt, "verify_pods")["names"]) == 2


def test_pods_that_take_long_to_start_are_waited_for_and_no_user_notices(tmp_path):
    found, _ = live("slow-start", tmp_path)

    all_was_served(found, "0.9.5", "1.0.0")


def test_a_version_that_crashes_is_rolled_back_and_no_user_notices(tmp_path):
    found, attempt = live("missing-config", tmp_path)

    all_was_served(found, "0.9.5", "0.9.5")
    assert attempt["failure"]["step"] == "deploy"
    assert "Cannot find module './config/production.json'" in attempt["failure"]["reason"]


def test_a_rejection_changes_nothing(tmp_path):
    found, attempt = live("rejected", tmp_path)

    all_was_served(found, "0.9.5", "0.9.5")
    assert attempt["failure"]["step"] == "approval"
