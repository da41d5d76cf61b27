"""Images: layers over each other, and no way out of the root."""

from pathlib import Path

import pytest

from opsbot.sandbox.kubernetes.images import references, registry
from opsbot.sandbox.kubernetes.images.cache import Cache
from opsbot.sandbox.kubernetes.images.references import InvalidName
from opsbot.sandbox.kubernetes.images.registry import PullFailed
from opsbot.sandbox.kubernetes.node import programs
from tests.sandbox_kubernetes.yard import Yard, file, layer, link


def test_later_layers_cover_and_delete(yard: Yard, tmp_path: Path) -> None:
    below = layer([file("app/a", "1"), file("app/b", "1"), file("old/x"), file("old/y")])
    above = layer([file("app/a", "2"), file("app/.wh.b"), file("old/.wh..wh..opq"), file("old/z")])

    image = Cache(tmp_path).pull(yard.push("layers", below, above))

    found = {str(path.relative_to(image.root)) for path in image.root.rglob("*") if path.is_file()}
    assert found == {"app/a", "old/z"}
    assert (image.root / "app/a").read_text() == "2"


@pytest.mark.parametrize(
    "members",
    [
        pytest.param([file("../outside")], id="dots"),
        pytest.param([file("a/../../outside")], id="dots inside"),
        pytest.param([link("way", "/tmp"), file("way/outside")], id="absolute link"),
        pytest.param([link("way", ".."), file("way/outside")], id="relative link"),
    ],
)
def test_a_layer_that_leaves_its_root_is_refused(
    yard: Yard, tmp_path: Path, members: list[tuple[object, bytes]]
) -> None:
    reference = yard.push("escape", layer(members))  # type: ignore[arg-type]  # made by makers

    with pytest.raises(PullFailed, match=r"out of the image|leaves the root"):
        Cache(tmp_path).pull(reference)

    assert not list(tmp_path.rglob("outside"))
    assert not list(tmp_path.iterdir())


def test_a_layer_must_be_what_its_digest_says(
    yard: Yard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = yard.push("lie", layer([file("a", "1")]))
    honest = registry._get

    def swapped(*asked: object) -> bytes:
        raw = honest(*asked)  # type: ignore[arg-type]  # passed through
        return raw + b"x" if "/blobs/" in str(asked[1]) else raw

    monkeypatch.setattr(registry, "_get", swapped)

    with pytest.raises(PullFailed, match="unexpected digest"):
        Cache(tmp_path).pull(reference)


def test_an_image_is_known_by_its_digest(yard: Yard, tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    by_tag = cache.pull(yard.node("tagged"))

    by_digest = cache.pull(by_tag.identity)

    assert by_digest.root == by_tag.root


def test_references_are_read_as_a_kubelet_does() -> None:
    assert references.parse("127.0.0.1:5000/a/b").version == "latest"
    assert references.parse("nginx:1").host == "docker.io"
    with pytest.raises(InvalidName, match="must be lowercase"):
        references.parse("127.0.0.1:5000/App:1")


def test_links_of_an_image_stay_in_it(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/real").touch()
    (tmp_path / "bin/absolute").symlink_to("/bin/real")
    (tmp_path / "bin/upward").symlink_to("../../../../bin/real")
    (tmp_path / "bin/circle").symlink_to("circle")

    found = [programs.in_root(tmp_path, f"/bin/{name}") for name in ("absolute", "upward")]

    assert found == [tmp_path / "bin/real"] * 2
    assert programs.in_root(tmp_path, "/bin/circle") is None
