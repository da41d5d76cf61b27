"""Projects, and the one worker that turns reports into analyses, in order of submission."""

import queue
import secrets
import threading
import uuid
from dataclasses import dataclass, field

from opsbot.sandbox.sonarqube import analysis
from opsbot.sandbox.sonarqube.analysis import Analysis, Report


@dataclass
class Task:
    """A report and what became of it."""

    report: Report
    component_id: str
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    status: str = "PENDING"
    submitted: str = field(default_factory=analysis.stamp)
    started: str | None = None
    executed: str | None = None
    analysis: Analysis | None = None
    problem: str | None = None


@dataclass
class Project:
    """A project: known since its first report, analysed or not."""

    key: str
    name: str
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    analyses: list[Analysis] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)

    @property
    def newest(self) -> Analysis | None:
        """The last analysis."""
        return self.analyses[-1] if self.analyses else None


class Server:
    """Everything that a SonarQube knows."""

    def __init__(self) -> None:
        self.token = f"squ_{secrets.token_hex(20)}"
        self.projects: dict[str, Project] = {}
        self.tasks: dict[str, Task] = {}
        self._waiting: queue.Queue[Task | None] = queue.Queue()
        self._lock = threading.Lock()
        self._worker = threading.Thread(target=self._work, daemon=True)

    def start(self) -> None:
        """Begin to analyse."""
        self._worker.start()

    def stop(self) -> None:
        """Analyse nothing more."""
        self._waiting.put(None)

    def submit(self, report: Report) -> Task:
        """Take a report; its project is made if there is none."""
        with self._lock:
            made = Project(report.project_key, report.project_name)
            project = self.projects.setdefault(report.project_key, made)
            task = Task(report, project.id)
            self.tasks[task.id] = task
            project.tasks.append(task)
        self._waiting.put(task)
        return task

    def analysed(self, id: str) -> Analysis | None:
        """Return an analysis by its own name."""
        known = (each for project in list(self.projects.values()) for each in project.analyses)
        return next((each for each in known if each.id == id), None)

    def _work(self) -> None:
        while task := self._waiting.get():
            task.started = analysis.stamp()
            task.status = "IN_PROGRESS"
            try:
                found = analysis.analyse(task.report)
            except Exception as fault:  # the door of a task: it must end, and say why
                task.problem = f"The report cannot be analysed: {fault!r}"
                task.executed = analysis.stamp()
                task.status = "FAILED"
                continue
            task.analysis = found
            task.executed = analysis.stamp()
            self.projects[task.report.project_key].analyses.append(found)
            task.status = "SUCCESS"
