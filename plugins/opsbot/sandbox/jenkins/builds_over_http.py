"""What the Remote API answers about one build: its state, console, reports and artifacts."""

from typing import Any

from opsbot.sandbox.jenkins import asking, build_descriptions, pages, stage_descriptions
from opsbot.sandbox.jenkins.asking import Objection
from opsbot.sandbox.jenkins.builds import Build
from opsbot.sandbox.jenkins.calls import Call
from opsbot.sandbox.jenkins.logins import BUILD, CANCEL
from opsbot.sandbox.jenkins.places import path_of
from opsbot.sandbox.loopback import Reply

TEXT = {"Content-Type": "text/plain;charset=utf-8"}
BYTES = {"Content-Type": "application/octet-stream"}


def answer(call: Call, build: Build, rest: list[str]) -> Reply:
    """Answer a request below a build's address."""
    match rest:
        case []:
            return pages.page(f"{build.job.name} #{build.number} [Jenkins]")
        case ["stop"]:
            return _stop(call, build)
        case ["wfapi", "inputSubmit"]:
            return _reply(call, build, call.request.first("inputId"), "inputSubmit")
        case ["input", id, ("proceedEmpty" | "abort") as action]:
            return _reply(call, build, id, action)
    found = _described(call, build, rest)
    return _file(call, build, rest) if found is None else call.answer(found)


def _described(call: Call, build: Build, rest: list[str]) -> Any:
    """Return what there is to say as JSON, or None."""
    match rest:
        case ["api", "json"]:
            return build_descriptions.build(build, call.base)
        case ["testReport", "api", "json"]:
            return build.tests
        case ["coverage", "api", "json"]:
            return build.coverage
        case ["wfapi", "describe"]:
            return stage_descriptions.describe(build, call.server.now())
        case ["wfapi", "pendingInputActions"]:
            return stage_descriptions.pending(build)
    return None


def _file(call: Call, build: Build, rest: list[str]) -> Reply:
    match rest:
        case ["consoleText"]:
            return Reply(200, build.log.read_bytes(), TEXT)
        case ["logText", "progressiveText"]:
            return _progressive(build, call.request.first("start"))
        # Only what was archived has a name here, so no path leads elsewhere.
        case ["artifact", *path] if (found := "/".join(path)) in build.artifacts:
            return Reply(200, (build.archive / found).read_bytes(), BYTES)
    raise call.missing()


def _progressive(build: Build, asked: str) -> Reply:
    """Return the log from an offset; one beyond the end brings all of it again."""
    # Read before the log: a build that ends in between says once more that there is more.
    building = build.building
    log = build.log.read_bytes()
    start = int(asked) if asked.isdigit() else 0
    piece = log[start if start <= len(log) else 0 :]
    headers = TEXT | {"X-Text-Size": str(len(log))} | ({"X-More-Data": "true"} if building else {})
    return Reply(200, piece.replace(b"\n", b"\r\n"), headers)


def _stop(call: Call, build: Build) -> Reply:
    """Ask a build to stop; the answer is the same whether it still ran or not."""
    call.require(CANCEL)
    build.interrupt(f"Aborted by {call.user.name}")
    place = f"{call.base}{path_of(build.job.name)}{build.number}/"
    return Reply(302, headers={"Location": place})


def _reply(call: Call, build: Build, id: str, action: str) -> Reply:
    """Hand somebody's answer to the input step of that id."""
    call.require(BUILD)
    question = asking.find(build, id)
    if question is None:
        raise call.missing()
    form = call.request if action == "inputSubmit" else None
    try:
        asking.answer(question, call.user.name, proceeds=action != "abort", request=form)
    except Objection as objection:
        raise pages.error(400, str(objection), call.request.path) from None
    return Reply(200, headers=pages.HTML)
