"""Play stories on clusters, several at once, and retell what was seen."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.contract.kubernetes.images import ImageYard
from tests.contract.kubernetes.stage import Target
from tests.truth import playing
from tests.truth.recording import Json
from tests.truth.retelling import retelling
from tests.truth.story import Release, Step, Story, Until

APPLICATION = Path(__file__).parent / "application.js"
AT_ONCE = 6
"""Most of a story is waiting; more at once would make clusters wait for the machine instead."""

Tellings = dict[str, Json]


def tell(stories: Sequence[Story], target: Target, say: Callable[[str], None] = print) -> Tellings:
    """Return what a cluster tells of each story, by its name."""
    images = _images(target)
    playing.play(_warming_up(), target, images)

    def one(story: Story) -> Json:
        told = retelling.tell(playing.play(story, target, images))
        say(f"{target.name}: {story.name}")
        return told

    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(one, stories))
    return {story.name: told for story, told in zip(stories, found, strict=True)}


def _images(target: Target) -> dict[str, str]:
    """The images that stories name: a good one, a tag that is not there, and no name at all."""
    yard = ImageYard(target.docker, target.registry, target.base, "truth/app")
    built = yard.running("truth", APPLICATION.read_text("utf-8"))
    return {
        "application": built,
        "absent": f"{target.registry}/truth/app:absent",
        "misspelt": f"{target.registry}/truth/App:truth",
    }


def _warming_up() -> Story:
    """Bring the image to the node, so that every story finds it there."""
    steps = (Step(apply=Release(replicas=1)), Step(until=Until(settled=True)))
    return Story(name="warming-up", about="The image comes to the node.", steps=steps)
