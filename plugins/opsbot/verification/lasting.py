"""Whether a container that ended can ever come up: what its image and its pod alone decide.

A module that is not in the image will not be there at the next start either. But a file may lie on
a volume that another container fills, and a variable may come from a ConfigMap that somebody is
about to make; where the pod's template leaves that open, there is hope, and the crashes are counted
instead.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from opsbot.verification import log_lines
from opsbot.verification.containers import Container, End, Json
from opsbot.verification.observation import Observation
from opsbot.verification.signatures import Finding, Signature, find
from opsbot.vocabulary.failures import Category

START_ERRORS = frozenset({"StartError", "ContainerCannotRun"})
"""Reasons of an end without a life: the runtime could not start the command."""
_TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount"  # noqa: S105  a path
_FILES = frozenset(
    {
        Category.MISSING_FILE,
        Category.MISSING_MODULE,
        Category.COMMAND_NOT_FOUND,
        Category.PERMISSION_DENIED,
        Category.SYNTAX_ERROR,
        Category.WRONG_ARCHITECTURE,
    }
)


def proven(
    seen: Observation,
    pods: Iterable[Json],
    log_of: Callable[[Container], str],
    signatures: Sequence[Signature],
) -> Observation:
    """Return an observation whose ended containers know what their logs prove."""
    by_name = {str(pod["metadata"]["name"]): pod for pod in pods}

    def judged(container: Container) -> Container:
        if container.end is None or container.pod not in by_name or not signatures:
            return container
        pod, log = by_name[container.pod], log_of(container)
        why = reason(pod, container.name, container.end, log, signatures)
        return container.model_copy(update={"lasting": why})

    return seen.model_copy(update={"containers": tuple(map(judged, seen.containers))})


def reason(pod: Json, container: str, end: End, log: str, signatures: Sequence[Signature]) -> str:
    """Return why a container that ended will end again at every start, or nothing.

    `log` is that of the life that ended. An end with 0 is no proof: it may be what it should do.
    """
    if end.exit_code == 0 or end.reason == "OOMKilled":
        return ""
    text = end.message if end.reason in START_ERRORS else log
    finding = find(text, signatures)
    if finding is None or not finding.lasting or not _is_the_last_word(text, finding):
        return ""
    if _may_come(pod, container, finding):
        return ""
    return f"{finding.category.value.replace('_', ' ')}: {finding.line.strip()}"


def _is_the_last_word(text: str, finding: Finding) -> bool:
    """Tell whether a program died of a finding: it did not go on, and no other error follows."""
    if log_lines.inspect([finding.line]).warnings or _LIVES_ON.search(finding.line):
        return False
    later = text.splitlines()[finding.number + 1 :]
    return not any(_is_another_error(each) for each in later)


def _is_another_error(line: str) -> bool:
    """Tell whether a line begins an error of its own, rather than going on with one."""
    return bool(log_lines.inspect([line]).errors) and not _GOES_ON.match(line)


_LIVES_ON = re.compile(
    r"\b(?:retry|retries|retrying|try(?:ing)? again|will try|waiting|default(?:s|ing)?|fall(?:ing)?"
    r"[ -]?back|ignor\w+|optional\w*|skip\w*|continu\w+|disabled)\b",
    re.IGNORECASE,
)
"""Words of a program that notes a trouble and goes on."""
_GOES_ON = re.compile(r"^\s|^(?:npm |Node\.js |error Command|\[npm\]|make: |Error: A JNI)")
"""How the lines begin that belong to the error before them: stack frames, and who started it."""


def _may_come(pod: Json, container: str, finding: Finding) -> bool:
    """Tell whether the pod's own template leaves open that what lacks is brought."""
    spec = _spec(pod, container)
    if finding.category is Category.MISSING_ENVIRONMENT_VARIABLE:
        return _takes_optional_variables(spec)
    if finding.category in _FILES:
        return any(_could_hold(mount, finding.entity) for mount in _mounts(spec))
    return False


def _spec(pod: Json, container: str) -> dict[str, Any]:
    spec = pod.get("spec", {})
    listed = [*spec.get("initContainers", []), *spec.get("containers", [])]
    return next((each for each in listed if each.get("name") == container), {})


def _takes_optional_variables(spec: dict[str, Any]) -> bool:
    """Tell whether variables may come from objects that need not be there yet."""
    sources = [
        source
        for each in spec.get("env") or ()
        for source in (each.get("valueFrom") or {}).values()
        if isinstance(source, dict)
    ]
    sources += [
        source
        for each in spec.get("envFrom") or ()
        for source in each.values()
        if isinstance(source, dict)
    ]
    return any(each.get("optional") for each in sources)


def _mounts(spec: dict[str, Any]) -> Iterator[str]:
    """Return where volumes are mounted; the account's token is nobody's configuration."""
    for each in spec.get("volumeMounts") or ():
        path = str(each.get("mountPath", "")).rstrip("/")
        if path and path != _TOKEN:
            yield path


def _could_hold(mount: str, entity: str) -> bool:
    """Tell whether a path may lie on a volume.

    A relative path may, where the folder it names could be the volume's: `./config/app.json` and a
    volume at `/app/config`, or at `/app`. A bare name, of a module or a program, may where a volume
    is a place of such.
    """
    if entity.startswith("/"):
        return entity == mount or entity.startswith(f"{mount}/")
    folders = [each for each in entity.split("/")[:-1] if each not in (".", "..")]
    last = mount.rsplit("/", 1)[-1]
    if "/" in entity:
        return last in folders or last in _HOMES
    return last in _HOMES or last in _LIBRARIES


_HOMES = frozenset({"app", "src", "code", "workspace", "srv", "application", "www", "html"})
"""Where applications live: a volume there may hold any of their files."""
_LIBRARIES = frozenset(
    {"node_modules", "site-packages", "dist-packages", "vendor", "gems", "lib", "libs", "bin"}
)
