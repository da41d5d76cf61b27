"""A Jenkins that answers as the recorded ones do, and can be told to misbehave.

Time is counted in looks: an item leaves the queue, and a build ends, after so many of them.
"""

import hashlib
import json
import re
from typing import Any

from loopback import Reply, Request

ARCHIVE = b"the sources"
RECORD = {
    "commit": "6c8a3f2e" * 5,
    "version": "1.0.0",
    "archive": "application.tar",
    "archive_sha256": hashlib.sha256(ARCHIVE).hexdigest(),
}
HTML_404 = "<html><head><title>Error 404 Not Found</title></head><body>big page</body></html>"


class ScriptedJenkins:
    """One job `team/build` of one server."""

    def __init__(self, *, declares: tuple[str, ...] = ("branch", "environment", "OPSBOT_RUN")):
        self.definitions: list[dict[str, Any]] = [
            {"name": name, "type": "StringParameterDefinition"} for name in declares
        ]
        self.kind, self.buildable = "org.jenkinsci.plugins.workflow.job.WorkflowJob", True
        self.trigger_script: list[str] = []
        self.posts = 0
        self.stops = 0
        self.looks_in_queue, self.looks_building = 1, 2
        self.result = "SUCCESS"
        self.result_of: dict[int, str] = {}
        self.result_while_building: str | None = None
        self.in_progress_after = 0
        self.forgets_queue_items = False
        self.remembers_at_look = 0
        self.cancelled: set[int] = set()
        self.items: dict[int, dict[str, Any]] = {}
        self.builds: dict[int, dict[str, Any]] = {}
        self.artifacts: dict[str, bytes] = {
            "application.tar": ARCHIVE,
            "build.json": json.dumps(RECORD).encode(),
        }
        self.pages: dict[str, Any] = {}
        self.log = "first line\r\nsecond line\r\n"
        self.causes: list[dict[str, Any]] = [{"userId": "opsbot", "shortDescription": "opsbot"}]

    def __call__(self, request: Request) -> Reply | None:
        path = request.path
        if path.startswith("/job/team/job/build/build") and request.method == "POST":
            return self._trigger(request)
        if path == "/queue/api/json":
            waiting = [i for i in self.items.values() if "executable" not in i and not i["left"]]
            return Reply(body={"items": waiting})
        if path == "/queue/cancelItem":
            number = int(request.form["id"])
            self.cancelled.add(number)
            return Reply(204)
        if found := re.fullmatch(r"/queue/item/(\d+)/api/json", path):
            return self._item(int(found[1]))
        if path == "/job/team/job/build/api/json":
            return self._job(request)
        if found := re.fullmatch(r"/job/team/job/build/(\d+)/(.*)", path):
            return self._build(int(found[1]), found[2], request)
        return Reply(404, HTML_404)

    def _job(self, request: Request) -> Reply:
        if "builds[" in request.query["tree"]:
            return Reply(body={"builds": [self._seen(each) for each in self.builds.values()]})
        return Reply(
            body={
                "_class": self.kind,
                "fullName": "team/build",
                "buildable": self.buildable,
                "property": [{}, {"parameterDefinitions": self.definitions}],
            }
        )

    def _trigger(self, request: Request) -> Reply | None:
        self.posts += 1
        script = self.trigger_script.pop(0) if self.trigger_script else "201"
        if script in ("starting", "dropped", "502 before", "refused", "409"):
            return {
                "starting": Reply(503, "<html><title>Starting Jenkins</title></html>"),
                "dropped": None,
                "502 before": Reply(502, "<html><title>Bad Gateway</title></html>"),
                "refused": Reply(302, headers={"Location": "."}),
                "409": Reply(409, "<title>Error 409 build is not buildable</title>"),
            }[script]
        number = self.queue(request.form)
        location = {"Location": f"http://jenkins.internal/ci/queue/item/{number}/"}
        return {
            "201": Reply(201, headers=location),
            "303": Reply(303, headers=location),
            "302": Reply(302, headers={"Location": "http://jenkins.internal/job/team/job/build/"}),
            "lost": None,
            "502 after": Reply(502, "<html><title>Bad Gateway</title></html>"),
        }[script]

    def queue(self, form: dict[str, str]) -> int:
        number = 100 + len(self.items)
        self.items[number] = {
            "_class": "hudson.model.Queue$WaitingItem",
            "id": number,
            "inQueueSince": 4102444800000,
            "left": False,
            "looks": 0,
            "why": "In the quiet period. Expires in 4.6 sec",
            "task": {"url": "http://jenkins.internal/ci/job/team/job/build/"},
            "actions": [
                {},
                {"parameters": [{"name": k, "value": v} for k, v in form.items()]},
                {"causes": self.causes},
            ],
        }
        return number

    def _item(self, number: int) -> Reply:
        item = self.items.get(number)
        if self.remembers_at_look and item is not None:
            self.remembers_at_look -= 1
            if self.remembers_at_look == 0:
                self.forgets_queue_items = False
            return Reply(404, HTML_404)
        if item is None or self.forgets_queue_items:
            if item is not None and not item["left"]:
                self._start(item)
            return Reply(404, HTML_404)
        item["looks"] += 1
        if number in self.cancelled:
            item["left"] = True
            return Reply(body={**item, "cancelled": True, "executable": None})
        if item["looks"] > self.looks_in_queue and not item["left"]:
            self._start(item)
            # Recorded: for a moment an item has left the queue and names no build yet.
            return Reply(body={**item, "cancelled": False, "executable": None})
        if item["left"]:
            return Reply(body={**item, "cancelled": False, "executable": {"number": item["n"]}})
        return Reply(body=item)

    def _start(self, item: dict[str, Any]) -> None:
        item["left"], item["n"] = True, 10 + len(self.builds)
        self.builds[item["n"]] = {
            "number": item["n"],
            "queueId": item["id"],
            "timestamp": item["inQueueSince"],
            "actions": item["actions"],
            "looks": 0,
        }

    def _seen(self, build: dict[str, Any]) -> dict[str, Any]:
        running = build["looks"] <= self.looks_building
        ending = build["looks"] <= self.looks_building + self.in_progress_after
        return {
            **build,
            "building": running,
            "inProgress": running or ending,
            "result": self.result_while_building
            if running
            else self.result_of.get(build["number"], self.result),
            "artifacts": [{"relativePath": path} for path in self.artifacts],
        }

    def _build(self, number: int, rest: str, request: Request) -> Reply | None:
        build = self.builds.get(number)
        if build is None:
            return Reply(404, HTML_404)
        if rest == "api/json":
            build["looks"] += 1
            return Reply(body=self._seen(build))
        if rest == "stop":
            self.stops += 1
            self.result, self.looks_building = "ABORTED", 0
            return Reply(302, headers={"Location": "."})
        if rest == "logText/progressiveText":
            start = int(request.query["start"])
            text = self.log[start:] if start <= len(self.log) else self.log
            return Reply(body=text, headers={"X-Text-Size": str(len(self.log))})
        if rest == "consoleText":
            return Reply(body=self.log.replace("\r\n", "\n"))
        if rest.startswith("artifact/"):
            path = rest.removeprefix("artifact/")
            return Reply(body=self.artifacts[path]) if path in self.artifacts else Reply(404)
        found = self.pages.get(rest.removesuffix("api/json"))
        return Reply(404, HTML_404) if found is None else Reply(body=found)
