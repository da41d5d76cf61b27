"""A push that is killed and tried again leaves one image, signed once."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from opsbot.integrations.docker import keys, signatures
from tests.contract.docker.archives import COMMIT, labels_of
from tests.contract.docker.signing_keys import a_key
from tests.contract.docker.yard import TAG, Yard
from tests.contract.registry.places import Place

ROOT = Path(__file__).parents[3]
ONE = {"image_name": "", "tag": TAG, "dockerfile": "Dockerfile"}


@pytest.mark.parametrize(
    "moment",
    ["Step 1/", "Successfully built", "The push refers to", "digest: sha256", "is signed"],
)
def test_a_push_that_was_killed_is_finished_by_the_next(
    yard: Yard, target: Place, moment: str
) -> None:
    private, public = a_key()
    archive = yard.archive()
    told = {
        "engine": target.engine,
        "registry": target.registry,
        "archive": str(archive),
        "keys": private,
        "params": ONE | {"image_name": yard.repository},
    }
    command = [sys.executable, "-m", "tests.contract.docker.dying", moment]
    environment = {"PYTHONPATH": f"{ROOT}:{ROOT / 'plugins'}"}
    killed = subprocess.run(
        command, input=json.dumps(told), cwd=ROOT, env=environment, text=True, timeout=120
    )
    assert killed.returncode == -signal.SIGKILL

    yard.client.keys = keys.of(private | public)
    pushed = yard.push(archive)

    tags = yard.tags()
    assert set(tags.tags) == {TAG, f"{TAG}-{COMMIT[:7]}"}
    assert {yard.client.registry.digest(yard.name(tag)) for tag in tags.tags} == {pushed.digest}
    assert tags.attachments == 1
    stored = yard.client.registry.manifest(signatures.place_of(yard.name(), pushed.digest))
    assert len(signatures.layers_of(stored)) == 1
    verified = yard.verify(digest=pushed.digest, labels=labels_of(archive))
    assert verified.signature == "valid"
