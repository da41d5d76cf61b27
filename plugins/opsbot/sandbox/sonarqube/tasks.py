"""Projects, gates, tokens, and the one worker that turns reports into analyses, in their order."""

import queue
import threading
import uuid
from dataclasses import dataclass, field

from opsbot.sandbox.sonarqube import analysis, gates, tokens
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
    """A project: made by hand or by its first report, analysed or not."""

    key: str
    name: str
    gate: str | None = None
    """The name of the gate that was selected for it."""
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
        self.tokens = {"sandbox": tokens.make("sandbox")}
        self.gates = {gates.SONAR_WAY.name: gates.SONAR_WAY}
        self.projects: dict[str, Project] = {}
        self.tasks: dict[str, Task] = {}
        self._waiting: queue.Queue[Task | None] = queue.Queue()
        self._lock = threading.Lock()
        self._worker = threading.Thread(target=self._work, daemon=True)

    @property
    def token(self) -> str:
        """The administrator's first token."""
        return self.tokens["sandbox"].value

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

    def gate_of(self, project: Project) -> gates.Gate:
        """Return the gate that judges a project's next analysis."""
        return self.gates.get(project.gate or "", gates.SONAR_WAY)

    def _work(self) -> None:
        while task := self._waiting.get():
            task.started = analysis.stamp()
            task.status = "IN_PROGRESS"
            try:
                task.problem = self._carry_out(task)
            except Exception as fault:  # the door of a task: it must end, and say why
                task.problem = f"The report cannot be analysed: {fault!r}"
            task.executed = analysis.stamp()
            task.status = "FAILED" if task.problem else "SUCCESS"

    def _carry_out(self, task: Task) -> str | None:
        """Analyse a report; return what stands against it."""
        project = self.projects[task.report.project_key]
        if project.newest and task.report.date and task.report.date < project.newest.date:
            return (
                "Validation of project failed:\n  o Date of analysis cannot be older than the date "
                f'of the last known analysis on this project. Value: "{task.report.date}". Latest '
                f'analysis: "{project.newest.date}". It\'s only possible to rebuild the past in a '
                "chronological order."
            )
        task.analysis = analysis.analyse(task.report, self.gate_of(project))
        project.analyses.append(task.analysis)
        return None
