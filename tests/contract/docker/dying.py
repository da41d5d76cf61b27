"""Push an image and die in the middle: `python -m tests.contract.docker.dying WORDS` is killed.

The settings come as JSON on standard input. The process kills itself the first time that the
Docker Engine says the words; so does a worker whose machine fails.
"""

import json
import os
import signal
import sys
from pathlib import Path

import docker

from opsbot.capabilities.docker.push_image import PushImage
from opsbot.integrations.docker import keys, push_image
from opsbot.integrations.docker.client import DockerClient
from opsbot.integrations.docker.registry import Registry
from tests.contract.docker.archives import labels_of


def main(words: str) -> None:
    told = json.load(sys.stdin)
    archive = Path(told["archive"])
    engine = docker.APIClient(base_url=told["engine"], version="auto")
    registry = Registry(f"http://{told['registry']}")
    client = DockerClient(engine, registry, None, keys.of(told["keys"]))

    def say(line: str) -> None:
        if words in line:
            os.kill(os.getpid(), signal.SIGKILL)

    params = PushImage.model_validate(told["params"])
    push_image.run(client, params, context=archive, labels=labels_of(archive), say=say)


if __name__ == "__main__":
    main(sys.argv[1])
