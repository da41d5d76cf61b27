"""Published plans: one Variable a plan, and an index that numbers them.

The number is the version of the DAG bundle, so Airflow pins each run to the plan it was made for.
A DAG at version N is built from the newest plan of its id with a number of at most N. The index
also remembers which front-door run asked for a plan, so a retried request finds its plan instead
of making a second one, and when the DAG with this plan was first seen by the scheduler.

A person with the right to edit Variables can edit a plan. So nothing here is trusted alone: the
run carries the plan's fingerprint in its conf, and every task compares.
"""

from pydantic import ValidationError

from opsbot.planning.plan import Plan
from opsbot.store.variables import Variables
from opsbot.vocabulary.errors import Refused
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.words import Action

INDEX_KEY = "opsbot_plans"
KEPT_PLANS = 50
"""Plans kept for each DAG, however old."""
KEPT_SECONDS = 24 * 3600
"""Beyond those, a plan that changes something is kept so long after its approval has expired."""
KEPT_READING_SECONDS = 3600
"""And one that only reads, so long after it was asked for."""
TWIN_SECONDS = 10
"""The same command again within this time is the same wish: somebody clicked twice."""


class Entry(Value):
    """One published plan."""

    sequence: int
    dag_id: str
    plan_id: str
    action: Action
    fingerprint: str
    request: str
    """Run id of the front-door run that asked for it."""
    asked_at: float
    """Unix seconds."""
    keep_until: float
    """Unix seconds until which its run may need it."""
    visible_at: float | None = None
    """Unix seconds when the scheduler's DAG was first seen to carry this plan."""


class Index(Value):
    """All published plans, oldest first."""

    sequence: int = 0
    entries: tuple[Entry, ...] = ()

    def of_request(self, request: str) -> Entry | None:
        """Return the plan that a front-door run has published, if it has."""
        return next((each for each in self.entries if each.request == request), None)

    def twin_of(self, plan: Plan, at: float) -> Entry | None:
        """Return the newest plan of this DAG, if it is the same one, asked for a moment ago."""
        newest = next(iter(self.of_dag(dag_id_of(plan))[-1:]), None)
        if newest is None or newest.fingerprint != plan.fingerprint:
            return None
        return newest if at - newest.asked_at <= TWIN_SECONDS else None

    def of_dag(self, dag_id: str, at: int | None = None) -> tuple[Entry, ...]:
        """Return the plans of a DAG, oldest first, up to a version."""
        limit = self.sequence if at is None else at
        return tuple(e for e in self.entries if e.dag_id == dag_id and e.sequence <= limit)

    def current(self, at: int | None = None) -> tuple[Entry, ...]:
        """Return each DAG's newest plan, up to a version, in the order of their DAG ids."""
        limit = self.sequence if at is None else at
        newest = {each.dag_id: each for each in self.entries if each.sequence <= limit}
        return tuple(newest[dag_id] for dag_id in sorted(newest))


def plan_key(sequence: int) -> str:
    """Return the key of the Variable that holds a plan."""
    return f"opsbot_plan_{sequence}"


def change_key(sequence: int) -> str:
    """Return the key of the Variable that holds what became of a plan's change."""
    return f"opsbot_change_{sequence}"


def plan_tag(sequence: int) -> str:
    """Return the tag by which a DAG says which plan its graph was made from."""
    return f"plan:{sequence}"


DAG_PREFIX = "opsbot__"
"""How the id of every plan's DAG begins."""
ANY = "any"
"""The environment of a plan that has none, in ids."""


def dag_id_of(plan: Plan) -> str:
    """Return the DAG a plan runs as: one for each application and environment."""
    return f"{DAG_PREFIX}{plan.intent.application}__{plan.intent.environment or ANY}"


def place_of(dag_id: str) -> tuple[str, str | None]:
    """Return the application and the environment that a plan's DAG is for."""
    application, _, environment = dag_id.removeprefix(DAG_PREFIX).rpartition("__")
    return application, None if environment == ANY else environment


def read_index(variables: Variables) -> Index:
    """Read the index; an Airflow that never saw a plan has an empty one."""
    text = variables.get(INDEX_KEY)
    try:
        return Index.model_validate_json(text) if text else Index()
    except ValidationError:
        raise Refused(
            f"The Variable {INDEX_KEY!r} cannot be read: it was edited, or written by another "
            "version of OPS Bot. Restore it from a backup of Airflow, or delete it if no run of "
            "a plan is under way."
        ) from None


def read_plan(variables: Variables, sequence: int) -> Plan:
    """Read a published plan as it stands in the store, edited or not."""
    text = variables.get(plan_key(sequence))
    if text is None:
        raise Refused(
            f"The plan with number {sequence} is not in the store any more "
            f"(Variable {plan_key(sequence)!r}). Ask for a new plan."
        )
    try:
        return Plan.model_validate_json(text)
    except ValidationError:
        raise Refused(
            f"The plan with number {sequence} (Variable {plan_key(sequence)!r}) cannot be read: it "
            "was edited. Ask for a new plan."
        ) from None


def publish(variables: Variables, plan: Plan, request: str, at: float) -> Entry:
    """Store a plan under the next number; the same request always gets the same plan back.

    The plan is written before the index names it: what the index names, exists.
    """
    index = read_index(variables)
    if (published := index.of_request(request)) is not None:
        return published
    plan = _with_free_id(plan, index)
    entry = Entry(
        sequence=index.sequence + 1,
        dag_id=dag_id_of(plan),
        plan_id=plan.plan_id,
        action=plan.intent.action,
        fingerprint=plan.fingerprint,
        request=request,
        asked_at=at,
        keep_until=_keep_until(plan, at),
    )
    variables.set(plan_key(entry.sequence), plan.model_dump_json(), f"OPS Bot plan {plan.plan_id}")
    _write(variables, Index(sequence=entry.sequence, entries=(*index.entries, entry)), at)
    return entry


def mark_visible(variables: Variables, entry: Entry, at: float) -> None:
    """Remember when the scheduler first had the DAG of a plan."""
    index = read_index(variables)
    seen = entry.model_copy(update={"visible_at": at})
    entries = tuple(seen if e.sequence == entry.sequence else e for e in index.entries)
    _write(variables, index.model_copy(update={"entries": entries}), at)


def _with_free_id(plan: Plan, index: Index) -> Plan:
    """Give the plan an id that no other plan has: two may fall into one second."""
    taken = {each.plan_id for each in index.entries}
    candidates = (plan.plan_id, *(f"{plan.plan_id}_{n}" for n in range(2, len(taken) + 3)))
    free = next(each for each in candidates if each not in taken)
    return plan.model_copy(update={"plan_id": free})


def _keep_until(plan: Plan, at: float) -> float:
    if plan.change is None:
        return at + KEPT_READING_SECONDS
    return at + plan.approval.expires_after + KEPT_SECONDS


def _write(variables: Variables, index: Index, now: float) -> None:
    """Write the index without the plans that nobody needs any more, then remove those."""
    newest = {
        each.sequence
        for dag_id in {entry.dag_id for entry in index.entries}
        for each in index.of_dag(dag_id)[-KEPT_PLANS:]
    }
    kept = tuple(e for e in index.entries if e.sequence in newest or e.keep_until > now)
    text = index.model_copy(update={"entries": kept}).model_dump_json()
    variables.set(INDEX_KEY, text, "OPS Bot: published plans; not to be edited")
    for dropped in set(index.entries) - set(kept):
        variables.delete(plan_key(dropped.sequence))
        variables.delete(change_key(dropped.sequence))
