"""The distribution API over HTTP: content under its digest, and nothing else."""

import hashlib
import json
from typing import Any
from urllib.parse import urljoin

import requests

from tests.contract.registry import places
from tests.contract.registry.places import Guarded

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
OCI = "application/vnd.oci.image.manifest.v1+json"


def digest_of(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def begin(url: str, repository: str) -> str:
    answer = requests.post(f"{url}/{repository}/blobs/uploads/")
    assert answer.status_code == 202
    return next_place(answer)


def next_place(answer: requests.Response) -> str:
    """Where an upload goes on; a registry may name another place after each piece."""
    return urljoin(answer.url, answer.headers["Location"])


def push_blob(url: str, repository: str, content: bytes) -> str:
    digest = digest_of(content)
    answer = requests.put(begin(url, repository), params={"digest": digest}, data=content)
    assert answer.status_code == 201
    return digest


def manifest(url: str, repository: str, **changes: Any) -> bytes:
    blob = {"digest": push_blob(url, repository, b"layer"), "size": 5, "mediaType": "text/plain"}
    document = {"schemaVersion": 2, "mediaType": MANIFEST, "config": blob, "layers": [blob]}
    return json.dumps(document | changes).encode()


def put(
    url: str, repository: str, reference: str, content: bytes, kind: str = MANIFEST
) -> requests.Response:
    return requests.put(
        f"{url}/{repository}/manifests/{reference}", data=content, headers={"Content-Type": kind}
    )


def get(url: str, repository: str, reference: str, method: str = "GET") -> requests.Response:
    return requests.request(
        method, f"{url}/{repository}/manifests/{reference}", headers={"Accept": MANIFEST}
    )


def code(answer: requests.Response) -> str:
    return str(answer.json()["errors"][0]["code"])


def test_a_registry_says_which_version_it_speaks(url: str, repository: str) -> None:
    answer = requests.get(f"{url}/")

    assert answer.json() == {}
    assert answer.headers["Docker-Distribution-Api-Version"] == "registry/2.0"


def test_a_blob_comes_back_as_it_was_sent(url: str, repository: str) -> None:
    digest = push_blob(url, repository, b"hello")

    answer = requests.get(f"{url}/{repository}/blobs/{digest}")

    assert answer.content == b"hello"
    assert answer.headers["Docker-Content-Digest"] == digest


def test_a_blob_may_come_in_chunks(url: str, repository: str) -> None:
    first = requests.patch(begin(url, repository), data=b"hel", headers={"Content-Range": "0-2"})
    middle = requests.get(next_place(first))
    second = requests.patch(next_place(first), data=iter([b"l", b"o"]))

    answer = requests.put(next_place(second), params={"digest": digest_of(b"hello")})

    assert middle.headers["Range"] == "0-2"
    assert answer.status_code == 201


def test_content_with_another_digest_is_refused(url: str, repository: str) -> None:
    wrong = digest_of(b"other")

    answer = requests.put(begin(url, repository), params={"digest": wrong}, data=b"hello")

    assert (answer.status_code, code(answer)) == (400, "DIGEST_INVALID")
    assert requests.head(f"{url}/{repository}/blobs/{wrong}").status_code == 404


def test_a_tag_and_its_digest_lead_to_the_same_bytes(url: str, repository: str) -> None:
    content = manifest(url, repository)
    assert put(url, repository, "v1", content).status_code == 201

    by_tag = get(url, repository, "v1")
    by_digest = get(url, repository, digest_of(content))

    assert by_tag.content == by_digest.content == content
    assert by_tag.headers["Docker-Content-Digest"] == digest_of(content)


def test_a_head_says_digest_and_length_without_a_body(url: str, repository: str) -> None:
    content = manifest(url, repository)
    put(url, repository, "v1", content)

    answer = get(url, repository, "v1", "HEAD")

    assert answer.headers["Docker-Content-Digest"] == digest_of(content)
    assert answer.headers["Content-Length"] == str(len(content))
    assert answer.content == b""


def test_a_manifest_of_a_type_that_is_not_accepted_is_unknown(url: str, repository: str) -> None:
    put(url, repository, "v1", manifest(url, repository, mediaType=OCI), OCI)

    answer = get(url, repository, "v1")

    assert (answer.status_code, code(answer)) == (404, "MANIFEST_UNKNOWN")


def test_a_manifest_of_missing_blobs_is_refused(url: str, repository: str) -> None:
    missing = [{"digest": digest_of(b"missing"), "size": 7}]

    answer = put(url, repository, "v1", manifest(url, repository, layers=missing))

    assert (answer.status_code, code(answer)) == (400, "MANIFEST_BLOB_UNKNOWN")


def test_a_manifest_under_a_wrong_digest_is_refused_and_not_kept(url: str, repository: str) -> None:
    content = manifest(url, repository)

    answer = put(url, repository, digest_of(b"other"), content)

    assert (answer.status_code, code(answer)) == (400, "DIGEST_INVALID")
    assert get(url, repository, digest_of(content)).status_code == 404


def test_what_is_no_manifest_is_refused(url: str, repository: str) -> None:
    for content in (b"no JSON", b"[]", b'{"schemaVersion": 1}'):
        answer = put(url, repository, "v1", content)

        assert (answer.status_code, code(answer)) == (400, "MANIFEST_INVALID")


def test_tags_are_listed_and_move(url: str, repository: str) -> None:
    put(url, repository, "v2", manifest(url, repository))
    put(url, repository, "v1", manifest(url, repository))
    moved = manifest(url, repository, annotations={"a": "b"})

    put(url, repository, "v1", moved)

    listed = requests.get(f"{url}/{repository}/tags/list").json()
    assert (listed["name"], sorted(listed["tags"])) == (repository, ["v1", "v2"])
    head = get(url, repository, "v1", "HEAD")
    assert head.headers["Docker-Content-Digest"] == digest_of(moved)


def test_what_was_never_pushed_is_unknown(url: str, repository: str) -> None:
    for path, expected in (
        ("tags/list", "NAME_UNKNOWN"),
        ("manifests/v1", "MANIFEST_UNKNOWN"),
        (f"blobs/{digest_of(b'none')}", "BLOB_UNKNOWN"),
    ):
        answer = requests.get(f"{url}/{repository}/{path}")

        assert (answer.status_code, code(answer)) == (404, expected)


def test_an_upload_that_was_never_begun_is_unknown(url: str, repository: str) -> None:
    upload = "00000000-0000-0000-0000-000000000000"

    assert requests.get(f"{url}/{repository}/blobs/uploads/{upload}").status_code == 404


def test_what_is_no_digest_is_refused(url: str, repository: str) -> None:
    answer = requests.get(f"{url}/{repository}/blobs/sha256:zz")

    assert (answer.status_code, code(answer)) == (400, "DIGEST_INVALID")


def test_a_blob_belongs_to_the_repositories_it_was_given_to(url: str, repository: str) -> None:
    content = repository.encode()
    digest = push_blob(url, repository, content)
    other = f"{repository}-other"
    strange = requests.get(f"{url}/{other}/blobs/{digest}")

    mounted = requests.post(
        f"{url}/{other}/blobs/uploads/", params={"mount": digest, "from": repository}
    )

    assert (strange.status_code, mounted.status_code) == (404, 201)
    assert requests.get(f"{url}/{other}/blobs/{digest}").content == content


def test_a_manifest_is_deleted_by_digest_with_all_its_tags(url: str, repository: str) -> None:
    content = manifest(url, repository)
    for tag in ("v1", "v2"):
        put(url, repository, tag, content)
    place = f"{url}/{repository}/manifests"
    by_tag = requests.delete(f"{place}/v1")

    deleted = requests.delete(f"{place}/{digest_of(content)}")

    assert (by_tag.status_code, code(by_tag)) == (400, "DIGEST_INVALID")
    assert deleted.status_code == 202
    assert get(url, repository, "v2").status_code == 404
    assert requests.get(f"{url}/{repository}/tags/list").json()["tags"] is None
    assert requests.delete(f"{place}/{digest_of(content)}").status_code == 404


def test_a_path_that_leads_out_of_the_registry_shows_nothing(url: str) -> None:
    asked = requests.Request("GET", url).prepare()
    asked.url = f"{url}/../../secrets/manifests/v1"

    answer = requests.Session().send(asked, allow_redirects=False)

    assert answer.status_code in (301, 400, 404)


def test_a_guarded_registry_says_which_login_it_wants(guarded: Guarded) -> None:
    place = f"http://{guarded.address}/v2/"

    nobody, stranger = requests.get(place), requests.get(place, auth=("bot", "wrong"))

    assert (nobody.status_code, code(nobody)) == (401, "UNAUTHORIZED")
    assert nobody.headers["WWW-Authenticate"] == 'Basic realm="registry"'
    assert (stranger.status_code, code(stranger)) == (401, "UNAUTHORIZED")
    assert requests.get(place, auth=(places.USER, places.PASSWORD)).status_code == 200
