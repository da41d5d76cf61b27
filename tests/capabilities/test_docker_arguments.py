"""Arguments of the Docker tools: what no registry would take is refused when the plan is made."""

from typing import Any

import pytest
from pydantic import ValidationError

from opsbot.capabilities import catalog
from opsbot.vocabulary.words import ServerKind

DIGEST = f"sha256:{'a' * 64}"
RIGHT: dict[str, dict[str, Any]] = {
    "push_image": {"image_name": "myorg/app", "tag": "v1", "dockerfile": "Dockerfile"},
    "pull_image": {"image_name": "myorg/app", "tag": "v1"},
    "tag_image": {"image_name": "myorg/app", "tag": "v1", "source_digest": DIGEST},
    "verify_image": {"image_name": "myorg/app:v1"},
    "get_image_metadata": {"image_name": "myorg/app", "tags": ["v1-staging", "v1-dev"]},
    "build_image": {"image_name": "myorg/app", "tag": "v1", "dockerfile": "Dockerfile"},
    "list_tags": {"image_name": "myorg/app"},
    "sign_image": {"image_name": "myorg/app", "tag": "v1"},
}


def params(tool: str, **changes: Any) -> Any:
    found = catalog.native().find(ServerKind.DOCKER, tool)
    assert found is not None
    return found.params.model_validate(RIGHT[tool] | changes)


@pytest.mark.parametrize("tool", RIGHT)
def test_right_arguments_are_taken(tool: str) -> None:
    assert params(tool).image_name.startswith("myorg/app")


@pytest.mark.parametrize("tool", RIGHT)
@pytest.mark.parametrize(
    "name",
    ["", "MyOrg/App", "../app", "a//b", "registry.example:5000/app", "app\n", f"app@{DIGEST}"],
)
def test_a_name_that_is_no_repository_is_refused(tool: str, name: str) -> None:
    tagged = f"{name}:v1" if tool == "verify_image" else name

    with pytest.raises(ValidationError, match="image_name"):
        params(tool, image_name=tagged)


def test_a_name_that_is_too_long_is_refused() -> None:
    with pytest.raises(ValidationError, match="at most 255"):
        params("pull_image", image_name="a/" * 130 + "a")


@pytest.mark.parametrize("tag", ["", "-v1", "v1;x", "a/b", "a:b", "v1\n", "v" * 129, "v 1", DIGEST])
def test_a_tag_that_is_none_is_refused(tag: str) -> None:
    for tool, right in RIGHT.items():
        if "tag" in right:
            with pytest.raises(ValidationError, match="tag"):
                params(tool, tag=tag)
    with pytest.raises(ValidationError, match="tags"):
        params("get_image_metadata", tags=["v1", tag])
    with pytest.raises(ValidationError, match="image_name"):
        params("verify_image", image_name=f"myorg/app:{tag}")


@pytest.mark.parametrize(
    ("tool", "changes"),
    [
        ("get_image_metadata", {"tags": []}),
        ("get_image_metadata", {"tags": [f"v{number}" for number in range(33)]}),
        ("get_image_metadata", {"platform": "linux"}),
        ("get_image_metadata", {"platform": "linux/../amd64"}),
        ("list_tags", {"limit": 0}),
        ("list_tags", {"limit": 1001}),
        ("tag_image", {"source_digest": "sha256:abc"}),
        ("tag_image", {"source_digest": DIGEST.upper()}),
        ("tag_image", {"source_tag": "a:b", "source_digest": None}),
    ],
)
def test_what_is_out_of_bounds_is_refused(tool: str, changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=next(iter(changes))):
        params(tool, **changes)
