"""A whole Airflow and the systems it works with, up for the length of a `with` block.

    with running_stack(Path(".opsbot/demo-1"), scenario="success") as stack:
        stack.api.trigger("opsbot", {"command": "Deploy the code to Kubernetes production"})

Starting is mostly Python importing Airflow, five times, so what can overlap does: the database is
laid out while the sandbox starts. `starting_stack` hands over as soon as the sandbox is there and
Airflow's components are on their way, for those with work to do while they boot; they call
`stack.wait_until_ready()` then.
"""

import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import opsbot
from opsbot.doors.demo import connections, home, identity, ports, processes, real_parts, settings
from opsbot.doors.demo.connections import Systems
from opsbot.doors.demo.identity import ADMIN_ONLY, OPSBOT, Identity
from opsbot.doors.demo.processes import Part, PartFailed
from opsbot.doors.demo.real_parts import Real
from opsbot.doors.demo.settings import Place
from opsbot.integrations.airflow.client import AirflowApi
from opsbot.vocabulary.errors import Refused, TryAgain
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say, silent

FRONT_DOOR = "opsbot"
START_SECONDS = 240.0
"""The longest that Airflow may take to be ready; a slow machine without bytecode needs a minute."""
AIRFLOW_GRACE_SECONDS = 5.0
"""The triggerer would take ten seconds to end; nothing of this Airflow is needed afterwards."""
SANDBOX_SECONDS = 120.0
API_SERVER = "the API server"
COMPONENTS = ("api-server", "dag-processor", "scheduler", "triggerer")


class AirflowAddress(Value):
    """Where the Airflow is and how to log in."""

    url: str
    user: str
    password: str


class Stack:
    """Running processes, their addresses, and a client of their API."""

    def __init__(self, place: Place, identity: Identity, say: Say) -> None:
        self.place, self.identity, self.say = place, identity, say
        self.parts: list[Part] = []
        self.errands: list[Part] = []
        self.environment: dict[str, str] = {}
        self.systems: Systems | None = None
        self.lent = ExitStack()
        """What is given back at the end: node ports, namespaces on a real cluster."""
        self.timings: dict[str, float] = {}
        user = next(iter(identity.roles))
        password = identity.passwords[user]
        self.airflow = AirflowAddress(url=place.url, user=user, password=password)
        self.api = self.api_as(user)
        self._began = time.monotonic()

    @property
    def state(self) -> Path:
        """The folder that holds everything of this stack."""
        return self.place.state

    def api_as(self, user: str) -> AirflowApi:
        """Return a client that is logged in as one of the users."""
        return AirflowApi(self.place.url, user, self.identity.passwords[user])

    def part(self, name: str) -> Part:
        """Return one part by name: sandbox, api-server, scheduler, dag-processor, triggerer."""
        return {each.name: each for each in self.parts}[name]

    def start_airflow(self, name: str, *arguments: str) -> Part:
        """Start one Airflow command as a part of this stack."""
        argv = (sys.executable, "-m", "airflow", name, *arguments)
        log = self.place.logs / f"{name}.log"
        part = processes.start(name, argv, self.environment, log, grace=AIRFLOW_GRACE_SECONDS)
        self.parts.append(part)
        return part

    def send(self, module: str, *arguments: str) -> Part:
        """Start a module of ours as an errand: it has the connections, and may end at any time."""
        name = module.rpartition(".")[2]
        argv = (sys.executable, "-m", module, *arguments)
        log, answers = self.place.logs / f"{name}.log", self.state / f"{name}.json"
        answers.write_text("")
        part = processes.start(name, argv, self.environment, log, answers=answers)
        self.errands.append(part)
        return part

    def outcome(self, errand: Part, seconds: float) -> str:
        """Wait for an errand's end and return what it printed."""
        processes.finish(errand, seconds)
        return (self.state / f"{errand.name}.json").read_text(encoding="utf-8")

    def mark(self, what: str) -> None:
        """Note how many seconds after the start something was done."""
        self.timings[what] = round(time.monotonic() - self._began, 1)

    def wait_until_ready(self, dag_id: str | None = FRONT_DOOR) -> None:
        """Wait until every component is healthy and the front door's DAG is there."""
        deadline = time.monotonic() + START_SECONDS
        while (missing := self._missing(dag_id)) is not None:
            for part in self.parts:
                part.must_live()
            if time.monotonic() > deadline:
                raise self._not_ready(missing)
            time.sleep(0.2)
        self.api.warm_up()
        self.mark("airflow ready")

    def _missing(self, dag_id: str | None) -> str | None:
        """Return what is still being waited for, in words."""
        try:
            waiting_for = self.api.health().waiting_for()
            if waiting_for:
                return f"{', '.join(waiting_for)} to be healthy"
            if dag_id is not None and not self.api.has_dag(dag_id):
                return f"the DAG {dag_id!r}"
        except TryAgain:
            return API_SERVER
        return None

    def _not_ready(self, missing: str) -> PartFailed:
        words = f"Airflow was not ready after {START_SECONDS:.0f} s; it waited for {missing}."
        if missing == API_SERVER:
            return self.part("api-server").failure(f"did not answer. {words}")
        errors = "\n".join(self.api.import_errors()) or self.part("dag-processor").last_words()
        return PartFailed(f"{words} What the DAG processor says:\n{errors}")


