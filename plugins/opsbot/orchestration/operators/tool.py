"""The operator of every tool that needs nothing but its arguments.

By convention the tool `get_job` of Jenkins is carried out by `integrations/jenkins/get_job.py`,
whose `run(client, params, *, say)` does the work on what `integrations/jenkins/client.py` connects
to. A tool that needs the output of an earlier task has an operator of its own.
"""

from importlib import import_module
from typing import Any

from opsbot.capabilities import catalog
from opsbot.orchestration.operators.step_operator import StepOperator
from opsbot.vocabulary.errors import Refused
from opsbot.vocabulary.model import Value


class ToolOperator(StepOperator):
    """Call one tool with the arguments of the plan."""

    def act(self, context: Any) -> Value:
        """Return the tool's typed output."""
        capability = catalog.native().find(self.step.server, self.step.capability)
        if capability is None:
            raise Refused(f"OPS Bot has no {self.step.server.label} tool {self.step.capability!r}.")
        system = f"opsbot.integrations.{self.step.server.value}"
        client = import_module(f"{system}.client").connect(self.step.connection)
        params = capability.params.model_validate(self.step.arguments)
        output: Value = import_module(f"{system}.{capability.name}").run(
            client, params, say=self.say
        )
        return output
