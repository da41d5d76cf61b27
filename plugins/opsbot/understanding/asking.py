"""Questions in words: what lacks, what was not understood, and which choices there are."""

from collections.abc import Sequence

from opsbot.understanding.answer import Question
from opsbot.understanding.doubts import Doubt
from opsbot.vocabulary.organisation import Organisation
from opsbot.vocabulary.words import Action

_QUESTIONS = {
    "action": "What should be done?",
    "application": "Which application do you mean?",
    "environment": "Which environment do you mean?",
    "replicas": "How many replicas should run?",
    "version": "Which exact version do you mean?",
    "branch": "Which branch do you mean?",
    "commit": "Which commit do you mean?",
    "revision": "Which revision do you mean?",
    "backup": "Which backup do you mean?",
}
_NOT_TAKEN = "This action takes no such parameter."


def ask(slots: Sequence[str], doubts: Sequence[Doubt], organisation: Organisation) -> Question:
    """Return the question for the open slots."""
    missing = tuple(dict.fromkeys((*slots, *(slot for each in doubts for slot in each.slots))))
    options = {slot: found for slot in missing if (found := _options(slot, organisation))}
    reasons = dict.fromkeys(each.reason for each in doubts[:3])
    questions = [_QUESTIONS.get(slot, f"What is the {slot}?") for slot in missing]
    choices = [f"Choices for {slot}: {', '.join(known)}." for slot, known in options.items()]
    text = " ".join((*reasons, *questions, *choices)) or "Please say it in other words."
    return Question(question=text, missing=missing, options=options)


def _options(slot: str, organisation: Organisation) -> tuple[str, ...]:
    match slot:
        case "action":
            return tuple(str(each) for each in Action)
        case "application":
            return tuple(each.name for each in organisation.applications)
        case "environment":
            return tuple(each.name for each in organisation.environments)
        case "replicas":
            allowed = organisation.policies.replicas
            return (f"{allowed.minimum} to {allowed.maximum}",)
        case _:
            return ()
