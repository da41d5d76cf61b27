"""The registry over HTTP: content under its digest, and nothing else."""

import hashlib
import json
from typing import Any

import requests

from opsbot.sandbox.loopback import Service

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
OCI = "application/vnd.oci.image.manifest.v1+json"


def digest_of(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def begin(registry: Service, name: str = "team/app") -> str:
    answer = requests.post(f"{registry.url}/v2/{name}/blobs/uploads/")
    assert answer.status_code == 202
    return registry.url + answer.headers["Location"]


def push_blob(registry: Service, content: bytes, name: str = "team/app") -> str:
    digest = digest_of(content)
    answer = requests.put(begin(registry, name), params={"digest": digest}, data=content)
    assert answer.status_code == 201
    return digest


def manifest(registry: Service, **changes: Any) -> bytes:
    blob = {"digest": push_blob(registry, b"layer"), "size": 5}
    document = {"schemaVersion": 2, "mediaType": MANIFEST, "config": blob, "layers": [blob]}
    return json.dumps(document | changes).encode()


def put(
    registry: Service, reference: str, content: bytes, kind: str = MANIFEST
) -> requests.Response:
    return requests.put(
        f"{registry.url}/v2/team/app/manifests/{reference}",
        data=content,
        headers={"Content-Type": kind},
    )


def code(answer: requests.Response) -> str:
    return str(answer.json()["errors"][0]["code"])


def test_a_registry_says_which_version_it_speaks(image_registry: Service) -> None:
    answer = requests.get(f"{image_registry.url}/v2/")

    assert answer.json() == {}
    assert answer.headers["Docker-Distribution-Api-Version"] == "registry/2.0"


def test_a_blob_comes_back_as_it_was_sent(image_registry: Service) -> None:
    digest = push_blob(image_registry, b"hello")

    answer = requests.get(f"{image_registry.url}/v2/team/app/blobs/{digest}")

    assert answer.content == b"hello"
    assert answer.headers["Docker-Content-Digest"] == digest


def test_a_blob_may_come_in_chunks(image_registry: Service) -> None:
    place = begin(image_registry)
    requests.patch(place, data=b"hel", headers={"Content-Range": "0-2"})
    middle = requests.get(place)
    requests.patch(place, data=iter([b"l", b"o"]))

    answer = requests.put(place, params={"digest": digest_of(b"hello")})

    assert middle.headers["Range"] == "0-2"
    assert answer.status_code == 201


def test_a_chunk_out_of_order_is_refused(image_registry: Service) -> None:
    place = begin(image_registry)

    answer = requests.patch(place, data=b"lo", headers={"Content-Range": "3-4"})

    assert (answer.status_code, code(answer)) == (416, "RANGE_INVALID")


def test_content_with_another_digest_is_refused(image_registry: Service) -> None:
    wrong = digest_of(b"other")

    answer = requests.put(begin(image_registry), params={"digest": wrong}, data=b"hello")

    assert (answer.status_code, code(answer)) == (400, "DIGEST_INVALID")
    assert requests.head(f"{image_registry.url}/v2/team/app/blobs/{wrong}").status_code == 404


def test_a_tag_and_its_digest_lead_to_the_same_bytes(image_registry: Service) -> None:
    content = manifest(image_registry)
    assert put(image_registry, "v1", content).status_code == 201

    by_tag = requests.get(f"{image_registry.url}/v2/team/app/manifests/v1")
    by_digest = requests.get(f"{image_registry.url}/v2/team/app/manifests/{digest_of(content)}")

    assert by_tag.content == by_digest.content == content
    assert by_tag.headers["Docker-Content-Digest"] == digest_of(content)


def test_a_head_says_digest_and_length_without_a_body(image_registry: Service) -> None:
    content = manifest(image_registry)
    put(image_registry, "v1", content)

    answer = requests.head(f"{image_registry.url}/v2/team/app/manifests/v1")

    assert answer.headers["Docker-Content-Digest"] == digest_of(content)
    assert answer.headers["Content-Length"] == str(len(content))
    assert answer.content == b""


def test_a_manifest_of_a_type_that_is_not_accepted_is_unknown(image_registry: Service) -> None:
    put(image_registry, "v1", manifest(image_registry))

    answer = requests.get(f"{image_registry.url}/v2/team/app/manifests/v1", headers={"Accept": OCI})

    assert (answer.status_code, code(answer)) == (404, "MANIFEST_UNKNOWN")


def test_a_manifest_of_missing_blobs_is_refused(image_registry: Service) -> None:
    missing = [{"digest": digest_of(b"missing"), "size": 7}]

    answer = put(image_registry, "v1", manifest(image_registry, layers=missing))

    assert (answer.status_code, code(answer)) == (400, "MANIFEST_BLOB_UNKNOWN")


def test_a_manifest_under_a_wrong_digest_is_refused_and_not_kept(image_registry: Service) -> None:
    content = manifest(image_registry)

    answer = put(image_registry, digest_of(b"other"), content)

    assert (answer.status_code, code(answer)) == (400, "DIGEST_INVALID")
    place = f"{image_registry.url}/v2/team/app/manifests/{digest_of(content)}"
    assert requests.get(place).status_code == 404


def test_what_is_no_manifest_is_refused(image_registry: Service) -> None:
    for content in (b"no JSON", b"[]", b'{"schemaVersion": 1}'):
        answer = put(image_registry, "v1", content)

        assert (answer.status_code, code(answer)) == (400, "MANIFEST_INVALID")


def test_tags_are_listed_and_move(image_registry: Service) -> None:
    put(image_registry, "v2", manifest(image_registry))
    put(image_registry, "v1", manifest(image_registry))
    moved = manifest(image_registry, annotations={"a": "b"})

    put(image_registry, "v1", moved)

    listed = requests.get(f"{image_registry.url}/v2/team/app/tags/list").json()
    assert listed == {"name": "team/app", "tags": ["v1", "v2"]}
    head = requests.head(f"{image_registry.url}/v2/team/app/manifests/v1")
    assert head.headers["Docker-Content-Digest"] == digest_of(moved)


def test_what_was_never_pushed_is_unknown(image_registry: Service) -> None:
    for path, expected in (
        ("team/none/tags/list", "NAME_UNKNOWN"),
        ("team/none/manifests/v1", "MANIFEST_UNKNOWN"),
        (f"team/none/blobs/{digest_of(b'none')}", "BLOB_UNKNOWN"),
        ("team/none/blobs/sha256:../../etc", "BLOB_UNKNOWN"),
        ("team/none/blobs/uploads/00000000-0000-0000-0000-000000000000", "BLOB_UPLOAD_UNKNOWN"),
    ):
        answer = requests.get(f"{image_registry.url}/v2/{path}")

        assert (answer.status_code, code(answer)) == (404, expected)


def test_a_name_that_leads_out_of_the_registry_is_refused(image_registry: Service) -> None:
    session = requests.Session()
    asked = requests.Request("GET", image_registry.url).prepare()
    asked.url = f"{image_registry.url}/v2/../../secrets/manifests/v1"

    answer = session.send(asked)

    assert (answer.status_code, code(answer)) == (400, "NAME_INVALID")
