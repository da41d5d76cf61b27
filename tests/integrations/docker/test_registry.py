"""What a registry stores is read byte by byte; what it merely says is not believed."""

import pytest
from loopback import Reply
from scripted_registry import INDEX, MANIFEST, ScriptedRegistry, digest_of

from opsbot.capabilities.docker.verify_image import VerifyImage
from opsbot.integrations.docker import names, verify_image
from opsbot.integrations.docker.client import DockerClient, address_of
from opsbot.integrations.docker.names import ImageName
from opsbot.integrations.docker.registry import Registry
from opsbot.integrations.waiting import Patience
from opsbot.vocabulary.errors import Refused, StepFailed, TryAgain
from opsbot.vocabulary.progress import silent


@pytest.fixture
def stored():
    return ScriptedRegistry()


@pytest.fixture
def reach(serve, clock):
    def connect(answer, **login):
        patience = Patience(total=3, first=1, longest=1)
        return Registry(serve(answer), clock=clock, patience=patience, **login)

    return connect


def verify(registry, digest, labels=None, name="team/app:v1"):
    client = DockerClient(engine=None, registry=registry)
    wanted = VerifyImage(image_name=name)
    return verify_image.run(
        client, wanted, digest=digest, labels=labels or {"made": "here"}, say=silent
    )


def image_of(registry, tag="v1"):
    return ImageName(host=registry.host, repository="team/app", tag=tag)


def test_a_sound_image_is_verified_with_all_its_layers(stored, reach):
    registry = reach(stored)

    verified = verify(registry, stored.digest)

    assert verified.model_dump() == {
        "image": f"{registry.host}/team/app:v1",
        "reference": f"{registry.host}/team/app@{stored.digest}",
        "digest": stored.digest,
        "layers": 2,
        "platforms": ("linux/amd64",),
        "files": {},
        "signature": "not_measured",
    }
    read = {each.path.rpartition("/")[2] for each in stored.asked}
    assert {each["digest"] for each in stored.layers} <= read


def test_a_layer_with_other_bytes_of_the_same_length_is_found(stored, reach):
    stored.blobs[stored.layers[1]["digest"]] = bytes(stored.layers[1]["size"])

    with pytest.raises(StepFailed, match="is damaged in the registry"):
        verify(reach(stored), stored.digest)


def test_a_layer_that_never_ends_is_not_read_beyond_its_size(stored, reach):
    stored.blobs[stored.layers[0]["digest"]] = b"x" * 5_000_000

    with pytest.raises(StepFailed, match="is damaged"):
        verify(reach(stored), stored.digest)


def test_a_missing_layer_is_named(stored, reach):
    missing = stored.layers[0]["digest"]
    del stored.blobs[missing]

    with pytest.raises(StepFailed, match=f"lacks {missing}"):
        verify(reach(stored), stored.digest)


def test_a_manifest_whose_bytes_are_others_is_not_believed(stored, reach):
    media_type, content = stored.manifests[stored.digest]
    stored.manifests[stored.digest] = (media_type, content + b" ")
    stored.lying_digest = stored.digest

    with pytest.raises(StepFailed, match="when asked for"):
        verify(reach(stored), stored.digest)


def test_labels_that_were_changed_in_the_configuration_are_found(stored, reach):
    with pytest.raises(StepFailed, match="made differ"):
        verify(reach(stored), stored.digest, labels={"made": "elsewhere"})


def test_a_tag_that_is_not_there_is_told(stored, reach):
    with pytest.raises(StepFailed, match="is not in the registry"):
        verify(reach(stored), stored.digest, name="team/app:v2")


def test_a_manifest_of_the_old_schema_is_refused(stored, reach):
    old = stored.store(
        "v1", "application/vnd.docker.distribution.manifest.v1+json", {"schemaVersion": 1}
    )

    with pytest.raises(StepFailed, match="schema 1"):
        verify(reach(stored), old)


def test_an_index_is_followed_to_the_common_platform(stored, reach):
    index = stored.store("v1", INDEX, an_index(stored, arm64=stored.digest, amd64=stored.digest))
    registry = reach(stored)

    found = registry.platform(image_of(registry), registry.manifest(image_of(registry)))

    assert found.digest == stored.digest != index


def an_index(stored, **digests):
    children = [
        {"digest": digest, "platform": {"os": "linux", "architecture": architecture}}
        for architecture, digest in digests.items()
    ]
    return {"schemaVersion": 2, "manifests": children}


