"""Build an image from a build's archive, push it, and find its digest in the registry.

An image that was made from the same archive, Dockerfile and build arguments is adopted, not built
again: its labels say so, and they are part of what the digest covers. It is pushed under two tags:
first a lasting one with the commit, which is never moved, then the wanted one. So a digest that
was deployed keeps a name, and a step that died between the two finds its image.

Where the connection holds a key to sign with, the digest is signed. Labels can be copied, so an
adopted image that nobody signed yet is signed only if this Engine has it too.
"""

from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from opsbot.capabilities.docker.push_image import PushImage
from opsbot.integrations.docker import building, engine, names, signatures, signing, stream
from opsbot.integrations.docker.client import DockerClient
from opsbot.integrations.docker.manifests import Manifest
from opsbot.integrations.docker.names import ImageName
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say


class ImageOutput(Value):
    """An image in the registry."""

    image: str
    digest: str
    size: int
    """Bytes of its layers and configuration, as stored."""
    signed_by: str | None
    """The sha256 of the public key (DER); None where the connection holds no key to sign with."""


def run(
    client: DockerClient,
    params: PushImage,
    *,
    context: Path,
    labels: dict[str, str],
    say: Say,
) -> ImageOutput:
    """Return the image made from this archive, building and pushing it if it is not there yet."""
    image = names.checked(client.registry.host, params.image_name, params.tag)
    key = client.keys.signing() if client.keys.can_sign else None
    recipe = building.recipe(client, context, params.dockerfile, params.build_args, labels)
    lasting = names.lasting(image, recipe.labels)
    there = {each: client.registry.manifest(each) for each in (*lasting, image)}
    manifest = _stored(client, there, recipe.labels)
    if manifest:
        say(f"{image} was made from this archive before: adopting {manifest.digest}.")
    else:
        # The Engine may still push what a killed worker asked for; it is the same name then.
        free = _free(lasting, there)
        building.build(client, free, recipe, say)
        manifest = _push(client, free, recipe.labels, say)
    signed_by = _sign(client, image, manifest, key, say) if key else None
    _name(client, image, lasting, manifest)
    return ImageOutput(
        image=str(image),
        digest=manifest.digest,
        size=client.registry.platform(image, manifest).size,
        signed_by=signed_by,
    )


def _stored(
    client: DockerClient, there: dict[ImageName, Manifest | None], labels: dict[str, str]
) -> Manifest | None:
    """Return the image of exactly this origin, if one of the names has it already."""
    for place, manifest in there.items():
        if manifest and labels.items() <= client.registry.labels(place, manifest).items():
            return manifest
    return None


def _free(lasting: tuple[ImageName, ...], there: dict[ImageName, Manifest | None]) -> ImageName:
    """Return the first lasting name that no image has."""
    for each in lasting:
        if there[each] is None:
            return each
    raise StepFailed(
        f"{' and '.join(map(str, lasting))} are other images than this build's. Find out who "
        "pushed them, delete them in the registry and build again."
    )


def _push(client: DockerClient, image: ImageName, labels: dict[str, str], say: Say) -> Manifest:
    """Push, and return what the registry then really has; it must be what was pushed."""
    push = partial(client.engine.push, image.place, tag=image.tag, stream=True, decode=True)
    records = stream.read(push, f"pushing {image}", say)
    pushed = [record["Digest"] for record in records if "Digest" in record]
    said, manifest = client.registry.digest(image), client.registry.manifest(image)
    if manifest is None or {manifest.digest} != {*pushed, said}:
        raise StepFailed(
            f"{image} was pushed as {pushed or 'nothing'}, but the registry has {said}: somebody "
            "else pushed the same name, or the push was lost."
        )
    if not labels.items() <= client.registry.labels(image, manifest).items():
        raise StepFailed(f"{image} in the registry does not have the labels it was built with.")
    return manifest


def _name(
    client: DockerClient, image: ImageName, lasting: tuple[ImageName, ...], manifest: Manifest
) -> None:
    """Give the image one lasting name and the wanted one."""
    there = {each: client.registry.manifest(each) for each in lasting}
    if manifest.digest not in [each.digest for each in there.values() if each]:
        client.registry.put(_free(lasting, there), manifest)
    if client.registry.digest(image) != manifest.digest:
        client.registry.put(image, manifest)


def _sign(
    client: DockerClient,
    image: ImageName,
    manifest: Manifest,
    key: EllipticCurvePrivateKey,
    say: Say,
) -> str:
    """Sign an image that was made here, and return what the key is known by."""
    digest, public = manifest.digest, key.public_key()
    known = signatures.is_signed(client.registry, image, digest, public)
    made_here = manifest.config and engine.find(client.engine, manifest.config.digest)
    if not known and not made_here:
        raise StepFailed(
            f"{image.at(digest)} is in the registry without a signature, and this Docker Engine "
            "does not have it. Sign it with sign_image if you know where it comes from; else "
            "delete it in the registry and build again."
        )
    return signing.sign(client.registry, image, digest, key, say)
