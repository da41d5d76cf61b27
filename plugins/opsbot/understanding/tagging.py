"""From words to mentions: each piece of the command with everything it may mean.

The longest reading wins at every place: "go ahead and" is politeness, not movement. What nothing
explains is first taken for a slip of the keyboard, and if that is not clear it stays unknown.
"""

import re
from collections.abc import Sequence

from opsbot.understanding import names, parameters, phrases, purposes, slips
from opsbot.understanding.lexicon import inflection, ordinary
from opsbot.understanding.lexicon.kinds import Kind
from opsbot.understanding.mention import Meaning, Mention
from opsbot.understanding.tokens import Token

_MARKS = {
    ",": Kind.COMMA, ":": Kind.COMMA, ".": Kind.BREAK, ";": Kind.BREAK, "!": Kind.BREAK,
    "?": Kind.BREAK, "(": Kind.OPEN, ")": Kind.CLOSE, '"': Kind.QUOTE, "'": Kind.QUOTE,
}  # fmt: skip
_DANGERS = (Kind.WEAKEN, Kind.DESTROY, Kind.SECRETS, Kind.SHELL, Kind.UNSUPPORTED)
_VARIABLE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?:=\S*)?|[A-Z][A-Z0-9]*=\S*")


def tag(tokens: Sequence[Token], known: names.Names) -> tuple[Mention, ...]:
    """Return the mentions of a command, in its order."""
    tokens = [_asked_politely(tokens, n) for n in range(len(tokens))]
    found: list[Mention] = []
    position = 0
    while position < len(tokens):
        mention = _read(tokens, position, known)
        found.append(mention)
        position = mention.end
    return tuple(found)


def _asked_politely(tokens: Sequence[Token], n: int) -> Token:
    """Return the imperative `put` for the gerund of "would you mind putting"."""
    if not n or tokens[n - 1].word != "mind" or not tokens[n].word.endswith("ing"):
        return tokens[n]
    for base in inflection.bases(tokens[n].word):
        if phrases.table().get((base,), {}).keys() & _IMPERATIVES:
            return Token(base)
    return tokens[n]


_IMPERATIVES = {
    Kind.VERB, Kind.VERB_OR_NOUN, Kind.SUPPORT, Kind.MOVE, Kind.SIZE, Kind.LOOK, Kind.ROLL,
}  # fmt: skip


def _read(tokens: Sequence[Token], start: int, known: names.Names) -> Mention:
    """Return the best reading at a place: the longest; of equal ones the most exact."""
    token = tokens[start]
    if token.mark:
        return Mention(token.text, {_MARKS[token.text]: None}, start, start + 1)
    readings = [
        reading
        for reading in (
            None if _is_verb(tokens, start) else _name(tokens, start, known),
            purposes.at(tokens, start, known),
            parameters.at(tokens, start),
            _phrase(tokens, start),
        )
        if reading
    ]
    if readings:
        return max(readings, key=lambda each: each.end)
    return (
        _repeated(token, start)
        or _misspelt_name(tokens, start, known)
        or _misspelt_word(token, start)
        or _assigned(token, start)
        or _listed(tokens, start, known)
    )


def _is_verb(tokens: Sequence[Token], start: int) -> bool:
    """Tell whether a word is the order to do something, though an environment has that name.

    Where an environment is called `test`, "test payments-api" and "run a test" still ask for tests.
    """
    kinds = _meanings(tokens[start]).keys()
    after = tokens[start + 1] if start + 1 < len(tokens) else None
    if not kinds & _ACTIONS or after is None or after.mark or after.word in _PLACE_WORDS:
        return False
    before = [each for each in tokens[:start] if each.mark or not _is_determiner(each)]
    if not before or before[-1].mark:
        return True
    previous = _meanings(before[-1]).keys()
    return bool(previous & _BEFORE_A_VERB) and not previous & _BEFORE_A_PLACE


def _meanings(token: Token) -> dict[Kind, Meaning]:
    return phrases.table().get((token.word,), {})


def _is_determiner(token: Token) -> bool:
    return Kind.DETERMINER in _meanings(token)


_ACTIONS = {Kind.VERB, Kind.VERB_OR_NOUN}
_BEFORE_A_VERB = {Kind.FILLER, Kind.SUPPORT, Kind.BUT, Kind.PRONOUN}
_BEFORE_A_PLACE = {Kind.TO, Kind.AT, Kind.FROM, Kind.OF}
_PLACE_WORDS = frozenset(("environment", "env", "cluster", "namespace", "stage", "system"))


