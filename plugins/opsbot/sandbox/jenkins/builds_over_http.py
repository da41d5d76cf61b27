"""What the Remote API answers about one build: its state, console, reports and artifacts."""

from opsbot.sandbox.jenkins import descriptions, pages
from opsbot.sandbox.jenkins.builds import Build
from opsbot.sandbox.loopback import Reply, Request, as_json

TEXT = {"Content-Type": "text/plain;charset=utf-8"}
BYTES = {"Content-Type": "application/octet-stream"}


def answer(request: Request, build: Build, rest: list[str], base: str) -> Reply:
    """Answer a request below a build's address."""
    match rest:
        case []:
            return pages.page(f"{build.job.name} #{build.number} [Jenkins]")
        case ["stop"]:
            return _stop(request, build, base)
        case [("testReport" | "coverage") as report, "api", "json"]:
            found = build.tests if report == "testReport" else build.coverage
        case ["api", "json"]:
            found = descriptions.build(build, base)
        case _:
            return _files(request, build, rest)
    if found is None:
        raise pages.not_found(request.path)
    return as_json(found)


def _files(request: Request, build: Build, rest: list[str]) -> Reply:
    match rest:
        case ["consoleText"]:
            return Reply(200, build.log.read_bytes(), TEXT)
        case ["logText", "progressiveText"]:
            return _progressive(request, build)
        # Only what was archived has a name here, so no path leads elsewhere.
        case ["artifact", *path] if (found := "/".join(path)) in build.artifacts:
            return Reply(200, (build.archive / found).read_bytes(), BYTES)
    raise pages.not_found(request.path)


def _progressive(request: Request, build: Build) -> Reply:
    """Return the log from an offset; one beyond the end brings all of it again."""
    # Read before the log: a build that ends in between says once more that there is more.
    building = build.building
    log = build.log.read_bytes()
    asked = request.first("start")
    start = int(asked) if asked.isdigit() else 0
    piece = log[start if start <= len(log) else 0 :]
    headers = TEXT | {"X-Text-Size": str(len(log))} | ({"X-More-Data": "true"} if building else {})
    return Reply(200, piece.replace(b"\n", b"\r\n"), headers)


def _stop(request: Request, build: Build, base: str) -> Reply:
    """Ask a build to stop; the answer is the same whether it still ran or not."""
    if request.method != "POST":
        raise pages.only_post(request.path)
    if build.building:
        build.stopping.set()
    return Reply(302, headers={"Location": f"{base}job/{build.job.name}/{build.number}/"})
