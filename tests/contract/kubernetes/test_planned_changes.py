"""What a plan makes of a release, from the files in include/ to the API server's preview."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from kubernetes import client as kube

from opsbot.capabilities import catalog
from opsbot.configuration import organisation_files
from opsbot.integrations.kubernetes import preview
from opsbot.integrations.kubernetes.preview import Preview
from opsbot.orchestration import changes
from opsbot.planning import planner
from opsbot.planning.plan import Plan
from opsbot.vocabulary.errors import Refused, StepFailed
from tests.contract.kubernetes.manifests import TIMEOUT, scale
from tests.contract.kubernetes.stage import NAME, SERVICE, Stage
from tests.makers import AT, an_intent, the_patterns

IMAGE = {"reference": f"127.0.0.1:9/none@sha256:{'1' * 64}"}


class Project:
    """An include folder of its own, whose environments are all this stage's namespace."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self.stage, self.folder = stage, folder

    def rewrite(self, file: str, right: str, wrong: str) -> None:
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert right in text
        path.write_text(text.replace(right, wrong), encoding="utf-8")

    def plan(self, environment: str = "production", **parameters: Any) -> Plan:
        organisation = organisation_files.read_organisation(self.folder)
        intent = an_intent(environment=environment, parameters=parameters)
        return planner.make_plan(intent, catalog.native(), the_patterns(), organisation, at=AT)

    def preview(self, plan: Plan) -> Preview:
        wanted = changes.wanted(self.stage.cluster, plan, IMAGE)
        return preview.take(self.stage.cluster, self.stage.namespace, wanted)

    def deploy(self, plan: Plan) -> None:
        for each in changes.wanted(self.stage.cluster, plan, IMAGE).manifests:
            self.stage.cluster.apply(each)


@pytest.fixture
def project(
    new_stage: Callable[[str], Stage], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Project:
    stage = new_stage("planned")
    folder = Path(shutil.copytree("include", tmp_path / "include"))
    shutil.rmtree(folder / "manifests" / NAME / "production")
    found = Project(stage, folder)
    for name in ("production", "staging", "development"):
        found.rewrite("environments.yaml", f"namespace: {name}", f"namespace: {stage.namespace}")
    found.rewrite("applications.yaml", "replicas: 2", "replicas: 1")
    monkeypatch.setenv("OPSBOT_INCLUDE", str(folder))
    return found


def made_by_kubectl(project: Project) -> None:
    """Make the Deployment of a plan as a person with kubectl would have."""
    manifest = changes.wanted(project.stage.cluster, project.plan(), IMAGE).deployment
    manifest["spec"]["replicas"] = 0
    manifest["metadata"].pop("annotations")
    kube.AppsV1Api(project.stage.cluster.api).create_namespaced_deployment(
        project.stage.namespace, manifest, field_manager="kubectl-create", **TIMEOUT
    )


def test_where_a_person_approves_what_kubectl_made_is_shown_and_taken_over(
    project: Project,
) -> None:
    made_by_kubectl(project)

    seen = project.preview(project.plan())

    assert "taken over from 'kubectl-create': .spec.replicas" in seen.text
    assert [each.object for each in seen.adoptions] == [f"Deployment {NAME!r}"]


def test_where_nobody_is_asked_only_the_policy_allows_it(project: Project) -> None:
    made_by_kubectl(project)

    with pytest.raises(Refused, match="add 'kubectl' to `adopt_from`"):
        project.preview(project.plan("staging"))

    project.rewrite("policies.yaml", "  staging:\n", "  staging:\n    adopt_from: [kubectl]\n")
    assert project.preview(project.plan("staging")).adoptions


def test_replicas_of_the_configuration_give_way_and_those_of_a_command_do_not(
    project: Project, apps: kube.AppsV1Api
) -> None:
    project.deploy(project.plan())
    scale(apps, project.stage, NAME, 2)

    seen = project.preview(project.plan())

    assert "stays at 2 replicas, though 1 are configured" in seen.text.splitlines()[0]
    with pytest.raises(StepFailed, match=r"replicas belongs to 'kubectl' \(through scale\)"):
        project.preview(project.plan(replicas=3))
    project.deploy(project.plan())
    assert project.stage.live()["spec"]["replicas"] == 2


def test_what_a_policy_adds_is_said_and_done(project: Project) -> None:
    deployment = project.folder / "manifests" / NAME / "deployment.yaml"
    text = deployment.read_text(encoding="utf-8")
    start, end = text.index("          lifecycle:"), text.index("          resources:")
    deployment.write_text(text[:start] + text[end:], encoding="utf-8")
    project.rewrite("policies.yaml", "  production:\n", "  production:\n    pre_stop_seconds: 4\n")
    plan = project.plan()

    seen = project.preview(plan)

    words = f"Added by policy: container {NAME!r} sleeps 4 s before it stops"
    assert seen.text.startswith(words)
    assert f"+ spec.template.spec.containers[{NAME}].lifecycle.preStop" in seen.text
    project.deploy(plan)
    container = project.stage.live()["spec"]["template"]["spec"]["containers"][0]
    assert container["lifecycle"]["preStop"]["sleep"]["seconds"] == 4


def test_a_policy_adds_nothing_to_a_manifest_that_says_it_itself(project: Project) -> None:
    project.rewrite("policies.yaml", "  production:\n", "  production:\n    pre_stop_seconds: 4\n")

    seen = project.preview(project.plan())

    assert seen.text.startswith(f"Service {SERVICE!r}")
    assert "Added by policy" not in seen.text
