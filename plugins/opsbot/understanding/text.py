"""The text of a command before any meaning: which characters it may hold.

Unicode lets two different words look alike and lets text hide in text. So compatibility forms are
folded (NFKC), characters without a picture are removed before anything else, and a letter that
is not ASCII is never guessed at: it may be another language, or a look-alike of a known name.
"""

import re
import unicodedata

from opsbot.understanding.answer import Question, Refusal
from opsbot.vocabulary.words import RefusalCode

LONGEST_COMMAND = 2000

_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0]"
)
_PICTURES = {
    "\u2018": "'", "\u2019": "'", "\u201b": "'", "\u02bc": "'", "\u201c": '"', "\u201d": '"',
    "\u201e": '"', "\u00ab": '"', "\u00bb": '"', "\u2010": "-", "\u2011": "-", "\u2012": " - ",
    "\u2013": " - ", "\u2014": " - ", "\u2015": " - ", "\u2212": "-", "\u2192": " -> ",
    "\u21d2": " -> ", "\u2026": " ... ", "\u2022": ", ", "\u00b7": ", ", "\u201a": ",",
    "\u2028": "\n", "\u2029": "\n",
}  # fmt: skip
_NAMES = {ord(key): value for key, value in _PICTURES.items()}
_UNSAFE = re.compile(
    r"[`$|<>\\{}*^~\[\]]"  # what a shell, a template or a pattern would act on
    r"|&&|;\S|\.\.[/\\]|/\.\.|(?<!\.)\.\.(?!\.)"
    r"|(?:^|\s)-{1,2}[A-Za-z]|://|@\{|%[0-9A-Fa-f]{2}|&#?\w+;"
)


def clean(command: str) -> str | Question | Refusal:
    """Return the command in plain ASCII characters, or say why that is not possible."""
    if len(command) > LONGEST_COMMAND:
        return _refusal(
            f"The command has {len(command)} characters, more than {LONGEST_COMMAND}. Shorten it."
        )
    visible = _visible(command)
    if strange := _control_character(visible):
        return _refusal(f"The command contains the control character {strange}. Remove it.")
    if odd := next((each for each in visible if unicodedata.category(each) == "No"), None):
        return _refusal(
            f"The command contains {odd!r}, which is no plain digit: raised, circled and broken "
            "numbers are easily misread. Write 0 to 9."
        )
    plain = _without_symbols(_visible(unicodedata.normalize("NFKC", visible.translate(_NAMES))))
    if foreign := _foreign_word(plain):
        return _about_foreign(foreign)
    if found := _UNSAFE.search(plain.replace("->", " to ").replace("=>", " to ")):
        return _refusal(
            f"The command contains {found.group().strip()!r}, which no name, branch or version "
            "needs. Write it in plain words."
        )
    return plain


def _visible(text: str) -> str:
    """Return the text without characters that show nothing."""
    kept = (each for each in text if unicodedata.category(each) != "Cf")
    return _INVISIBLE.sub("", "".join(kept))


def _control_character(text: str) -> str | None:
    for each in text:
        if unicodedata.category(each) in {"Cc", "Co", "Cs", "Cn"} and each not in "\t\n\r":
            return f"U+{ord(each):04X}"
    return None


def _without_symbols(text: str) -> str:
    """Replace pictures such as a rocket by a space; letters and digits stay."""
    return "".join(
        " " if ord(each) > 127 and unicodedata.category(each)[0] in "SPZ" else each for each in text
    )


def _foreign_word(text: str) -> str | None:
    return next((word for word in text.split() if not word.isascii()), None)


def _about_foreign(word: str) -> Question | Refusal:
    """Ask about a word of another language; refuse one that mixes alphabets."""
    if any("a" <= each.lower() <= "z" for each in word) and not _is_latin(word):
        return _refusal(
            f"{word!r} mixes letters of different alphabets that look alike. Type it again."
        )
    return Question(
        question=f"I understand English only, and {word!r} is not. What should I do?",
        missing=("action",),
    )


def _is_latin(word: str) -> bool:
    letters = (each for each in word if each.isalpha())
    return all("LATIN" in unicodedata.name(each, "") for each in letters)


def _refusal(reason: str) -> Refusal:
    return Refusal(code=RefusalCode.UNSAFE, reason=reason)
