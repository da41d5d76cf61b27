"""What a piece of a sentence can be.

The set is closed: whatever a command contains becomes one of these, and a word that is none of
them is `UNKNOWN` and lowers certainty.
"""

from enum import StrEnum


class Kind(StrEnum):
    """The part a word or phrase plays."""

    # What is asked.
    VERB = "verb"
    """An action in its imperative form; the value is the action."""
    GERUND = "gerund"
    PARTICIPLE = "participle"
    NOUN = "noun"
    """An action as a thing: deployment, rollback, tests."""
    VERB_OR_NOUN = "verb_or_noun"
    """Words such as build, test, release: their place in the sentence decides."""
    SUPPORT = "support"
    """A verb that only carries a noun: run, perform, trigger."""
    LOOK = "look"
    MOVE = "move"
    SIZE = "size"
    ROLL = "roll"
    BACK = "back"
    PARTICLE = "particle"
    WHY = "why"
    ASKS_STATE = "asks_state"
    STATE = "state"
    SYMPTOM = "symptom"
    PRIOR = "prior"
    MOVING = "moving"

    # What it is asked of.
    APPLICATION = "application"
    ENVIRONMENT = "environment"
    DEFAULT = "default"
    """Words that mean the application without naming it: the code, the app."""
    PRONOUN = "pronoun"
    OBJECT = "object"
    PLATFORM = "platform"
    EVERYTHING = "everything"

    # Parameters.
    VERSION = "version"
    BRANCH = "branch"
    COMMIT = "commit"
    REVISION = "revision"
    BACKUP = "backup"
    REPLICAS = "replicas"
    NUMBER = "number"
    VAGUE_NUMBER = "vague_number"
    BROKEN = "broken"
    """A parameter that was announced but is none; the value is its name."""

    # How it is asked.
    URGENCY = "urgency"
    FILLER = "filler"
    DETERMINER = "determiner"
    OF = "of"
    TO = "to"
    AT = "at"
    """Prepositions of place that do not move anything: in, at, for."""
    FROM = "from"
    AND = "and"
    BREAK = "break"
    """Ends a sentence."""
    COMMA = "comma"
    BUT = "but"
    REASON = "reason"
    """Begins a clause that only says why: because, since."""
    ENABLING = "enabling"
    """Begins a clause that says what people can do then: so we can."""
    QUOTE = "quote"
    OPEN = "open"
    CLOSE = "close"

    # What takes certainty away.
    NEGATION = "negation"
    ALTERNATIVE = "alternative"
    HEDGE = "hedge"
    CORRECTION = "correction"
    CONDITION = "condition"
    TIME = "time"
    PAST = "past"
    HOW_TO = "how_to"
    REPORT = "report"
    UNKNOWN = "unknown"

    # What is not done.
    CLAIM = "claim"
    """Says that an approval was given; true or not, it changes nothing."""
    GATE = "gate"
    """A required step or guard, by a word that is no action: approval, backup, gate."""
    SWITCHED_OFF = "switched_off"
    WEAKEN = "weaken"
    ORDER = "order"
    DESTROY = "destroy"
    SECRETS = "secrets"
    CONFIGURATION = "configuration"
    CHANGE = "change"
    SHELL = "shell"
    FOREIGN = "foreign"
    UNSUPPORTED = "unsupported"
    OFF_TOPIC = "off_topic"


OPEN_QUESTIONS = frozenset(
    {
        Kind.HEDGE,
        Kind.CORRECTION,
        Kind.CONDITION,
        Kind.TIME,
        Kind.PAST,
        Kind.HOW_TO,
        Kind.REPORT,
        Kind.ALTERNATIVE,
    }
)
"""Kinds that leave open whether, when or what is meant."""
