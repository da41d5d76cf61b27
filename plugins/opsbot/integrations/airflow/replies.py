"""What Airflow's REST API replies, as far as OPS Bot reads it.

Airflow may add fields to its replies at any time; what is not named here is ignored.
"""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict


class _Reply(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class DagRun(_Reply):
    """One run of a DAG."""

    dag_id: str
    dag_run_id: str
    state: str
    queued_at: datetime | None = None
    start_date: datetime | None = None
    end_date: datetime | None = None
    bundle_version: str | None = None
    conf: dict[str, Any] | None = None
    triggering_user_name: str | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing will happen in this run any more."""
        return self.state in ("success", "failed")


class TaskInstance(_Reply):
    """One task of a run; a state of None means that nothing was decided yet."""

    task_id: str
    state: str | None = None
    start_date: datetime | None = None
    end_date: datetime | None = None
    duration: float | None = None
    try_number: int = 0
    pid: int | None = None
    map_index: int = -1


class Approval(_Reply):
    """What a run asks of a person."""

    subject: str
    body: str | None = None
    options: list[str]
    response_received: bool = False
    chosen_options: list[str] | None = None
    responded_by_user: dict[str, str] | None = None
    responded_at: datetime | None = None
    task_instance: dict[str, Any]


class DagVersion(_Reply):
    """One version of a DAG's structure."""

    version_number: int
    bundle_name: str | None = None
    bundle_version: str | None = None


class Part(_Reply):
    """The health of one Airflow component."""

    status: str | None = None


class Health(_Reply):
    """What the API server knows of the others' heartbeats."""

    metadatabase: Part = Part()
    scheduler: Part = Part()
    dag_processor: Part = Part()
    triggerer: Part = Part()

    def waiting_for(self) -> tuple[str, ...]:
        """Return the names of the components that are not healthy."""
        parts = {name: getattr(self, name) for name in type(self).model_fields}
        return tuple(name for name, part in parts.items() if part.status != "healthy")