@pytest.mark.parametrize(
    "body",
    [
        {"schemaVersion": 2},
        {"schemaVersion": 2, "config": {"digest": "md5:1", "size": 1}, "layers": []},
        {"schemaVersion": 2, "config": None, "layers": None},
    ],
)
def test_a_manifest_that_cannot_be_read_is_told(stored, reach, body):
    with pytest.raises(StepFailed, match="cannot be read"):
        verify(reach(stored), stored.store("v1", MANIFEST, body))


def test_each_question_says_which_manifests_are_understood(stored, reach):
    reach(stored).digest(image_of(reach(stored)))

    assert MANIFEST in stored.asked[0].headers["Accept"]


def test_a_bearer_token_is_fetched_with_the_login_and_then_used(stored, serve, clock):
    address = serve(stored)
    stored.challenge = (
        f'Bearer realm="{address}/token",service="registry",scope="repository:team/app:pull"'
    )
    registry = Registry(address, user="bot", password="secret", clock=clock)

    assert registry.digest(image_of(registry)) == stored.digest
    token_request = next(each for each in stored.asked if each.path == "/token")
    assert token_request.query == {"service": "registry", "scope": "repository:team/app:pull"}
    assert token_request.headers["Authorization"].startswith("Basic ")


def test_a_basic_login_is_sent_when_it_is_asked_for(stored, reach):
    stored.challenge, stored.accepts = 'Basic realm="registry"', "Basic Ym90OnNlY3JldA=="
    registry = reach(stored, user="bot", password="secret")

    assert registry.digest(image_of(registry)) == stored.digest


def test_a_login_is_never_sent_to_an_unsafe_place(stored, reach):
    stored.challenge = 'Bearer realm="http://192.0.2.1/token"'
    registry = reach(stored, user="bot", password="secret")

    with pytest.raises(StepFailed, match="nothing was sent"):
        registry.digest(image_of(registry))


@pytest.mark.parametrize(
    ("status", "error", "words"),
    [
        (401, StepFailed, "login and password"),
        (403, StepFailed, "lacks rights"),
        (429, TryAgain, "too many requests"),
        (500, TryAgain, "fault of its own"),
        (400, StepFailed, "does not accept"),
    ],
)
def test_refusals_say_what_to_do(stored, reach, status, error, words):
    stored.refuses = status
    registry = reach(stored)

    with pytest.raises(error, match=words):
        registry.digest(image_of(registry))


def test_the_registrys_own_reason_is_told_without_its_secrets(stored, reach):
    def answer(request):
        if request.method != "PUT":
            return stored(request)
        words = f"tag v2 is immutable, password=hunter2 {'x' * 9000}"
        return Reply(412, {"errors": [{"code": "PRECONDITION", "message": words}]})

    registry = reach(answer)
    manifest = registry.manifest(image_of(registry))

    with pytest.raises(StepFailed, match=r"412 .*PRECONDITION: tag v2 is immutable") as failure:
        registry.put(image_of(registry, "v2"), manifest)

    assert "hunter2" not in str(failure.value)
    assert len(str(failure.value)) < 600


def test_blobs_may_come_from_another_host_which_gets_no_login(stored, serve, clock):
    elsewhere = []

    def store(request):
        elsewhere.append(request.headers)
        return Reply(body=stored.blobs[request.path.rpartition("/")[2]])

    address = serve(store)

    def registry_answer(request):
        if "/blobs/" in request.path:
            return Reply(307, headers={"Location": address + request.path})
        return stored(request)

    stored.challenge, stored.accepts = 'Basic realm="registry"', "Basic Ym90OnNlY3JldA=="
    registry = Registry(serve(registry_answer), user="bot", password="secret", clock=clock)

    assert verify(registry, stored.digest).layers == 2
    assert not any("Authorization" in headers for headers in elsewhere)


def test_a_stored_image_can_be_given_another_tag(stored, reach):
    registry = reach(stored)
    manifest = registry.manifest(image_of(registry))

    registry.put(image_of(registry, "v2"), manifest)

    assert registry.digest(image_of(registry, "v2")) == stored.digest
    assert digest_of(stored.manifests["v2"][1]) == stored.digest


