"""An effect counts when it was seen, whatever a registry or an Engine replied."""

import pytest
from loopback import Reply
from scripted_registry import ScriptedRegistry

from opsbot.capabilities.docker.pull_image import PullImage
from opsbot.capabilities.docker.sign_image import SignImage
from opsbot.capabilities.docker.tag_image import TagImage
from opsbot.integrations.docker import keys, pull_image, sign_image, tag_image
from opsbot.integrations.docker.client import DockerClient
from opsbot.integrations.docker.registry import Registry
from opsbot.vocabulary.errors import StepFailed, TryAgain
from opsbot.vocabulary.progress import silent


@pytest.fixture
def forgetful(serve, clock):
    """A registry that says 201 to whatever is stored, and stores nothing."""
    stored = ScriptedRegistry()

    def answer(request):
        if request.method == "POST":
            return Reply(202, headers={"Location": "/upload"})
        return Reply(201) if request.method == "PUT" else stored(request)

    return Registry(serve(answer), clock=clock)


class IdleEngine:
    """An Engine that reports a pull without an error, and has nothing afterwards."""

    def inspect_image(self, name):
        from docker.errors import ImageNotFound

        raise ImageNotFound(f"No such image: {name}")

    def pull(self, repository, **options):
        return iter([{"status": f"Downloaded newer image for {repository}"}])


def test_a_tag_that_was_not_stored_is_no_success(forgetful):
    wanted = TagImage(image_name="team/app", tag="v2", source_tag="v1")

    with pytest.raises(StepFailed, match="v2 is not in the registry"):
        tag_image.run(DockerClient(None, forgetful), wanted, say=silent)


def test_a_signature_that_was_not_stored_is_no_success(forgetful, private_key):
    client = DockerClient(None, forgetful, None, keys.of({"cosign_private_key": private_key}))

    with pytest.raises(TryAgain, match="is not in the registry"):
        sign_image.run(client, SignImage(image_name="team/app", tag="v1"), say=silent)


def test_a_pull_that_brought_nothing_is_no_success(forgetful):
    client = DockerClient(IdleEngine(), forgetful)

    with pytest.raises(StepFailed, match="it does not have"):
        pull_image.run(client, PullImage(image_name="team/app", tag="v1"), say=silent)


@pytest.fixture
def private_key():
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
