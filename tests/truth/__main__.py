"""Hold the sandbox's Kubernetes against a real cluster.

    python -m tests.truth [STORY ...] [--times N] [--show]

Plays each story on both, says `equal` or what differs, and ends with 0 if no difference is
unexplained and no explanation stale. The real cluster and its registry are those that KUBECONFIG,
DOCKER_HOST and OPSBOT_REGISTRY name.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import yaml

from tests.contract.kubernetes import targets
from tests.contract.kubernetes.stage import Target
from tests.truth import comparing, explaining, story, telling
from tests.truth.comparing import Difference
from tests.truth.explaining import Explanation
from tests.truth.story import Story
from tests.truth.telling import Tellings

Found = dict[str, list[Difference]]


def main() -> int:
    """Play, compare, print; return how it went."""
    arguments = _arguments()
    if absent := targets.missing_for_the_lab():
        print(f"No real cluster with a registry: {', '.join(absent)} not set.", file=sys.stderr)
        return 2
    chosen = [each for each in story.all_of_them() if each.name in arguments.stories]
    known = explaining.all_of_them()
    is_good = True
    with tempfile.TemporaryDirectory() as state, targets.sandbox(Path(state)) as sandbox:
        for _ in range(arguments.times):
            lab, other = _tell_both(chosen, targets.lab(), sandbox)
            if arguments.show:
                print(yaml.safe_dump(lab, sort_keys=False, width=100))
            found = {name: comparing.compare(lab[name], other[name]) for name in lab}
            is_good = _report(found, known) and is_good
    return 0 if is_good else 1


def _arguments() -> argparse.Namespace:
    names = [each.name for each in story.all_of_them()]
    parser = argparse.ArgumentParser(prog="python -m tests.truth")
    parser.add_argument("stories", nargs="*", metavar="STORY", help=", ".join(names))
    parser.add_argument("--times", type=int, default=1, help="play them so many times")
    parser.add_argument("--show", action="store_true", help="print what the real cluster tells")
    arguments = parser.parse_args()
    if unknown := set(arguments.stories) - set(names):
        parser.error(f"no such story: {', '.join(sorted(unknown))}")
    arguments.stories = arguments.stories or names
    return arguments


def _tell_both(stories: Sequence[Story], lab: Target, sandbox: Target) -> list[Tellings]:
    with ThreadPoolExecutor(2) as pool:
        return list(
            pool.map(lambda target: telling.tell(stories, target, _progress), (lab, sandbox))
        )


def _progress(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _report(found: Found, known: Sequence[Explanation]) -> bool:
    """Print what differs; tell whether all of it is explained and no explanation stale."""
    is_good = True
    for name, differences in found.items():
        left = explaining.unexplained(name, differences, known)
        explained = len(differences) - len(left)
        print(f"{name}: {_verdict(len(left), explained)}")
        for each in left:
            print("  " + str(each).replace("\n", "\n  "))
        is_good = is_good and not left
    for name, each in explaining.stale(found, known):
        print(f"{name}: stale explanation, nothing differs so: {each.where} ({each.reason})")
        is_good = False
    return is_good


def _verdict(left: int, explained: int) -> str:
    if left:
        return f"{left} unexplained"
    return f"equal but for {explained} explained" if explained else "equal"


if __name__ == "__main__":
    sys.exit(main())
