"""The sandbox's Kubernetes tells every story as a real cluster does."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.contract.kubernetes import targets
from tests.truth import comparing, explaining, story, telling
from tests.truth.comparing import Difference
from tests.truth.story import Story

STORIES = story.all_of_them()
QUICK = [each for each in STORIES if each.quick]
REST = [each for each in STORIES if not each.quick]

pytestmark = pytest.mark.lab


def compared(stories: Sequence[Story], state: Path) -> dict[str, list[Difference]]:
    """Play the stories on both clusters at once."""
    if absent := targets.missing_for_the_lab():
        pytest.skip(f"no real cluster with a registry: {', '.join(absent)} not set")
    with targets.sandbox(state) as sandbox, ThreadPoolExecutor(2) as pool:
        both = pool.map(lambda target: telling.tell(stories, target), (targets.lab(), sandbox))
        lab, other = both
    return {name: comparing.compare(lab[name], other[name]) for name in lab}


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Difference]]:
    return compared(QUICK, tmp_path_factory.mktemp("sandbox"))


@pytest.fixture(scope="module")
def rest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Difference]]:
    return compared(REST, tmp_path_factory.mktemp("sandbox"))


def left(name: str, found: dict[str, list[Difference]]) -> list[str]:
    """What differs without a reason, and reasons for what does not differ."""
    known = explaining.all_of_them()
    differences = explaining.unexplained(name, found[name], known)
    stale = explaining.stale({name: found[name]}, known)
    return [str(each) for each in differences] + [f"stale: {each.where}" for _, each in stale]


@pytest.mark.parametrize("name", [each.name for each in QUICK])
def test_a_quick_story(name: str, quick: dict[str, list[Difference]]) -> None:
    assert left(name, quick) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", [each.name for each in REST])
def test_a_story(name: str, rest: dict[str, list[Difference]]) -> None:
    assert left(name, rest) == []
