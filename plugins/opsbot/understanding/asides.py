"""Unexplained words that stand where no name, no order and no value can stand.

"Deploy ledger to staging" and "ahoy, deploy payments-api to staging" both have a word that nobody
explained. The first is a name that is nobody's and must be asked about; the second only talks. The
place tells them apart: beside a name, after a verb, a preposition, an "and" or an "is", alone
behind a comma, in brackets or in quotation marks a word may be meant as the thing to act on. Such a
word is never an aside, whoever says that it is one; nor is what may be a misspelt "not".
"""

import functools

from opsbot.understanding import phrases, slips
from opsbot.understanding.lexicon.kinds import OPEN_QUESTIONS, Kind
from opsbot.understanding.mention import Mention
from opsbot.understanding.scope import ACTION_KINDS, Clause

_NAMES = (
    Kind.APPLICATION, Kind.ENVIRONMENT, Kind.DEFAULT, Kind.PLATFORM, Kind.OBJECT, Kind.PRONOUN,
    Kind.VERSION, Kind.BRANCH, Kind.COMMIT, Kind.REVISION, Kind.BACKUP,
    Kind.REPLICAS, Kind.NUMBER,
)  # fmt: skip
_PLACING = (Kind.TO, Kind.AT, Kind.FROM)
_JOINING = (Kind.AND, Kind.OF)
_ORDERING = (*ACTION_KINDS, Kind.MOVE, Kind.SIZE, Kind.ROLL, Kind.SUPPORT, Kind.LOOK, Kind.BACK)
_BEFORE_A_NAME = (*_NAMES, *_PLACING, *_JOINING, *_ORDERING)
_PAUSES = (Kind.COMMA, Kind.BREAK)
_TURNING = (Kind.NEGATION, Kind.CLAIM, Kind.OPEN, Kind.CLOSE, Kind.QUOTE, *OPEN_QUESTIONS)
_EQUATING = frozenset(("is", "are", "be", "was", "were", "as", "by", "named", "called", "means"))


def find(mentions: Clause) -> frozenset[int]:
    """Return the places of the words that may say nothing about what to do, where and to what.

    A command that negates, encloses or leaves something open has none: there a word too little
    turns the meaning round.
    """
    if any(each.may_be(*_TURNING) or "whether" in each.text.split() for each in mentions):
        return frozenset()
    return frozenset(
        n for n, each in enumerate(mentions) if _is_word(each) and _is_aside(mentions, n)
    )


def _is_word(mention: Mention) -> bool:
    """Tell whether a mention is one plain word that resembles no name and no negation."""
    resembles = mention.extra or mention.meanings.get(Kind.UNKNOWN)
    plain = mention.only(Kind.UNKNOWN) and mention.text.isalpha()
    return plain and not resembles and not _may_negate(mention.text.lower())


def _may_negate(word: str) -> bool:
    """Tell whether a word may be a misspelt negation: "nver", "dnot"."""
    return any(slips.distance(word, each) <= (1 if len(each) < 5 else 2) for each in _negations())


@functools.cache
def _negations() -> tuple[str, ...]:
    found = phrases.table().items()
    return tuple(phrase[0] for phrase, may in found if len(phrase) == 1 and Kind.NEGATION in may)


def _is_aside(mentions: Clause, n: int) -> bool:
    first, last = _row(mentions, n)
    before = mentions[first - 1] if first else None
    after = mentions[last + 1 :]
    if before and (before.may_be(*_BEFORE_A_NAME) or before.text.split()[-1] in _EQUATING):
        return False
    if not after or after[0].may_be(*_PAUSES):
        talks = before is not None and not before.may_be(*_PAUSES)
        return talks or (before is None and _calls(after))
    return not (after[0].may_be(*_NAMES, *_JOINING) or _is_placed(after))


def _row(mentions: Clause, n: int) -> tuple[int, int]:
    """Return the first and the last place of the unexplained words and articles around a word."""
    first = last = n
    while first and mentions[first - 1].may_be(Kind.UNKNOWN, Kind.DETERMINER):
        first -= 1
    while last + 1 < len(mentions) and mentions[last + 1].may_be(Kind.UNKNOWN, Kind.DETERMINER):
        last += 1
    return first, last


def _calls(after: Clause) -> bool:
    """Tell whether words at the beginning only call somebody: "ahoy, deploy ..."."""
    return len(after) > 1 and after[0].text in {",", "!"} and not after[1].may_be(
        *_NAMES, *_JOINING, *_PLACING, *_PAUSES, Kind.UNKNOWN, Kind.DETERMINER
    )  # fmt: skip


def _is_placed(after: Clause) -> bool:
    """Tell whether what follows says where the words before it belong: "to staging"."""
    if not after[0].may_be(*_PLACING):
        return False
    named = next((each for each in after[1:] if not each.may_be(Kind.DETERMINER)), None)
    return named is None or named.may_be(*_NAMES, Kind.UNKNOWN)
