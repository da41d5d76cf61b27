"""The planning task of the front door.

Whatever it finds, it leaves as the XCom `answer`: a plan with the id of the run that will carry
it out, a question, or a refusal. Only a plan without gaps is published; the others end the run as
failed, with their text as the error. An answer from which nothing started has its `reason` in
words; where include/ is broken there is no other answer than that (`error`).
"""

import functools
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator

from opsbot.capabilities.mcp_found import McpFound
from opsbot.doors import answer as answers
from opsbot.doors.airflow import model_reader
from opsbot.doors.answer import Knowledge
from opsbot.orchestration import configured, publishing, seal, superseding
from opsbot.orchestration import ticket as tickets
from opsbot.orchestration.operators.step_operator import clear_errors
from opsbot.planning import gaps, phrases
from opsbot.planning.plan import Plan
from opsbot.store import plans
from opsbot.store.variables import AirflowVariables
from opsbot.vocabulary.errors import OpsBotError, Refused
from opsbot.vocabulary.redaction import redact


class PlanOperator(TriggerDagRunOperator):
    """Interpret a command, publish its plan and trigger the run that carries it out.

    Which DAG to trigger is known only when the plan is made, so the trigger's fields are filled
    while the task runs. A retry finds the plan it has published and the run it has triggered.
    """

    template_fields = ("command",)

    def __init__(self, *, command: str, **kwargs: Any) -> None:
        super().__init__(
            trigger_dag_id="",
            logical_date=None,
            skip_when_already_exists=True,
            retries=2,
            retry_delay=timedelta(seconds=5),
            **kwargs,
        )
        self.command = command

    def execute(self, context: Any) -> None:
        """Leave the answer as XCom; what keeps a plan from starting fails the task, in words."""
        with clear_errors(), _telling(context["ti"]) as answer:
            knowledge = answers.load(configured.include_folder())
            configured.signatures()  # a mistake in them is told before anything starts
            found = answers.answer(
                self.command,
                knowledge,
                at=int(time.time()),
                airflow=_this_airflow(knowledge),
                second_reader=functools.partial(model_reader.read, say=self._say),
            )
            answer.update(found)
            self._start(answer, context)

    def _start(self, answer: dict[str, Any], context: Any) -> None:
        context["ti"].xcom_push(key="answer", value=answer)
        if answer["outcome"] != "plan":
            raise Refused(answer.get("question") or answer["reason"])
        plan = Plan.model_validate(answer["plan"])
        if not plan.publishable:
            raise Refused(phrases.why_not_started(plan))
        self._publish(plan, answer, context)
        super().execute(context)

    def _publish(self, plan: Plan, answer: dict[str, Any], context: Any) -> None:
        ti = context["ti"]
        request = context["dag_run"].run_id
        variables = AirflowVariables()
        scheduler = publishing.AirflowScheduler(ti)
        asked_at = context["dag_run"].run_after.timestamp()
        entry = publishing.publish(
            plan, request, variables, scheduler, say=self._say, asked_at=asked_at
        )
        superseding.reject_parked(entry, scheduler, self._say)
        stored = plans.read_plan(variables, entry.sequence)
        self.trigger_dag_id, self.trigger_run_id = entry.dag_id, entry.plan_id
        self.conf = tickets.conf_of(entry.plan_id, entry.fingerprint, entry.sequence, request)
        whole = {
            **answer,
            "plan": stored.model_dump(mode="json"),
            "dag_id": entry.dag_id,
            "run_id": entry.plan_id,
        }
        ti.xcom_push(key="answer", value=whole)
        ti.xcom_push(key="return_value", value=whole)

    def _say(self, words: str) -> None:
        self.log.info("%s", redact(words))


@contextmanager
def _telling(ti: Any) -> Iterator[dict[str, Any]]:
    """Keep an answer that says in words why no plan was started, where none was."""
    answer: dict[str, Any] = {}
    try:
        yield answer
    except OpsBotError as error:
        told = {"outcome": "error", "reason": redact(str(error)), **answer}
        ti.xcom_push(key="answer", value=told)
        raise


def _this_airflow(knowledge: Knowledge) -> answers.Airflow:
    """Return what this Airflow has of what plans need."""
    connections = _known_connections(knowledge)
    has = gaps.Airflow(connections=connections, fernet_key=seal.protects())
    return answers.Airflow(has=has, discover=_discover)


def _discover(connections: Sequence[str]) -> tuple[McpFound, ...]:
    """Ask MCP servers for their tools; the SDK loads only where a plan uses one."""
    from opsbot.integrations.mcp import discovery

    return discovery.discover(connections)


def _known_connections(knowledge: Knowledge) -> frozenset[str]:
    """Return which of the organisation's connections Airflow has; a task cannot list them."""
    from airflow.sdk import Connection
    from airflow.sdk.exceptions import AirflowNotFoundException

    known = set()
    for connection_id in knowledge.connections:
        with suppress(AirflowNotFoundException):
            Connection.get(connection_id)
            known.add(connection_id)
    return frozenset(known)
