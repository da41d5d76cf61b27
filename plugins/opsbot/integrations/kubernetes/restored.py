"""What a rollback has come to."""

from opsbot.integrations.kubernetes.journal import Action
from opsbot.integrations.kubernetes.spec_proof import ObjectProof
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value


class RestoreOutput(Value):
    """What serves after the rollback, and how it came to that."""

    deployment: str
    restored: str
    version: str = ""
    """The tag of the version that serves again; empty where nobody noted it."""
    actions: tuple[Action, ...]
    replicas: int
    ready: int


class VerifiedRestore(Value):
    """What was found when the restored version was looked at again."""

    deployment: str
    namespace: str
    restored: str
    replicas: int
    ready: int
    endpoints: int
    objects: tuple[ObjectProof, ...] = ()
    """Whether each saved object is there as it was saved."""


class RestoreFailed(StepFailed):
    """The previous version does not serve; a person must look. `actions` tells how far it came."""

    def __init__(self, message: str, actions: tuple[Action, ...]) -> None:
        self.actions = actions
        super().__init__(message)
