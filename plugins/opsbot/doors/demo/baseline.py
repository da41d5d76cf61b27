"""Before the story: version 1 is built, pushed, deployed and serves.

It is laid there by the same integrations that the plan's steps use, from the same connections, in
a process of its own beside the booting Airflow:

    python -m opsbot.doors.demo.baseline      # prints one JSON line: what serves
"""

import sys
import tempfile
from pathlib import Path

from opsbot.capabilities.docker.push_image import PushImage
from opsbot.capabilities.docker.verify_image import VerifyImage
from opsbot.capabilities.jenkins.trigger_build import TriggerBuild
from opsbot.capabilities.kubernetes.apply_deployment import ApplyDeployment
from opsbot.configuration import organisation as organisations
from opsbot.doors.demo.scenarios import ENVIRONMENT, FIRST_VERSION
from opsbot.integrations.docker import client as docker
from opsbot.integrations.docker import push_image, verify_image
from opsbot.integrations.docker.verify_image import VerifiedImage
from opsbot.integrations.jenkins import artifacts, trigger_build
from opsbot.integrations.jenkins import client as jenkins
from opsbot.integrations.jenkins.attempt import ProcessMemory
from opsbot.integrations.jenkins.trigger_build import BuildOutput
from opsbot.integrations.kubernetes import apply_deployment, release
from opsbot.integrations.kubernetes import client as kubernetes
from opsbot.planning import release_manifests
from opsbot.vocabulary.errors import OpsBotError, StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.organisation import Application, Environment, EnvironmentPolicy
from opsbot.vocabulary.progress import Say
from opsbot.vocabulary.redaction import redact

LARGEST_ARCHIVE = 200 * 1024**2


class Baseline(Value):
    """What serves before the command is given."""

    version: str
    image: str


def lay(say: Say) -> Baseline:
    """Build, push and deploy version 1 of the default application."""
    organisation = organisations.load()
    application = organisation.application(organisation.default_application)
    environment = organisation.environment(ENVIRONMENT)
    build = _build(application, environment, say)
    image = _image(application, environment, build, say)
    policy = organisation.policies.of(environment.name)
    _deploy(application, environment, policy, image, say)
    return Baseline(version=build.version, image=image.image)


def _build(application: Application, environment: Environment, say: Say) -> BuildOutput:
    params = TriggerBuild(
        job_name=application.jenkins.build,
        branch=f"refs/tags/{FIRST_VERSION}",
        parameters={"environment": environment.name, "clean_build": True},
    )
    server = jenkins.connect(environment.connections.jenkins)
    key = f"baseline-{FIRST_VERSION}"
    return trigger_build.run(server, params, key=key, memory=ProcessMemory(), say=say)


def _image(
    application: Application, environment: Environment, build: BuildOutput, say: Say
) -> VerifiedImage:
    """Make the image from the build's archive and check it in the registry."""
    tag = f"{FIRST_VERSION}-{environment.tag_suffix}"
    labels = {
        "org.opencontainers.image.revision": build.commit,
        "org.opencontainers.image.version": build.version,
        "io.opsbot.archive.sha256": build.archive_sha256,
    }
    params = PushImage(
        image_name=application.image.name,
        tag=tag,
        dockerfile=application.image.dockerfile,
        build_args=application.image.build_args,
    )
    engine = docker.connect(environment.connections.docker)
    with tempfile.TemporaryDirectory(prefix="opsbot-") as folder:
        archive = Path(folder) / "application.tar"
        _download(environment, build, archive)
        pushed = push_image.run(engine, params, context=archive, labels=labels, say=say)
    named = VerifyImage(image_name=f"{application.image.name}:{tag}")
    return verify_image.run(engine, named, digest=pushed.digest, labels=labels, say=say)


def _download(environment: Environment, build: BuildOutput, target: Path) -> None:
    server = jenkins.connect(environment.connections.jenkins)
    found = artifacts.download(
        server, build.job, build.build_number, build.archive, target, limit=LARGEST_ARCHIVE
    )
    if found != build.archive_sha256:
        raise StepFailed(f"The archive of {build.job} #{build.build_number} has another sha256.")


def _deploy(
    application: Application,
    environment: Environment,
    policy: EnvironmentPolicy,
    image: VerifiedImage,
    say: Say,
) -> None:
    workload = application.workload.placed(environment.name)
    params = ApplyDeployment(
        deployment_name=workload.deployment,
        namespace=environment.namespace,
        container=workload.container,
        image=image.image,
        replicas=workload.replicas,
        manifests_sha256=release_manifests.sha256(workload),
        restarts_before_abort=policy.restarts_before_abort,
        rollout_deadline=policy.rollout_deadline,
    )
    named = {release.IMAGE_TAG: image.image.rpartition(":")[2]}
    rendered = release.render(workload, params, reference=image.reference, annotations=named)
    cluster = kubernetes.connect(environment.connections.kubernetes)
    apply_deployment.run(cluster, params, rendered, say=say)


def main() -> int:
    """Lay version 1; progress goes to standard error, the outcome to standard output."""
    try:
        baseline = lay(lambda words: print(redact(words), file=sys.stderr, flush=True))
    except OpsBotError as error:
        print(f"Version 1 could not be laid: {redact(str(error))}", file=sys.stderr)
        return 1
    print(baseline.model_dump_json(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
