"""What a language model may add to the rules: the word that a remark is only a remark.

The rules ask about every word that nobody explained. Where they could read the command if some of
its words said nothing about what to do, a model is asked to read it too, without being shown how
the rules would. Only if both readings are the same, slot for slot, does the question become an
intent: the rules' own one. So a model can say yes or no to one reading, and never make another.

In: a command, the organisation, a proposal. Out: an intent, or None where the question stands.
"""

from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints

from opsbot.understanding import asides, text, understand
from opsbot.understanding.answer import Intent
from opsbot.understanding.lexicon.kinds import Kind
from opsbot.understanding.mention import Mention
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.organisation import Organisation
from opsbot.vocabulary.words import Action

Name = Annotated[str, StringConstraints(max_length=250)]
"""As long as a git reference may be, and no longer."""


class Proposal(Value):
    """How a model reads a command. Every slot must be evidenced by words of the command."""

    model_config = ConfigDict(use_attribute_docstrings=True)
    """What stands below a field is told to the model."""

    action: Action
    application: Name
    """The application's own name, not an alias."""
    environment: Name | None = None
    """The environment's own name; null for build, test and scan."""
    version: Name | None = None
    """Exactly as typed; null where the command names none."""
    branch: Name | None = None
    commit: Name | None = None
    revision: int | None = None
    backup: Name | None = None
    """The name of a backup, exactly as typed; null where the command names none."""
    replicas: int | None = None
    source: Name | None = None
    """The environment that a promotion comes from, if the command names it."""
    asides: tuple[Name, ...] = Field(default=(), max_length=50)
    """The unexplained words that change nothing about what is done, to what, where, when, how much
    and whether."""

    def parameters(self) -> dict[str, str | int]:
        """Return the parameters in the form of an intent."""
        named = {
            "version": self.version,
            "branch": self.branch,
            "commit": self.commit,
            "revision": self.revision,
            "backup": self.backup,
            "replicas": self.replicas,
            "from": self.source,
        }
        return {name: value for name, value in named.items() if value is not None}


class Unsettled(Value):
    """A command that the rules ask about, and would read if some of its words meant nothing."""

    text: str
    """The command without characters that show nothing."""
    words: tuple[str, ...]
    """The words that nobody explained, in lower case."""
    reading: Intent
    """What the rules read without these words. No model is told."""


def unsettled(command: str, organisation: Organisation) -> Unsettled | None:
    """Return what a model may settle about a command that the rules ask about, or None."""
    mentions = understand.read(command, organisation)
    cleaned = text.clean(command)
    if not isinstance(mentions, tuple) or not isinstance(cleaned, str):
        return None
    found = asides.find(mentions)
    rest = tuple(_mute(each) if n in found else each for n, each in enumerate(mentions))
    reading = understand.decide(command, rest, organisation)
    if not found or not isinstance(reading, Intent) or not _is_named(reading, mentions):
        return None
    words = dict.fromkeys(mentions[n].text.lower() for n in sorted(found))
    return Unsettled(text=cleaned, words=tuple(words), reading=reading)


def settle(open_command: Unsettled, proposal: Proposal) -> Intent | None:
    """Return the rules' reading if a model reads the same and accounts for every word."""
    reading = open_command.reading
    set_aside = {word for each in proposal.asides for word in each.lower().split()}
    agrees = (
        proposal.action is reading.action
        and proposal.application == reading.application
        and proposal.environment == reading.environment
        and proposal.parameters() == reading.parameters
    )
    return reading if agrees and set_aside == set(open_command.words) else None


def _mute(mention: Mention) -> Mention:
    """Return a mention as a word of politeness: the grammar passes over it."""
    return Mention(mention.text, {Kind.FILLER: None}, mention.start, mention.end)


def _is_named(reading: Intent, mentions: tuple[Mention, ...]) -> bool:
    """Tell whether the command names the application itself.

    Where it says "it" or nothing, an unexplained word may be the name that is meant: "inventory
    is slow, restart it" must not restart another application.
    """
    return any(each.meanings.get(Kind.APPLICATION) == reading.application for each in mentions)
