"""How MCP servers for Docker Engines and image registries speak.

An image is named by its repository, often with the tag in one text. A registry may call the images
of a repository artifacts (Harbor). `tag` is a verb at the engine and a thing at the registry.
"""

from opsbot.capabilities.matching.row import Table, role, way
from opsbot.capabilities.matching.words import one_by_one
from opsbot.vocabulary.words import ServerKind

_BESIDE_IMAGE = "container remote local registry"

TABLE = Table(
    kind=ServerKind.DOCKER,
    own_names=one_by_one(
        "docker podman hub dockerhub harbor registry oci engine buildx buildah nerdctl "
        "skopeo crane ecr acr gcr ghcr quay cosign cli"
    ),
    marks=one_by_one("docker podman image registry harbor dockerhub container"),
    roles=(
        role(
            "image",
            "image repository repo name reference ref artifact",
            "full docker container source local uri url id object tag digest",
        ),
        role("object", "object id name resource target"),
        role(
            "source", "source src from existing old local image", "image name tag ref reference id"
        ),
        role(
            "target",
            "target destination dest new to repository repo",
            "image name tag ref reference",
        ),
        role("tag", "tag version reference digest", "image name new target or"),
        role("namespace", "namespace project org organization organisation workspace", "name"),
        role(
            "context",
            "context path dockerfile containerfile directory dir file",
            "build docker container name content",
            repeats=True,
        ),
        role("arguments", "arg argument label option", "build", takes_object=True, repeats=True),
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
            verbs="push publish upload",
            beside=_BESIDE_IMAGE,
            needs="image",
            fills="tag namespace server platform",
        ),
        way(
            "pull_image",
            "image",
            "",
            verbs="pull",
            beside=_BESIDE_IMAGE,
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
            "verify_image",
            "verify image",
            "verify signature",
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
            "repository tag",
            "artifact",
            beside="image metadata manifest config detail info information digest label tag",
            number="one",
            needs="image",
            fills="tag namespace server platform",
        ),
        way(
            "get_image_metadata",
            "",
            "object",
            beside="inspect",
            number="one",
            needs="kind object",
            fills="server",
            kinds="image",
        ),
        way(
            "build_image",
            "image",
            "",
            verbs="build",
            beside=_BESIDE_IMAGE,
            needs="context",
            fills="image tag arguments platform",
        ),
        way(
            "list_tags",
            "repository tag",
            "image tag",
            "tag",
            beside="image repository repo available",
            number="many",
            needs="image",
            fills="namespace server page",
        ),
        way(
            "list_tags",
            "artifact",
            "image version",
            "repository version",
            beside="repository image",
            number="many",
            needs="image",
            fills="namespace server page",
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
