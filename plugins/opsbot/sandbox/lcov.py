"""Line coverage as test runners report it: `SF` a file, `DA` a line, `BRDA` a branch."""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class FileCoverage:
    """How often each line and branch of a file was run."""

    lines: dict[int, int] = field(default_factory=dict)
    branches: list[int] = field(default_factory=list)

    @property
    def covered_lines(self) -> int:
        """How many lines were run."""
        return sum(1 for hits in self.lines.values() if hits)

    @property
    def covered_branches(self) -> int:
        """How many branches were taken."""
        return sum(1 for hits in self.branches if hits)


def parse(text: str) -> dict[str, FileCoverage]:
    """Return the coverage by file, as the report names the files."""
    found: dict[str, FileCoverage] = {}
    current = FileCoverage()
    for line in text.splitlines():
        kind, _, rest = line.strip().partition(":")
        match kind:
            case "SF":
                current = found.setdefault(rest, FileCoverage())
            case "DA":
                number, hits = rest.split(",")[:2]
                current.lines[int(number)] = current.lines.get(int(number), 0) + int(hits)
            case "BRDA":
                hits = rest.rpartition(",")[2]
                current.branches.append(int(hits) if hits.isdigit() else 0)
    return found


def percentage(covered: int, found: int) -> float | None:
    """Return a percentage, or None where there was nothing to cover."""
    return 100 * covered / found if found else None


def of_sources(
    coverage: dict[str, FileCoverage], sources: Iterable[str]
) -> dict[str, FileCoverage]:
    """Return the coverage of files that are sources: named so, or below a folder named so."""
    tops = tuple(sources)
    return {
        path: each
        for path, each in coverage.items()
        if any(path == top or path.startswith(f"{top}/") for top in tops)
    }