NO_SETTINGS: Mapping[str, str] = {}


@contextmanager
def running_stack(
    state: Path,
    *,
    scenario: str | None = "success",
    tuned: bool = True,
    users: Mapping[str, str] = ADMIN_ONLY,
    more_dags: Path | None = None,
    more_settings: Mapping[str, str] = NO_SETTINGS,
    wait_for: str | None = FRONT_DOOR,
    say: Say = silent,
) -> Iterator[Stack]:
    """Run a sandbox (none without a scenario) and an Airflow, and hand over when both are ready."""
    starting = starting_stack(
        state,
        scenario=scenario,
        tuned=tuned,
        users=users,
        more_dags=more_dags,
        more_settings=more_settings,
        say=say,
    )
    with starting as stack:
        stack.wait_until_ready(wait_for)
        yield stack


@contextmanager
def starting_stack(
    state: Path,
    *,
    scenario: str | None = "success",
    tuned: bool = True,
    users: Mapping[str, str] = ADMIN_ONLY,
    more_dags: Path | None = None,
    more_settings: Mapping[str, str] = NO_SETTINGS,
    real: Real = real_parts.NOTHING,
    say: Say = silent,
) -> Iterator[Stack]:
    """Start everything and hand over while Airflow still boots; stop everything at the end."""
    state = state.resolve()
    place = Place(project=project_folder(), state=state, port=ports.free())
    stack = Stack(place, identity.of_state(state, {**users, OPSBOT: "user"}), say)
    bytecode = place.project / ".opsbot" / "bytecode"
    clean = settings.clean_environment(os.environ, bytecode)
    airflow = settings.airflow_environment(place, stack.identity, tuned=tuned, more_dags=more_dags)
    own = connections.airflow(place.url, OPSBOT, stack.identity.passwords[OPSBOT])
    stack.environment = clean | airflow | own | dict(more_settings)
    try:
        _start(stack, clean, scenario, real)
        yield stack
    finally:
        stack.api.close()
        say("Stopping Airflow and the sandbox")
        processes.stop([*stack.errands, *reversed(stack.parts)])
        stack.lent.close()


def _start(stack: Stack, clean: dict[str, str], scenario: str | None, real: Real) -> None:
    place = stack.place
    place.home.mkdir(parents=True, exist_ok=True)
    stack.say("Laying out Airflow's database")
    migration = stack.start_airflow("db", "migrate")
    if scenario is not None:
        stack.say(f"Starting the sandbox, scenario {scenario!r}")
        line = _start_sandbox(stack, clean, scenario, real)
        stack.systems = home.systems(line, real, stack.state / "opsbot.kubeconfig")
        stack.environment |= home.move_in(
            place.project / "include", stack.state / "include", stack.systems, real, stack.lent
        )
        stack.mark("systems ready")
    processes.finish(migration, START_SECONDS)
    stack.parts.remove(migration)
    stack.mark("database ready")
    stack.say("Starting Airflow")
    for name in COMPONENTS:
        stack.start_airflow(name, *_NO_LOG_SERVER.get(name, ()))


_NO_LOG_SERVER = {"scheduler": ("--skip-serve-logs",), "triggerer": ("--skip-serve-logs",)}
"""Their log servers listen on all addresses; the API server reads the same files by itself."""


def _start_sandbox(stack: Stack, clean: dict[str, str], scenario: str, real: Real) -> str:
    """Start the sandbox's part of the systems; return the line that says where they are."""
    folder = stack.state / "sandbox"
    without = [f"--without={each}" for each in real.left_out]
    told = ("--state", str(folder), "--scenario", scenario, *without)
    argv = (sys.executable, "-m", "opsbot.sandbox", *told)
    log = stack.place.logs / "sandbox.log"
    answers = stack.state / "sandbox.json"
    identity.write_private(answers, "")
    part = processes.start("sandbox", argv, clean | real.variables, log, answers=answers)
    stack.parts.append(part)
    return processes.first_line(part, answers, SANDBOX_SECONDS)


def project_folder() -> Path:
    """Return the checkout this package runs from: the demo needs its dags/ and plugins/."""
    folder = Path(opsbot.__file__).resolve().parents[2]
    if not (folder / "dags" / "opsbot.py").exists():
        raise Refused(
            f"The demo runs from a checkout of the project; there is no dags/opsbot.py in {folder}."
        )
    return folder
