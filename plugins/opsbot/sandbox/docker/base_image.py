"""The image that applications here are built upon: an almost empty file system.

Node.js is not in it. A pod of the sandbox is a process of this machine, so it runs the machine's
own node; what the image holds is what belongs to a root: a list of users and a place for files.
"""

from opsbot.sandbox.docker import files, images, pushing
from opsbot.sandbox.docker.files import FOLDER, File, Files
from opsbot.sandbox.docker.images import Images
from opsbot.sandbox.docker.problems import BuildFailed

USERS = b"root:x:0:0:root:/root:/sbin/nologin\nnode:x:1000:1000:node:/app:/sbin/nologin\n"
MARK = "OPSBOT_SANDBOX_NODE"
"""Says to the sandbox's pods that `node` is the machine's own; nothing else has it."""
CONTENT: Files = {
    "app": FOLDER,
    "etc": FOLDER,
    "etc/passwd": File(0o644, USERS),
    "tmp": File(0o777),
}


def provide(store: Images, registry: str) -> str:
    """Make the image, push it, and return its name."""
    empty = images.new()
    image = images.changed(empty, "ADD the root of an empty file system", files.pack(CONTENT))
    environment = [*image.settings["Env"], f"{MARK}=1"]
    image = images.changed(image, f"ENV {MARK}=1", Env=environment)
    image = images.changed(image, 'CMD ["node"]', Cmd=["node"])
    repository = f"{registry}/base/node"
    store.keep(image, f"{repository}:20")
    for record in pushing.run(image, repository, "20"):
        if "error" in record:
            raise BuildFailed(f"the base image could not be pushed: {record['error']}")
        if digest := (record.get("aux") or {}).get("Digest"):
            store.remember_push(image, f"{repository}@{digest}")
    return f"{repository}:20"
