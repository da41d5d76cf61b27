"""Small real images, built and pushed through the Docker API."""

import io
import tarfile
from functools import cache

from docker import APIClient

SERVER = """\
const http = require('http');
const config = require('./config/production.json');
console.log(`Version ${config.version} started on port ${process.env.PORT}`);
http.createServer((request, response) => response.end(`version ${config.version}\\n`))
  .listen(Number(process.env.PORT), process.env.HOST);
"""
DIES = """\
setTimeout(() => { console.error('Error: the licence ran out'); process.exit(3); }, 8000);
"""
SICKENS = """\
const born = Date.now();
const { sick } = require('./config/production.json');
const http = require('http');
http.createServer((request, response) => {
  response.statusCode = request.url === sick && Date.now() - born > 8000 ? 503 : 200;
  response.end('answer\\n');
}).listen(Number(process.env.PORT), process.env.HOST);
"""
DOCKERFILE = """\
ARG BASE
FROM ${BASE}
WORKDIR /app
COPY . .
CMD ["node", "server.js"]
"""


class ImageYard:
    """Builds each image once and names it by digest."""

    def __init__(
        self, docker: str, registry: str, base: str, repository: str = "contract/app"
    ) -> None:
        self.docker, self.registry, self.base = docker, registry, base
        self.repository = repository
        self._build = cache(self._build_once)

    def running(self, tag: str, script: str) -> str:
        """An application that is this one script for Node.js."""
        return self._build(tag, (("server.js", script),))

    def good(self, version: str) -> str:
        """An application that starts and serves."""
        files = {"config/production.json": f'{{"version": "{version}"}}'}
        return self._build(version, tuple(files.items()))

    def without_configuration(self) -> str:
        """An application whose configuration file was never copied into the image."""
        return self._build("broken", ())

    def short_lived(self) -> str:
        """An application that is ready at once and ends with an error after 8 seconds."""
        files = {"config/production.json": '{"version": "short-lived"}', "server.js": SERVER + DIES}
        return self._build("short-lived", tuple(files.items()))

    def sickening(self, path: str) -> str:
        """An application that is ready at once and answers one path with 503 after 8 seconds."""
        files = {"config/production.json": f'{{"sick": "{path}"}}', "server.js": SICKENS}
        return self._build(f"sickening{path.replace('/', '-')}", tuple(files.items()))

    def absent(self) -> str:
        """A digest that nobody pushed."""
        return f"{self.registry}/{self.repository}@sha256:{'0' * 64}"

    def _build_once(self, tag: str, files: tuple[tuple[str, str], ...]) -> str:
        engine = APIClient(base_url=self.docker, version="auto", timeout=60)
        name = f"{self.registry}/{self.repository}"
        context = _archive({"Dockerfile": DOCKERFILE, "server.js": SERVER, **dict(files)})
        built = engine.build(
            fileobj=context,
            custom_context=True,
            tag=f"{name}:{tag}",
            buildargs={"BASE": self.base},
            rm=True,
            decode=True,
        )
        _last(built)
        pushed = _last(engine.push(name, tag=tag, stream=True, decode=True))
        return f"{name}@{pushed['Digest']}"


def _archive(files: dict[str, str]) -> io.BytesIO:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(text.encode()), 0o644
            archive.addfile(member, io.BytesIO(text.encode()))
    buffer.seek(0)
    return buffer


def _last(stream: object) -> dict[str, str]:
    """Read a stream to its end; an error is a line in it. Return the last auxiliary entry."""
    found: dict[str, str] = {}
    for entry in stream:  # type: ignore[attr-defined]  # the client's streams are untyped
        if "error" in entry:
            raise AssertionError(entry["error"])
        found = entry.get("aux", found)
    return found
