"""Which systems are real: those that the environment names. The sandbox stands in for the others.

    KUBECONFIG, DOCKER_HOST, OPSBOT_REGISTRY   a cluster, an Engine, a registry: only together
    SONAR_HOST_URL, SONAR_TOKEN                a SonarQube, with an administrator's token

A real cluster can only run images from a registry that it reaches, and the sandbox's engine makes
images for the sandbox's pods; so these three are real together or not at all. Jenkins and Slack
are always the sandbox's.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field

from opsbot.vocabulary.errors import Refused
from opsbot.vocabulary.model import Value

CLUSTER = ("KUBECONFIG", "DOCKER_HOST", "OPSBOT_REGISTRY")
SONARQUBE = ("SONAR_HOST_URL", "SONAR_TOKEN")
BASE_IMAGE = "OPSBOT_BASE_IMAGE"
"""Optional: the image that applications are built upon; without it the Dockerfile's own."""

Word = Literal["real", "sandbox"]


class RealCluster(Value):
    """A cluster with the Engine and the registry that its images come from."""

    kubeconfig: str
    """Path of an administrator's kubeconfig."""
    engine: str
    registry: str
    base_image: str = ""


class RealSonarQube(Value):
    """A SonarQube server."""

    url: str
    token: str = Field(repr=False)
    """Of an administrator: the demo sets the quality gate up."""


class Real(Value):
    """What is real; the sandbox is the rest."""

    cluster: RealCluster | None = None
    sonarqube: RealSonarQube | None = None

    @property
    def nothing(self) -> bool:
        """Whether all is the sandbox's."""
        return self.cluster is None and self.sonarqube is None

    @property
    def parts(self) -> dict[str, Word]:
        """Say of each system which of the two it is."""
        cluster, sonarqube = _word(self.cluster), _word(self.sonarqube)
        return {
            "kubernetes": cluster,
            "registry": cluster,
            "docker": cluster,
            "sonarqube": sonarqube,
            "jenkins": "sandbox",
            "slack": "sandbox",
        }

    @property
    def variables(self) -> dict[str, str]:
        """What the sandbox's Jenkins must know of the real parts."""
        if self.sonarqube is None:
            return {}
        return dict(zip(SONARQUBE, (self.sonarqube.url, self.sonarqube.token), strict=True))

    @property
    def left_out(self) -> tuple[str, ...]:
        """The systems that the sandbox need not start, as its `--without` names them."""
        cluster = ("docker", "kubernetes") if self.cluster else ()
        return (*cluster, "sonarqube") if self.sonarqube else cluster


NOTHING = Real()


def named(environment: Mapping[str, str]) -> Real:
    """Return the real parts that an environment names; `Refused` where it names half of one."""
    return Real(cluster=_cluster(environment), sonarqube=_sonarqube(environment))


def _cluster(environment: Mapping[str, str]) -> RealCluster | None:
    found = _all_or_none(environment, CLUSTER)
    if found is None:
        return None
    kubeconfig, engine, registry = found
    if not Path(kubeconfig).is_file():
        raise Refused(f"KUBECONFIG names {kubeconfig!r}, which is no file. Name one kubeconfig.")
    return RealCluster(
        kubeconfig=kubeconfig,
        engine=engine,
        registry=registry.removeprefix("https://").removeprefix("http://").rstrip("/"),
        base_image=environment.get(BASE_IMAGE, ""),
    )


def _sonarqube(environment: Mapping[str, str]) -> RealSonarQube | None:
    found = _all_or_none(environment, SONARQUBE)
    return None if found is None else RealSonarQube(url=found[0].rstrip("/"), token=found[1])


def _all_or_none(environment: Mapping[str, str], names: tuple[str, ...]) -> list[str] | None:
    """Return the values of variables that only go together; none where none is set."""
    found = [environment.get(name, "") for name in names]
    lacking = [name for name, value in zip(names, found, strict=True) if not value]
    if len(lacking) == len(names):
        return None
    if lacking:
        named = [name for name in names if name not in lacking]
        raise Refused(
            f"{' and '.join(named)} go only together with {' and '.join(lacking)}. "
            f"Set {' and '.join(lacking)} too, or unset {' and '.join(named)} for the sandbox."
        )
    return found


def _word(real: Value | None) -> Word:
    return "sandbox" if real is None else "real"
