"""Build an image, instruction by instruction, saying what the real Engine says.

RUN needs a container, which the sandbox does not have: it fails the build in clear words, as does
every other instruction that would be silently without effect here.
"""

import posixpath
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from opsbot.sandbox.docker import copying, dockerfile, files, images, pulling
from opsbot.sandbox.docker.dockerfile import Instruction
from opsbot.sandbox.docker.files import FOLDER, Files
from opsbot.sandbox.docker.images import Image, Images
from opsbot.sandbox.docker.problems import BuildFailed

Record = dict[str, Any]


@dataclass
class Build:
    """One build under way."""

    context: Files
    given: dict[str, str]
    """Build arguments."""
    labels: dict[str, str] = field(default_factory=dict)
    """Labels that the client adds to those of the Dockerfile."""
    image: Image | None = None
    declared: dict[str, str] = field(default_factory=dict)
    """Arguments in scope, with their values."""

    @property
    def base(self) -> Image:
        """The image so far."""
        if self.image is None:
            raise BuildFailed("no build stage in current context: the first instruction is FROM")
        return self.image

    @property
    def variables(self) -> dict[str, str]:
        """What `$NAME` means here: ENV before ARG."""
        if self.image is None:
            return self.declared
        return self.declared | dict(each.split("=", 1) for each in self.image.settings["Env"])


def run(
    store: Images, build: Build, steps: list[Instruction], names: list[str]
) -> Iterator[Record]:
    """Build, yielding the stream's records; a failure is its last record."""
    steps = [*steps, *_labelling(build.labels)]
    try:
        for number, step in enumerate(steps, start=1):
            yield {"stream": f"Step {number}/{len(steps)} : {step}"}
            yield {"stream": "\n"}
            _take(store, build, step)
            if build.image:
                yield {"stream": f" ---> {build.image.id[7:19]}\n"}
        image = _labelled(build)
    except BuildFailed as failure:
        yield {"errorDetail": {"message": str(failure)}, "error": str(failure)}
        return
    store.keep(image, *names)
    yield {"aux": {"ID": image.id}}
    yield {"stream": f"Successfully built {image.id[7:19]}\n"}
    for name in names:
        yield {"stream": f"Successfully tagged {images.normal(name)}\n"}


def _labelling(labels: dict[str, str]) -> list[Instruction]:
    """Return the step that clients' labels are shown as; quoted, so that no `$` means anything."""
    words = " ".join(f"{name}={shlex.quote(labels[name])}" for name in sorted(labels))
    return [Instruction("LABEL", words)] if labels else []


def _labelled(build: Build) -> Image:
    # The shown step was read like a line of the Dockerfile; the values are the client's very own.
    if not build.labels:
        return build.base
    known = build.base.settings["Labels"] | build.labels
    return Image(
        build.base.config | {"config": build.base.settings | {"Labels": known}}, build.base.layers
    )


def _take(store: Images, build: Build, step: Instruction) -> None:
    match step.keyword:
        case "FROM":
            build.image = _from(store, build, step)
            build.declared = {}
        case "ARG":
            _argument(build, step)
        case "COPY" | "ADD":
            _copy(build, step)
        case "WORKDIR":
            _work_in(build, step)
        case "ENV" | "LABEL" | "EXPOSE" | "USER" | "CMD" | "ENTRYPOINT":
            build.image = images.changed(build.base, str(step), **_settings(build, step))
        case _:
            raise BuildFailed(
                f"{step.keyword} is not supported by the sandbox's Docker Engine: it builds images "
                "of files and settings and runs no commands. Use a real Docker Engine for this "
                "Dockerfile."
            )


def _from(store: Images, build: Build, step: Instruction) -> Image:
    name, *rest = step.words(build.variables)
    if rest or build.image:
        raise BuildFailed(
            "builds of several stages are not supported by the sandbox's Docker Engine"
        )
    if name == "scratch":
        return images.new()
    return store.find(name) or _pulled(store, name)


def _pulled(store: Images, name: str) -> Image:
    """Return a base image after it was pulled, as an Engine does that does not have it."""
    repository, _, tag = images.normal(name).rpartition(":")
    if "/" not in repository or ":" not in repository.partition("/")[0]:
        raise BuildFailed(
            f"pull access denied for {name}: the sandbox's Docker Engine pulls from 127.0.0.1 "
            f"alone. It has {', '.join(sorted(store.names)) or 'no images'}."
        )
    for record in pulling.run(store, pulling.find(repository, tag)):
        if "error" in record:
            raise BuildFailed(record["error"])
    found = store.find(name)
    if found is None:
        raise BuildFailed(f"No such image: {name}")
    return found


def _argument(build: Build, step: Instruction) -> None:
    for word in step.words(build.variables):
        name, has_default, default = word.partition("=")
        if name in build.given or has_default:
            build.declared[name] = build.given.get(name, default)


def _copy(build: Build, step: Instruction) -> None:
    folder = build.base.settings.get("WorkingDir", "/")
    made = copying.copied(build.context, step.words(build.variables), folder, step.keyword)
    build.image = images.changed(build.base, str(step), files.pack(made))


def _work_in(build: Build, step: Instruction) -> None:
    before = build.base.settings.get("WorkingDir", "/")
    (named,) = step.words(build.variables)[:1]
    folder = posixpath.normpath(posixpath.join("/", before, named))
    path = folder.lstrip("/")
    made: Files = dict.fromkeys([*files.parents(path), path], FOLDER) if path else {}
    layer = files.pack(made) if made else None
    build.image = images.changed(build.base, str(step), layer, WorkingDir=folder)


def _settings(build: Build, step: Instruction) -> Record:
    now, words = build.base.settings, step.words(build.variables)
    match step.keyword:
        case "ENV":
            known = dict(each.split("=", 1) for each in now["Env"])
            known |= dockerfile.pairs(step, build.variables)
            return {"Env": [f"{name}={value}" for name, value in known.items()]}
        case "LABEL":
            return {"Labels": (now.get("Labels") or {}) | dockerfile.pairs(step, build.variables)}
        case "EXPOSE":
            ports: Record = {word if "/" in word else f"{word}/tcp": {} for word in words}
            return {"ExposedPorts": (now.get("ExposedPorts") or {}) | ports}
        case "USER":
            return {"User": words[0]}
        case "CMD":
            return {"Cmd": _command(step)}
        case _:
            return {"Entrypoint": _command(step), "Cmd": None}


def _command(step: Instruction) -> list[str]:
    # Variables in a command are the shell's, at run time.
    listed = step.listed()
    return listed if listed is not None else ["/bin/sh", "-c", step.rest]