@pytest.mark.parametrize(
    ("host", "extra", "address"),
    [
        ("registry.example", {}, "https://registry.example"),
        ("127.0.0.1:5000", {}, "http://127.0.0.1:5000"),
        ("localhost:5000", {}, "http://localhost:5000"),
        ("registry.example:5000", {"insecure": True}, "http://registry.example:5000"),
        ("127.0.0.1:5000", {"insecure": False}, "https://127.0.0.1:5000"),
        ("registry.example", {"insecure": "false"}, "https://registry.example"),
    ],
)
def test_plain_http_needs_a_flag_or_this_machine(host, extra, address):
    assert address_of(host, extra) == address


@pytest.mark.parametrize(
    ("repository", "tag"),
    [
        ("Team/App", "v1"),
        ("../x", "v1"),
        ("a//b", "v1"),
        ("app", "-v1"),
        ("app", "v1;x"),
        ("", "v"),
    ],
)
def test_names_that_are_none_are_refused(repository, tag):
    with pytest.raises(Refused):
        names.checked("registry.example", repository, tag)


def test_a_lasting_name_needs_the_commit():
    image = names.checked("registry.example", "app", "v1")

    with pytest.raises(Refused, match="commit"):
        names.lasting(image, {"org.opencontainers.image.revision": "main"})


def test_tags_that_come_in_pages_are_all_read(reach):
    pages = {"": ["a", "b"], "b": ["c", "d"], "d": ["e"]}
    asked = []

    def answer(request):
        asked.append(request.query)
        last = request.query.get("last", "")
        more = {"Link": '<http://169.254.169.254/v2/?last=x>; rel="next"'} if last != "d" else {}
        return Reply(body={"name": "team/app", "tags": pages[last]}, headers=more)

    registry = reach(answer)

    assert registry.tags(image_of(registry)) == ["a", "b", "c", "d", "e"]
    assert [each.get("last") for each in asked] == [None, "b", "d"]


def test_tags_without_an_end_are_given_up(reach):
    def answer(request):
        headers = {"Link": '</v2/team/app/tags/list?last=a>; rel="next"'}
        return Reply(body={"name": "team/app", "tags": ["a"]}, headers=headers)

    registry = reach(answer)

    with pytest.raises(StepFailed, match="more tags than are read"):
        registry.tags(image_of(registry))


def test_a_configuration_that_is_no_json_object_is_no_image(stored, reach):
    config = stored.blob(b"[]")
    stored.store("v1", MANIFEST, {"schemaVersion": 2, "config": config, "layers": []})
    registry = reach(stored)

    with pytest.raises(StepFailed, match="is no JSON object"):
        registry.labels(image_of(registry), registry.manifest(image_of(registry)))


def test_an_empty_index_is_no_image(stored, reach):
    stored.store("v1", INDEX, {"schemaVersion": 2, "manifests": []})
    registry = reach(stored)

    with pytest.raises(StepFailed, match="an index without an image"):
        registry.manifest(image_of(registry))


def test_attestations_in_an_index_are_no_platforms(stored, reach):
    nowhere = {"os": "unknown", "architecture": "unknown"}
    ours = {"digest": stored.digest, "platform": {"os": "linux", "architecture": "amd64"}}
    attestation = {"digest": digest_of(b"attestation"), "platform": nowhere}
    stored.store("v1", INDEX, {"schemaVersion": 2, "manifests": [attestation, ours]})
    registry = reach(stored)

    found = registry.manifest(image_of(registry))

    assert [each.platform for each in found.children] == ["linux/amd64"]


def test_an_upload_goes_where_the_registry_says_and_takes_no_login_along(stored, serve, clock):
    sent = []

    def elsewhere(request):
        sent.append(request)
        return Reply(201)

    target = serve(elsewhere)

    def answer(request):
        if request.method == "HEAD":
            return Reply(404)
        return Reply(202, headers={"Location": f"{target}/upload?state=x"})

    registry = Registry(serve(answer), user="bot", password="secret", clock=clock)

    blob = registry.store(image_of(registry), b"content")

    (upload,) = sent
    assert upload.query == {"state": "x", "digest": blob.digest}
    assert upload.body == b"content"
    assert "Authorization" not in upload.headers


def test_an_upload_that_is_not_taken_is_told(reach):
    def answer(request):
        return Reply(404)

    registry = reach(answer)

    with pytest.raises(StepFailed, match="took no upload"):
        registry.store(image_of(registry), b"content")
