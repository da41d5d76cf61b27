"""A killed worker leaves nothing done twice: one build, one image, one rollout.

`kill -9` hits the task's process alone, which its supervisor notices at once; or the supervisor
with it, which the scheduler notices when the heartbeats stay away.
"""

import os
import signal

import httpx
import psutil
import pytest

from opsbot.doors.demo.stack import running_stack
from tests.integration import road
from tests.integration.conftest import LiveCluster

pytestmark = [pytest.mark.airflow, pytest.mark.slow, pytest.mark.timeout(600)]

IMPATIENT = {
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "10",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "2",
}
"""Five minutes without a heartbeat are right for production, and long for a test."""
BUILD, IMAGE, DEPLOY = "build", "build_image", "deploy"


@pytest.fixture(scope="module")
def impatient(tmp_path_factory):
    state = tmp_path_factory.mktemp("killed")
    with running_stack(state, more_settings=IMPATIENT) as running:
        yield running


class Systems:
    """What the sandbox's systems have done, seen past OPS Bot."""

    def __init__(self, stack):
        self.systems = stack.systems
        self.cluster = LiveCluster(stack.systems.kubernetes.kubeconfig)

    def builds(self):
        jenkins = self.systems.jenkins
        answer = httpx.get(
            f"{jenkins.url}/job/production-build-pipeline/api/json?tree=builds[number,building]",
            auth=(jenkins.user, jenkins.token),
        )
        return answer.json()["builds"]

    def is_building(self):
        return any(each["building"] for each in self.builds())

    def digests(self, tag):
        """Return the images that bear the tag, or a tag made from it."""
        repository = f"http://{self.systems.registry}/v2/myorg/my-application"
        tags = httpx.get(f"{repository}/tags/list").json()["tags"]
        manifests = (f"{repository}/manifests/{each}" for each in tags if each.startswith(tag))
        return {httpx.head(each).headers["Docker-Content-Digest"] for each in manifests}


def kill(api, answer, task_id, *, supervisor):
    """Kill a running task's process, and the process that supervises it."""
    process = psutil.Process(pid_of(api, answer, task_id))
    parent = process.ppid()
    if supervisor:
        os.kill(parent, signal.SIGKILL)
    os.kill(process.pid, signal.SIGKILL)


def pid_of(api, answer, task_id):
    tasks = api.task_instances(answer["dag_id"], answer["run_id"])
    return next(each.pid for each in tasks if each.task_id == task_id)


def running(api, answer, task_id):
    return True if road.states(api, answer)[task_id] == "running" else None


def tries(api, answer, *task_ids):
    tasks = api.task_instances(answer["dag_id"], answer["run_id"])
    found = {each.task_id: each.try_number for each in tasks}
    return [found[each] for each in task_ids]


@pytest.mark.parametrize("supervisor", [False, True], ids=["task", "supervisor"])
def test_a_killed_worker_leaves_one_build_one_image_and_one_rollout(impatient, supervisor):
    api, systems = impatient.api, Systems(impatient)
    built, revisions = len(systems.builds()), systems.cluster.revisions()
    version = "" if supervisor else " 0.9.5"
    command = {"command": f"Deploy my-application{version} to production"}
    front_door = api.trigger(road.FRONT_DOOR, command)

    road.until("a running build", lambda: systems.is_building() or None, pause=0.02)
    answer = api.xcom(road.FRONT_DOOR, front_door.dag_run_id, "plan", "answer")
    kill(api, answer, BUILD, supervisor=supervisor)
    road.until("the image's task", lambda: running(api, answer, IMAGE), 180)
    kill(api, answer, IMAGE, supervisor=supervisor)
    road.asked(api, answer, 180)
    api.answer(answer["dag_id"], answer["run_id"], "approval", "Approve")
    plan_id = answer["run_id"]
    road.until("the new version in the cluster", lambda: systems.cluster.is_of(plan_id), 60)
    kill(api, answer, DEPLOY, supervisor=supervisor)

    run = road.ended(api, answer["dag_id"], answer["run_id"], 180)
    assert run.state == "success", road.failures(api, answer)
    assert all(each > 1 for each in tries(api, answer, BUILD, IMAGE, DEPLOY))
    assert len(systems.builds()) == built + 1
    assert systems.digests(answer["plan"]["steps"][4]["arguments"]["tag"]) == {
        road.output(api, answer, IMAGE)["digest"]
    }
    assert systems.cluster.revisions() == revisions + 1
    assert road.states(api, answer)["rollback"] == "skipped"
