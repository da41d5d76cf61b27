"""A registry that sends its clients elsewhere for a token, and wants another one for each right."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from opsbot.integrations.docker.registry import Registry
from opsbot.vocabulary.errors import StepFailed
from tests.contract.registry import tokens
from tests.contract.registry.images import image_of, stored
from tests.contract.registry.places import PASSWORD, SHORT, USER, Place
from tests.contract.registry.tokens import Issuer


@pytest.fixture
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture
def address(target: Place, tmp_path: Path, issuer: Issuer) -> Iterator[str]:
    with tokens.guarded(target, tmp_path, issuer) as found:
        yield found


def client(address: str, user: str | None = USER, password: str | None = PASSWORD) -> Registry:
    return Registry(f"http://{address}", user=user, password=password, patience=SHORT)


def test_the_registry_says_where_tokens_are_and_for_what(address: str, repository: str) -> None:
    answer = requests.get(f"http://{address}/v2/{repository}/tags/list")

    assert answer.status_code == 401
    challenge = answer.headers["WWW-Authenticate"]
    assert challenge.startswith('Bearer realm="http://127.0.0.1:')
    assert f'scope="repository:{repository}:pull"' in challenge


def test_a_token_is_asked_for_when_a_right_is_missing(
    address: str, repository: str, issuer: Issuer
) -> None:
    registry = client(address)
    image = image_of(registry, repository)
    assert registry.manifest(image) is None

    manifest = stored(registry, image)

    assert registry.manifest(image) == manifest
    for layer in manifest.layers:
        assert registry.content(image, layer)
    rights = [scope.rpartition(":")[2] for scope in issuer.scopes]
    assert [sorted(each.split(",")) for each in rights] == [["pull"], ["pull", "push"]]


def test_another_repository_needs_another_token(
    address: str, repository: str, issuer: Issuer
) -> None:
    registry = client(address)
    stored(registry, image_of(registry, repository))

    stored(registry, image_of(registry, f"{repository}/other"))

    assert {scope.split(":")[1] for scope in issuer.scopes} == {repository, f"{repository}/other"}


@pytest.mark.parametrize("login", [(USER, "wrong"), (None, None)])
def test_a_login_that_gets_no_token_is_told(
    address: str, repository: str, login: tuple[str | None, str | None]
) -> None:
    registry = client(address, *login)

    with pytest.raises(StepFailed, match="login answered 401: check the connection's login"):
        registry.manifest(image_of(registry, repository))


def test_a_token_that_the_registry_does_not_believe_is_told(
    address: str, repository: str, issuer: Issuer
) -> None:
    issuer.key = Issuer().key
    registry = client(address)

    with pytest.raises(StepFailed, match=r"401.*check the connection's login and password"):
        registry.manifest(image_of(registry, repository))
    assert len(issuer.scopes) == 1
