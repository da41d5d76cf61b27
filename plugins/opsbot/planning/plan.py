"""The plan: the contract between what a person approves and what runs.

A plan is JSON-serialisable, complete and immutable. Explaining it and building its DAG walk the
same list of steps. The fingerprint covers everything except the id (which carries the time), so
two equal plans have one fingerprint, and an edited plan has another.
"""

from typing import Any

from pydantic import Field

from opsbot.understanding.answer import Intent
from opsbot.vocabulary.model import Span, Value
from opsbot.vocabulary.words import Compliance, Criterion, Guard, Priority, Risk, ServerKind


class McpUse(Value):
    """The MCP server whose tool carries out a step."""

    connection: str
    """Airflow connection of type `mcp`."""
    schema_sha256: str | None = None
    """Hash of the tool as it was found when the plan was made, None where nobody looked. A tool
    with another hash is not called."""


class Step(Value):
    """One numbered step: a tool, its arguments, and what it means."""

    id: str
    number: int
    title: str
    capability: str
    """What the step does, by OPS Bot's own name."""
    server: ServerKind
    tool: str
    """The tool that does it, by its server's name; OPS Bot's own has the capability's."""
    connection: str
    """Airflow connection id of the system, also where an MCP server's tool is used: what the tool
    has done is read there."""
    mcp: McpUse | None = None
    risk: Risk
    duration: Span
    depends_on: tuple[str, ...] = ()
    arguments: dict[str, Any] = Field(default_factory=dict)
    compliance: tuple[Compliance, ...] = ()
    approval: bool = False
    changes: bool
    what_it_does: str
    undo: str

    @property
    def changes_cluster(self) -> bool:
        """Whether the step changes what runs in an environment."""
        return self.changes and self.server is ServerKind.KUBERNETES


class Approval(Value):
    """Whether a person must agree, who may, and for how many seconds their word holds."""

    required: bool
    approvers: tuple[str, ...] = ()
    expires_after: int = 3600
    four_eyes: bool = False
    """Whether the requester may not be the one who approves."""


class MissingConnection(Value):
    """A connection the plan needs and Airflow does not have."""

    id: str
    kind: str
    how_to_add: str


class MissingSetting(Value):
    """A setting of Airflow without which what protects the plan protects nothing."""

    name: str
    why: str
    how_to_set: str


class MissingCapability(Value):
    """A tool that the pattern asks for and the catalog does not have."""

    step: str
    server: ServerKind
    name: str


class MissingMcpTool(Value):
    """A pinned tool that was not found at its server."""

    step: str
    connection: str
    tool: str
    why: str


class Plan(Value):
    """What will be done, step by step, and under which rules."""

    plan_id: str
    fingerprint: str
    pattern: str
    intent: Intent
    title: str
    priority: Priority
    risk: Risk
    duration: Span
    approval: Approval
    compliance: tuple[Compliance, ...]
    rollback_strategy: str
    success_criteria: tuple[Criterion, ...]
    failure_handling: str
    guards: tuple[Guard, ...]
    """Tasks beside the numbered steps."""
    notify: str
    """Slack channel told about failures."""
    slack_connection: str
    backup_connection: str
    """Airflow connection that holds the keys of backups."""
    steps: tuple[Step, ...]
    missing_connections: tuple[MissingConnection, ...] = ()
    missing_settings: tuple[MissingSetting, ...] = ()
    missing_capabilities: tuple[MissingCapability, ...] = ()
    missing_mcp_tools: tuple[MissingMcpTool, ...] = ()
    parent_plan_id: str | None = None
    optimizations: tuple[str, ...] = ()

    @property
    def publishable(self) -> bool:
        """Whether nothing is missing; a plan with gaps is shown, not run."""
        return not any(
            (
                self.missing_connections,
                self.missing_settings,
                self.missing_capabilities,
                self.missing_mcp_tools,
            )
        )

    @property
    def change(self) -> Step | None:
        """The one step that changes what runs in the environment, if there is one."""
        return next((each for each in self.steps if each.changes_cluster), None)

    @property
    def before_change(self) -> tuple[Step, ...]:
        """The steps numbered before the change: what is known when a person is asked."""
        change = self.change
        return self.steps if change is None else self.steps[: self.steps.index(change)]

    def made_by(self, *tools: str) -> Step | None:
        """Return the last step that does what one of these tools does, if there is one."""
        return next((each for each in reversed(self.steps) if each.capability in tools), None)

    @property
    def mcp_connections(self) -> tuple[str, ...]:
        """The connections of the MCP servers that the plan uses, each once."""
        return tuple(dict.fromkeys(each.mcp.connection for each in self.steps if each.mcp))

    def step(self, id: str) -> Step:
        """Return the step of that id; `KeyError` if the plan has none."""
        return {each.id: each for each in self.steps}[id]
