"""Steps that a tool of an MCP server carries out.

The tool is called as the plan names it, or not at all. A tool that says no fails the step; what a
tool says yes to counts for nothing: the native tool reads the same from the system itself, and that
is the step's output.
"""

from typing import Any, cast

from opsbot.integrations.kubernetes import preview
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.get_pods import PodsOutput
from opsbot.integrations.kubernetes.wanted import Wanted
from opsbot.integrations.mcp import applying, calling, registration
from opsbot.integrations.mcp.calling import Approved
from opsbot.integrations.mcp.replies import Reply
from opsbot.orchestration import leases
from opsbot.orchestration.operators.change import ChangeOperator
from opsbot.orchestration.operators.kubernetes import GetPodsOperator, GetServiceOperator
from opsbot.orchestration.operators.step_operator import StepOperator
from opsbot.orchestration.operators.tool import ToolOperator
from opsbot.planning.plan import McpUse, Step
from opsbot.vocabulary.errors import Refused, StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say


class _Pinned(StepOperator):
    """Calls the pinned tool before the native operator beside it reads what is so."""

    def act(self, context: Any) -> Value:
        """Return the native tool's typed output."""
        reply = ask(self.step, self.say)
        output = cast("Value", super().act(context))
        if isinstance(output, PodsOutput):
            tell_unnamed(reply, output, self.say)
        return output


class McpToolOperator(_Pinned, ToolOperator):
    """Carry out a step by the tool of an MCP server, and read natively what came of it."""


class McpGetPodsOperator(_Pinned, GetPodsOperator):
    """List pods by the tool of an MCP server, and check them natively."""


class McpGetServiceOperator(_Pinned, GetServiceOperator):
    """Read a service by the tool of an MCP server, and check it natively."""


def ask(step: Step, say: Say) -> Reply:
    """Call the tool that a reading step is pinned to."""
    server = registration.read(use_of(step).connection)
    reply = calling.read(server, approved(step), step.arguments)
    say(f"The tool {step.tool!r} of {server.label} replied: {reply.shown!r}")
    return reply


def approved(step: Step) -> Approved:
    """Return the tool as the plan names it; `Refused` if nobody has looked at it."""
    seen = use_of(step).schema_sha256
    if seen is None:
        raise Refused(
            f"The tool {step.tool!r} was not looked at when the plan was made. Nothing was "
            "called; ask for a new plan."
        )
    return Approved(
        kind=step.server, capability=step.capability, tool=step.tool, schema_sha256=seen
    )


def use_of(step: Step) -> McpUse:
    """Return which server a step uses; `Refused` if it is none's."""
    if step.mcp is None:
        raise Refused(f"Step {step.id!r} is not pinned to an MCP server. Ask for a new plan.")
    return step.mcp


def tell_unnamed(reply: Reply, output: PodsOutput, say: Say) -> None:
    """Say which pods of the cluster the tool did not name: it may look at another one."""
    named = reply.names(output.names)
    unnamed = [each for each in output.names if each not in named]
    if unnamed:
        say(
            f"WARNING: the tool does not name {', '.join(unnamed)}, which the cluster has. The "
            "cluster's word counts; check that the server looks at the same cluster."
        )


class McpChangeOperator(ChangeOperator):
    """Let the tool of an MCP server apply the release; all else of the change is native.

    What was applied is believed when the cluster, asked by a dry run, would change nothing more.
    """

    def roll_out(self, cluster: Cluster, wanted: Wanted) -> Value:
        """Apply what is wanted by the tool and watch it; return what runs then."""
        applying.apply(
            registration.read(use_of(self.step).connection),
            approved(self.step),
            wanted.manifests,
            leases.witness(cluster, self.plan),
            say=self.say,
        )
        if not preview.in_place(cluster, wanted):
            raise StepFailed(
                f"The tool {self.step.tool!r} says that it has applied the release, and the "
                "cluster does not have it. The rollback puts back what was there."
            )
        return self.watch(cluster, wanted)
