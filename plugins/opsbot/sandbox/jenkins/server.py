"""The Remote API over HTTP: who may ask, and which path is what."""

from functools import partial

from opsbot.sandbox import loopback
from opsbot.sandbox.jenkins import descriptions, jobs_over_http, pages, queue_descriptions
from opsbot.sandbox.jenkins.calls import Call
from opsbot.sandbox.jenkins.logins import CANCEL, Login, User
from opsbot.sandbox.jenkins.queue import Server
from opsbot.sandbox.loopback import Log, Refusal, Reply, Request, Service, as_json

__all__ = ["Login", "start"]

UNSIGNED = ("/logText/progressiveText", "/consoleText")
"""Answers that do not say which Jenkins they are from."""


def start(server: Server, login: Login, log: Log) -> Service:
    """Serve a Jenkins."""
    return loopback.start("jenkins", partial(answer, server, login), log)


def answer(server: Server, login: Login, request: Request) -> Reply:
    """Answer one request, with the headers that most answers of Jenkins have."""
    try:
        reply = _answer(Call(server, login.enter(request), request), login)
    except Refusal as refusal:
        reply = refusal.reply
    if reply.status == 401 or request.path.endswith(UNSIGNED):
        return reply
    headers = {"X-Jenkins": pages.VERSION, "X-Jenkins-Session": login.session}
    return Reply(reply.status, reply.body, headers | reply.headers)


def _answer(call: Call, login: Login) -> Reply:
    match [name for name in call.request.names if name]:
        case []:
            return pages.page("Dashboard [Jenkins]")
        case ["crumbIssuer", "api", "json"]:
            return login.issue(call.user, call.request)
        case ["queue", *rest]:
            return _queue(call, rest)
        case ["job", *_] as names:
            return jobs_over_http.answer(call, names)
        case names:
            return _server(call, names)


def _server(call: Call, names: list[str]) -> Reply:
    """Answer what is about the server itself."""
    match names:
        case ["api", "json"]:
            deep = call.is_deep
            return call.answer(descriptions.top(call.server, call.user, call.base, deep=deep))
        case ["me", "api", "json"]:
            name = call.user.name
            return as_json({"_class": "hudson.model.User", "id": name, "fullName": name})
        case ["whoAmI", "api", "json"]:
            return as_json(_who(call.user))
        case ["quietDown" | "cancelQuietDown" as action]:
            call.require()
            call.server.quiet(down=action == "quietDown")
            return Reply(302, headers={"Location": call.base})
    raise call.missing()


def _queue(call: Call, rest: list[str]) -> Reply:
    server, hidden = call.server, call.user.hidden
    match rest:
        case ["api", "json"]:
            waiting = [each for each in server.waiting() if each.job.name not in hidden]
            items = [queue_descriptions.item(server, each, call.base) for each in waiting]
            queue = {"_class": "hudson.model.Queue", "discoverableItems": [], "items": items}
            return call.answer(queue)
        case ["item", id, *ending] if id.isdigit() and (item := server.item(int(id))):
            if item.job.name in hidden:
                raise call.missing()
            if ending == ["api", "json"]:
                return call.answer(queue_descriptions.item(server, item, call.base))
            return pages.page("Queue item exists.")
        case ["cancelItem"]:
            return _cancel(call)
    raise call.missing()


def _cancel(call: Call) -> Reply:
    call.require()
    path = call.request.path
    id = call.request.first("id") or call.request.form().get("id", [""])[0]
    item = call.server.item(int(id)) if id.isdigit() else None
    if item is None:
        raise call.missing()
    if CANCEL in call.user.lacks:
        raise pages.error(422, f"{call.user.name} may not cancel item {id}", path)
    if not call.server.cancel(item):
        raise pages.error(500, f"Could not cancel run for id {id}", path)
    return Reply(204)


def _who(user: User) -> dict[str, object]:
    return {
        "_class": "hudson.security.WhoAmI",
        "anonymous": False,
        "authenticated": True,
        "authorities": ["authenticated"],
        "name": user.name,
    }
