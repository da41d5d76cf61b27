"""How MCP servers for Docker Engines and image registries speak.

An image is named by its repository, often with the tag in one text. A registry may call the images
of a repository artifacts (Harbor). `tag` is a verb at the engine and a thing at the registry.
"""

from opsbot.capabilities.matching.row import Table, role, way
from opsbot.capabilities.matching.words import one_by_one
from opsbot.vocabulary.words import ServerKind

_IMAGE_WORDS = "container remote local registry tagged latest"
_FROM_REGISTRY = "namespace server page"

TABLE = Table(
    kind=ServerKind.DOCKER,
    own_names=one_by_one(
        "docker podman hub dockerhub harbor registry oci engine buildx buildah nerdctl "
        "skopeo crane ecr acr gcr ghcr quay cosign cli"
    ),
    marks=one_by_one("docker podman dockerhub dockerfile harbor buildx"),
    usual=one_by_one("image registry container repository tag"),
    roles=(
        role(
            "image",
            "image repository name reference ref artifact id",
            "full docker source local uri url object tag digest",
        ),
        role("object", "object id name resource target"),
        role(
            "source",
            "source src from existing old local image name",
            "tag ref reference id",
        ),
        role(
            "target",
            "target destination dest new to repository",
            "image name tag ref reference",
        ),
        role("tag", "tag version reference digest", "image name new target or"),
        role("namespace", "namespace project organization workspace", "name"),
        role(
            "context",
            "context path dockerfile containerfile directory dir file",
            "build docker container name content",
            repeats=True,
        ),
        role("arguments", "argument label option", "build", takes_object=True, repeats=True),
        role("server", "registry server host url endpoint", "name address", repeats=True),
        role("platform", "platform architecture arch os", repeats=True),
        role(
            "page",
            "page limit size offset count max per filter order sort",
            "number",
            repeats=True,
        ),
    ),
    ways=(
        way(
            "push_image",
            "image",
            "",
            "repository",
            verbs="push publish upload",
            beside=_IMAGE_WORDS,
            needs="image",
            fills="tag namespace server platform",
        ),
        way(
            "pull_image",
            "image",
            "",
            verbs="pull download",
            beside=_IMAGE_WORDS,
            needs="image",
            fills="tag namespace server platform",
        ),
        way(
            "tag_image",
            "image",
            "",
            verbs="tag retag",
            beside="container local",
            needs="source target",
            fills="tag namespace",
        ),
        way(
            "tag_image",
            "tag",
            verbs="add create set",
            beside="image",
            needs="image tag",
            fills="namespace",
        ),
        way(
            "verify_image",
            "verify image",
            "verify signature",
            "validate image",
            "check image signature",
            "verify",
            beside="image signature digest integrity layer",
            needs="image",
            fills="tag namespace server",
        ),
        way(
            "get_image_metadata",
            "image metadata",
            "manifest",
            "image",
            "artifact",
            beside="image repository manifest config digest label tag",
            number="one",
            needs="image",
            fills="tag namespace server platform",
        ),
        way(
            "get_image_metadata",
            "tag",
            beside="image repository digest",
            number="one",
            needs="image tag",
            fills="namespace server",
        ),
        way(
            "get_image_metadata",
            "",
            "object",
            beside="inspect",
            number="one",
            needs="kind object",
            fills="server",
        ),
        way(
            "build_image",
            "image",
            "",
            verbs="build",
            beside=f"{_IMAGE_WORDS} dockerfile containerfile",
            needs="context",
            fills="image tag arguments platform",
        ),
        way(
            "list_tags",
            "repository tag",
            "image tag",
            "tag",
            beside="image repository container available",
            number="many",
            needs="image",
            fills=_FROM_REGISTRY,
        ),
        way(
            "list_tags",
            "artifact",
            "image version",
            "repository version",
            "version",
            beside="repository image",
            number="many",
            needs="image",
            fills=_FROM_REGISTRY,
        ),
        way(
            "sign_image",
            "image",
            "",
            verbs="sign",
            beside="container digest",
            needs="image",
            fills="tag namespace server",
        ),
    ),
)
