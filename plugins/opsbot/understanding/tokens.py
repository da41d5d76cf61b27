"""A command as words and punctuation marks.

Apostrophes are undone here: "don't" must be the negation it is, "what's" two words, and the owner
in "payments-api's pods" no other name than without the apostrophe.
"""

import re
from dataclasses import dataclass

_MARKS = ",;:!?()\"'."
_CONTRACTIONS = (
    (re.compile(r"\b(ca)n'?t\b", re.I), "can not"),
    (re.compile(r"\bwon't\b", re.I), "will not"),
    (re.compile(r"\bshan't\b", re.I), "shall not"),
    (re.compile(r"\b(do|does|did|is|are|was|were|has|have|had|would|could|should|must|need)n'?t\b",
                re.I), r"\1 not"),
    (re.compile(r"\bdon t\b", re.I), "do not"),
    (re.compile(r"\bdonot\b", re.I), "do not"),
    (re.compile(r"\bcannot\b", re.I), "can not"),
    (re.compile(r"\blet'?s\b", re.I), "let us"),
    (re.compile(r"\b(what|how|where|who|why|that|there|here|it|he|she|everything|when)'s\b", re.I),
     r"\1 is"),
    (re.compile(r"\b(whats|hows|whos|thats)\b", re.I), lambda found: f"{found.group()[:-1]} is"),
    (re.compile(r"\b(i|you|we|they|he|she|it)'d\b", re.I), r"\1 would"),
    (re.compile(r"\b(i|you|we|they|it|that)'ll\b", re.I), r"\1 will"),
    (re.compile(r"\b(you|we|they|what|how|why|where)'re\b", re.I), r"\1 are"),
    (re.compile(r"\b(i|you|we|they|should|would|could)'ve\b", re.I), r"\1 have"),
    (re.compile(r"\bi'm\b", re.I), "i am"),
    (re.compile(r"\bwhatever(?: is|'s)\b(?= (?:in|on|running|live|deployed|currently)\b)", re.I),
     "what is"),
    (re.compile(r"\bu\b(?!\.)", re.I), "you"),
    (re.compile(r"\bur\b", re.I), "your"),
    (re.compile(r"\bw/(?=\s|\d)", re.I), "with "),
    (re.compile(r"\bb4\b", re.I), "before"),
    (re.compile(r"\bthru\b", re.I), "through"),
    (re.compile(r"\b(?:tmrw|tmr|tmw)\b", re.I), "tomorrow"),
    (re.compile(r"\b(could|can|would|will) (?:yo|ya)\b", re.I), r"\1 you"),
)  # fmt: skip
_ASSIGNMENT = re.compile(
    r"(version|branch|commit|revision|replicas|environment|env|application|app|urgency)[=:](\S+)",
    re.I,
)
_TAGGED = re.compile(r"([A-Za-z][\w-]*)[:@](v?\d[\w.+-]*|latest)")
_LISTED = re.compile(r"[A-Za-z][\w.-]*(?:,[A-Za-z][\w.-]*)+,?")


@dataclass(frozen=True)
class Token:
    """A word, or one punctuation mark."""

    text: str
    mark: bool = False

    @property
    def word(self) -> str:
        """The word as the lexicon writes it."""
        return self.text.lower()


def split(text: str) -> tuple[Token, ...]:
    """Return the words and marks of a cleaned command."""
    for pattern, replacement in _CONTRACTIONS:
        text = pattern.sub(replacement, text)
    found: list[Token] = []
    for line in text.replace("->", " to ").replace("=>", " to ").splitlines():
        for piece in line.split():
            found.extend(_pieces(piece))
        found.append(Token(".", mark=True))
    return tuple(found[:-1])


def _pieces(piece: str) -> list[Token]:
    before: list[Token] = []
    after: list[Token] = []
    while piece and piece[0] in _MARKS and not re.match(r"\.\w", piece):
        before.append(Token(piece[0], mark=True))
        piece = piece[1:]
    while piece and piece[-1] in _MARKS:
        after.insert(0, Token(piece[-1], mark=True))
        piece = piece[:-1]
    if piece in {"-", "--"}:
        return [*before, Token(",", mark=True), *after]
    return [*before, *_words(piece), *after]


def _words(piece: str) -> list[Token]:
    """Return the words that people write together."""
    piece = re.sub(r"'s?$|'s$", "", piece)
    if not piece:
        return []
    if found := _ASSIGNMENT.fullmatch(piece) or _TAGGED.fullmatch(piece):
        return [Token(found.group(1)), Token(found.group(2))]
    if _LISTED.fullmatch(piece):
        words = [each for each in piece.split(",") if each]
        marked = [[Token(each), Token(",", mark=True)] for each in words]
        return [each for pair in marked for each in pair][:-1]
    if "(" in piece or ")" in piece:
        return [each for part in re.split(r"([()])", piece) for each in _part(part)]
    return [Token(piece)]


def _part(part: str) -> list[Token]:
    if part in {"(", ")"}:
        return [Token(part, mark=True)]
    return [Token(part)] if part else []
