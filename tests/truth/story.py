"""A story: what is done to an application on a cluster, step by step, and when the next step comes.

Steps wait for what the cluster reports, never for a time, so that a slow machine tells the same
story as a fast one. `stories.yaml` has them all.
"""

from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field

from opsbot.vocabulary.model import Value

STORIES = Path(__file__).parent / "stories.yaml"


class Release(Value):
    """What an apply changes of the plain application (see `manifests`)."""

    replicas: int = 2
    env: dict[str, str] = Field(default_factory=dict)
    image: Literal["application", "absent", "misspelt"] = "application"
    container: dict[str, Any] = Field(default_factory=dict)
    """Merged into the container."""
    sidecar: dict[str, str] = Field(default_factory=dict)
    """The environment of a second container beside it; without one there is none."""
    pod: dict[str, Any] = Field(default_factory=dict)
    """Merged into the pod's spec."""
    template: dict[str, str] = Field(default_factory=dict)
    """Annotations of the pod template."""
    spec: dict[str, Any] = Field(default_factory=dict)
    """Merged into the Deployment's spec."""


class Until(Value):
    """What a step waits for; all that is said must hold at once. Pods are the newest version's."""

    settled: bool = False
    """The rollout is complete, nothing of another version is left, and nothing moves any more."""
    waiting: str = ""
    """A container waits for this reason."""
    ends: int = 0
    """One container has ended so many times."""
    restarts: int = 0
    """A container runs that was started again so many times."""
    ready: int | None = None
    """So many pods are ready."""
    condition: str = ""
    """The Deployment has a condition of this reason."""
    events: dict[str, int] = Field(default_factory=dict)
    """At least so many events of these reasons were counted, of whatever object."""
    gone: bool = False
    """No pod is left."""


class Step(Value):
    """One step; exactly one of its fields is set."""

    apply: Release | None = None
    configure: str | None = None
    """Make a ConfigMap of this name."""
    delete: Literal["deployment"] | None = None
    until: Until | None = None


class Story(Value):
    """A story with its name."""

    name: str
    about: str
    quick: bool = False
    """Told in the everyday tests too."""
    steps: tuple[Step, ...]


def all_of_them() -> tuple[Story, ...]:
    """Read the stories."""
    return tuple(Story.model_validate(each) for each in yaml.safe_load(STORIES.read_text("utf-8")))
