"""What a command is for: "for the customer demo", "so we can test it".

A purpose changes nothing about what is done, so its words need no explanation. It is recognised by
its last word, and only where the application is already named: in "deploy it for the inventory
demo" the unknown word may be the application that is meant.
"""

from collections.abc import Sequence

from opsbot.understanding import names, phrases
from opsbot.understanding.lexicon import carriers, purpose
from opsbot.understanding.lexicon.kinds import Kind
from opsbot.understanding.mention import Mention
from opsbot.understanding.tokens import Token

_LONGEST = 5
_HARMLESS = {Kind.DETERMINER, Kind.FILLER, Kind.TIME, Kind.MOVING, Kind.PRIOR, Kind.OBJECT}


def at(tokens: Sequence[Token], start: int, known: names.Names) -> Mention | None:
    """Return the purpose that begins at a token, if one does."""
    if tokens[start].word != "for" or not _follows_what_is_done(tokens, start, known):
        return None
    for end in range(start + 1, min(start + _LONGEST, len(tokens))):
        if tokens[end].mark:
            return None
        if tokens[end].word in purpose.NOUNS:
            between = tokens[start + 1 : end]
            if not all(_is_harmless(each, tokens[:start], known) for each in between):
                return None
            if end + 1 < len(tokens) and tokens[end + 1].word in purpose.NOUNS:
                continue
            text = " ".join(each.text for each in tokens[start : end + 1])
            return Mention(text, {Kind.FILLER: None}, start, end + 1)
    return None


def _follows_what_is_done(tokens: Sequence[Token], start: int, known: names.Names) -> bool:
    """Tell whether "for" follows a name, a place or a count: "no need for a review" has none."""
    before = tokens[start - 1].word if start else ""
    return known.exact((before,)) is not None or before in carriers.REPLICA_WORDS


def _is_harmless(word: Token, before: Sequence[Token], known: names.Names) -> bool:
    if known.exact((word.word,)):
        return False
    if meanings := phrases.table().get((word.word,)):
        return meanings.keys() <= _HARMLESS
    return word.word.isalpha() and any(_names_application(each, known) for each in before)


def _names_application(word: Token, known: names.Names) -> bool:
    name = known.exact((word.word,))
    return name is not None and name.kind is Kind.APPLICATION
