"""Names that differ from cluster to cluster, and the words that stand for them."""

import re
from collections.abc import Sequence

from tests.truth.recording import Change, Json

_PLAIN = (
    # An image's digest depends on how it was packed.
    (re.compile(r"sha256:[0-9a-f]{64}"), "<digest>"),
    (re.compile(r"\([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\)"), "(<uid>)"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "<id>"),
    (re.compile(r"\b\d+(\.\d+){3}\b"), "<address>"),
    (re.compile(r"in \S+ \(\S+ including waiting\)"), "in <time> (<time> including waiting)"),
    (re.compile(r"Image size: \d+ bytes"), "Image size: <size> bytes"),
)


class Names:
    """The names of one recording."""

    def __init__(self, changes: Sequence[Change]) -> None:
        self._letters: dict[str, str] = {}
        words: dict[str, str] = {}
        for change in changes:
            metadata = change.object["metadata"]
            match change.kind:
                case "ReplicaSet":
                    letter = chr(ord("A") + len(self._letters))
                    words[metadata["name"]] = self._letters.setdefault(metadata["name"], letter)
                case "Pod":
                    words[metadata["name"]] = f"<pod of {self.owner(change.object)}>"
                    words[change.object["spec"].get("nodeName", "")] = "<node>"
                    for container in change.object["spec"]["containers"]:
                        words[container["image"].partition("/")[0]] = "<registry>"
            words[metadata["namespace"]] = "<namespace>"
        words.pop("", None)
        longest_first = sorted(words, key=len, reverse=True)
        self._words = [
            (re.compile(rf"(?<![A-Za-z0-9-]){re.escape(w)}(?![A-Za-z0-9-])"), words[w])
            for w in longest_first
        ]

    def replica_set(self, name: str) -> str:
        """The letter of a ReplicaSet."""
        return self._letters[name]

    def owner(self, pod: Json) -> str:
        """The letter of the ReplicaSet that a pod belongs to."""
        return self._letters[pod["metadata"]["ownerReferences"][0]["name"]]

    def plain(self, text: str) -> str:
        """Write a message without what differs from cluster to cluster."""
        for pattern, word in (*self._words, *_PLAIN):
            text = pattern.sub(word, text)
        return text


def _whole(word: str) -> re.Pattern[str]:
    """Match a name that is not a part of a longer one."""
    return re.compile(rf"(?<![A-Za-z0-9-]){re.escape(word)}(?![A-Za-z0-9-])")
