"""Compliance words: what a policy demands must be proven in the run, or there is no plan.

A word is proven by a step whose tool `proves` it, with all its checks on, or by guards. Proof must
come in time: what speaks about the code must be known before an environment is changed, and what
watches the result must come after. Going back, restarting and scaling bring no new code into an
environment, so the two words about code do not apply to them; reading alone proves nothing and
needs nothing.
"""

from collections.abc import Iterable, Mapping

from opsbot.planning.plan import Step
from opsbot.vocabulary.errors import PlanningError
from opsbot.vocabulary.words import Action, Compliance, Guard

ABOUT_CODE = frozenset({Compliance.QUALITY_GATE_PASSED, Compliance.SECURITY_SCAN_PASSED})
BRINGS_CODE = frozenset({Action.DEPLOY, Action.PROMOTE})
CHANGES_RUNNING = frozenset({Action.ROLLBACK, Action.RESTART, Action.SCALE})

PROVEN_BY_GUARDS = {
    Compliance.APPROVAL_REQUIRED: {Guard.APPROVAL},
    Compliance.BACKUP_VERIFIED: {Guard.BACKUP},
    Compliance.ROLLBACK_PLAN_READY: {Guard.BACKUP, Guard.ROLLBACK, Guard.VERIFY_ROLLBACK},
}
"""All guards of a word together prove it."""


def demanded(action: Action, words: Iterable[Compliance]) -> tuple[Compliance, ...]:
    """Return those of a policy's words that an action has to prove, in their order."""
    if action in BRINGS_CODE:
        return tuple(words)
    if action in CHANGES_RUNNING:
        return tuple(word for word in words if word not in ABOUT_CODE)
    return ()


def require_proof(
    words: Iterable[Compliance],
    proofs: Mapping[str, tuple[Compliance, ...]],
    steps: tuple[Step, ...],
    guards: Iterable[Guard],
) -> None:
    """Raise a `PlanningError` for the first word that nothing proves in time.

    `proofs` says for each step id which words its tool proves.
    """
    for word in words:
        if word in PROVEN_BY_GUARDS:
            if lacking := sorted(PROVEN_BY_GUARDS[word] - set(guards)):
                raise _unproven(word, f"the pattern lacks the guard {', '.join(lacking)}")
        elif not _proven_by_steps(word, proofs, steps):
            raise _unproven(word, f"no step {_when(word)} the change proves it")


def ancestors(id: str, steps: tuple[Step, ...]) -> frozenset[str]:
    """Return the ids of all steps that a step waits for, directly or through others."""
    needs = {each.id: each.depends_on for each in steps}
    found: set[str] = set()
    waiting = list(needs[id])
    while waiting:
        if (needed := waiting.pop()) not in found:
            found.add(needed)
            waiting.extend(needs[needed])
    return frozenset(found)


def _proven_by_steps(
    word: Compliance, proofs: Mapping[str, tuple[Compliance, ...]], steps: tuple[Step, ...]
) -> bool:
    """Tell whether, for every change of the cluster, a step proves the word in time."""
    provers = [each.id for each in steps if word in proofs.get(each.id, ())]
    changes = [each.id for each in steps if each.changes_cluster]
    if word in ABOUT_CODE:
        return all(set(provers) & ancestors(change, steps) for change in changes) and bool(provers)
    return all(
        any(change in ancestors(prover, steps) for prover in provers) for change in changes
    ) and bool(provers)


def _when(word: Compliance) -> str:
    """Say on which side of the change a word's proof must stand."""
    return "before" if word in ABOUT_CODE else "after"


def _unproven(word: Compliance, reason: str) -> PlanningError:
    """Name the word, why it is unproven, and the two ways out."""
    return PlanningError(
        f"The policy demands {word.value!r}, but {reason}. Add to the pattern what proves it, "
        "or take the word out of the environment's policy."
    )