def _words(tokens: Sequence[Token], start: int, length: int) -> tuple[str, ...] | None:
    """Return so many words from a place on, or None where a mark stands between."""
    window = tokens[start : start + length]
    if len(window) < length or any(each.mark for each in window):
        return None
    return tuple(each.word for each in window)


def _name(tokens: Sequence[Token], start: int, known: names.Names) -> Mention | None:
    for length in range(names.LONGEST_NAME_IN_WORDS, 0, -1):
        words = _words(tokens, start, length)
        if words and (name := known.exact(words)):
            text = " ".join(words)
            if names.sound("".join(words)) in known.generic:
                return Mention(text, {Kind.DEFAULT: text}, start, start + length)
            return Mention(text, {name.kind: name.owner}, start, start + length)
    return None


def _phrase(tokens: Sequence[Token], start: int) -> Mention | None:
    for length in range(phrases.longest(), 0, -1):
        words = _words(tokens, start, length)
        if words and (meanings := phrases.table().get(words)):
            return Mention(" ".join(words), meanings, start, start + length)
    return None


def _misspelt_name(tokens: Sequence[Token], start: int, known: names.Names) -> Mention | None:
    for length in (2, 1):
        words = _words(tokens, start, length)
        if not words or any((word,) in phrases.table() for word in words):
            continue
        near = known.near("-".join(words))
        text = " ".join(words)
        if len(near) == 1:
            meaning = {near[0].kind: near[0].owner}
            return Mention(text, {**meaning}, start, start + length, corrected=True)
        if near:
            owners = tuple(each.owner for each in near)
            return Mention(text, {Kind.UNKNOWN: near[0].kind}, start, start + length, extra=owners)
    return None


def _misspelt_word(token: Token, start: int) -> Mention | None:
    """Mend one slip in a long word, if exactly one word of the lexicon is that near."""
    word = token.word
    if len(word) < 4 or not word.replace("-", "").isalpha() or word in ordinary.WORDS:
        return None
    candidates = phrases.single_words() if len(word) > 4 else phrases.short_actions()
    near = [each for each in candidates if slips.distance(word, each) <= 1]
    if len(word) == 4:  # a letter too few, or two exchanged; another letter makes another word
        near = [each for each in near if len(each) == 5 or sorted(each) == sorted(word)]
    likely = _likeliest(word, near)
    if len(likely) == 1 and (meant := phrases.table().get((likely[0],))):
        return Mention(likely[0], meant, start, start + 1, corrected=True)
    return None


def _likeliest(word: str, near: Sequence[str]) -> Sequence[str]:
    """Narrow down what was meant: a wrong first letter or a wrong letter is the rarer slip."""
    for narrower in (
        [each for each in near if each[0] == word[0]],
        [each for each in near if len(each) != len(word)],
    ):
        near = narrower if narrower and len(near) > 1 else near
    return near


def _repeated(token: Token, start: int) -> Mention | None:
    """Read `rerelease` and `re-run` as the verb that they repeat."""
    verb = token.word.removeprefix("re").removeprefix("-")
    if verb == token.word or len(verb) < 3:
        return None
    meanings = phrases.table().get((verb,), {})
    kept = {kind: value for kind, value in meanings.items() if kind in _REPEATABLE}
    return Mention(token.text, kept, start, start + 1) if kept else None


_REPEATABLE = (
    Kind.VERB, Kind.VERB_OR_NOUN, Kind.NOUN, Kind.GERUND, Kind.PARTICIPLE, Kind.SUPPORT,
    *_DANGERS,
)  # fmt: skip


def _assigned(token: Token, start: int) -> Mention | None:
    """Read `DATABASE_URL` as the environment variable, `skip_tests` as the wish that it is."""
    words = re.split(r"[_=]|(?<=[a-z])(?=[A-Z])", token.text)
    if len(words) > 1 and any(Kind.WEAKEN in _meanings(Token(each)) for each in words):
        return Mention(token.text, {Kind.WEAKEN: token.text}, start, start + 1)
    if _VARIABLE.fullmatch(token.text):
        return Mention(token.text, {Kind.CONFIGURATION: token.text}, start, start + 1)
    return None


def _listed(tokens: Sequence[Token], start: int, known: names.Names) -> Mention:
    """Read `staging/production` as the alternative it is; all else is unknown."""
    text = tokens[start].text
    parts = text.lower().split("/")
    if len(parts) > 1 and all(known.exact((part,)) for part in parts):
        named = {name.kind for part in parts if (name := known.exact((part,)))}
        return Mention(text, {Kind.ALTERNATIVE: text}, start, start + 1, extra=tuple(named))
    return Mention(text, {Kind.UNKNOWN: None}, start, start + 1)
