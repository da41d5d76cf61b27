"""The rules: what is looked for in a line of JavaScript, and what it means.

Keys, kinds and severities are SonarQube's own. Whether a finding is a vulnerability or a hotspot
(a person has to judge it) is the rule's affair: a leaked GitHub token is a vulnerability, a
hard-coded password and evaluated text are hotspots. The rules are few and read lines, not syntax
trees: enough to find what they name, no more. Comments are cut off before a line is looked at;
what stands in them is only looked at for leaked keys and TODO.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_FUNCTION = 60
CALL = r"\b(?:exec|execSync)\s*\("
UNCHECKED_TLS = r"\brejectUnauthorized\s*:\s*false\b"


@dataclass(frozen=True)
class Rule:
    """A rule: its key, what it finds, how bad that is."""

    key: str
    kind: str
    """BUG, VULNERABILITY, CODE_SMELL or SECURITY_HOTSPOT."""
    severity: str
    """A hotspot's: how likely it is a vulnerability, HIGH, MEDIUM or LOW."""
    message: str
    pattern: str = ""
    """Its group `key`, if it has one, is the place that is marked."""
    effort: int = 5
    """Minutes to repair it."""
    category: str = ""
    """A hotspot's subject."""


@dataclass(frozen=True)
class Finding:
    """A rule met a line."""

    rule: Rule
    path: str
    line: int
    start: int
    end: int


SECRETS = (
    Rule(
        "secrets:S6689",
        "VULNERABILITY",
        "BLOCKER",
        "Make sure this Github token gets revoked, changed, and removed from the code.",
        r"\bghp_[A-Za-z0-9]{36}\b",
        30,
    ),
    Rule(
        "secrets:S6290",
        "VULNERABILITY",
        "BLOCKER",
        "Make sure the access granted with this AWS access key ID is restricted",
        r"(?i:aws).{0,80}\b(?P<key>(?:AKIA|ASIA)[A-Z0-9]{16})\b",
        30,
    ),
    Rule(
        "secrets:S6290",
        "VULNERABILITY",
        "BLOCKER",
        "Make sure this AWS Secret Access Key gets revoked, changed, and removed from the code.",
        r"(?i)aws.{0,80}secret_?access_?key['\"]?\s*[:=]\s*['\"](?P<key>[a-z0-9/+]{40})['\"]",
        30,
    ),
)
"""Keys that leaked, in comments too."""
LINE_RULES = (
    Rule(
        "javascript:S4830",
        "VULNERABILITY",
        "CRITICAL",
        "Enable server certificate validation on this SSL/TLS connection.",
        UNCHECKED_TLS,
    ),
    Rule(
        "javascript:S5527",
        "VULNERABILITY",
        "CRITICAL",
        "Enable server hostname verification on this SSL/TLS connection.",
        UNCHECKED_TLS,
    ),
    Rule(
        "javascript:S2068",
        "SECURITY_HOTSPOT",
        "HIGH",
        "Review this potentially hardcoded credential.",
        r"(?i)\b(?:password|passwd|pwd|passphrase)['\"]?\s*[:=]\s*(['\"])[^'\"\s]+\1",
        category="auth",
    ),
    Rule(
        "javascript:S4721",
        "SECURITY_HOTSPOT",
        "HIGH",
        "Make sure that executing this OS command is safe here.",
        CALL + r"[^;]*(?:['\"`]\s*\+|\+\s*['\"`]|\$\{)",
        category="command-injection",
    ),
    Rule(
        "javascript:S1523",
        "SECURITY_HOTSPOT",
        "MEDIUM",
        "Make sure that this dynamic injection or execution of code is safe.",
        r"\beval\s*\(|\bnew\s+Function\s*\(",
        category="rce",
    ),
    Rule(
        "javascript:S2688",
        "BUG",
        "MAJOR",
        "Use the isNaN function to compare with NaN.",
        r"[=!]==?\s*NaN\b|\bNaN\s*[=!]==?",
    ),
    Rule(
        "javascript:S1121",
        "CODE_SMELL",
        "MAJOR",
        "Extract the assignment from this expression.",
        r"\b(?:if|while)\s*\(\s*[\w.]+\s*=(?!=|>)",
    ),
    Rule(
        "javascript:S1764",
        "BUG",
        "MAJOR",
        "Correct one of the identical sub-expressions on both sides of the operator.",
        r"(?<![\w.])([A-Za-z_]\w*)\s*(?:&&|\|\|)\s*\1(?![\w.(\[])",
    ),
    Rule(
        "javascript:S3504",
        "CODE_SMELL",
        "CRITICAL",
        "Unexpected var, use let or const instead.",
        r"^\s*var\s+\w",
    ),
    Rule(
        "javascript:S1440",
        "CODE_SMELL",
        "MAJOR",
        "Expected '===' and instead saw '=='.",
        r"(?<![=!<>])==(?!=)(?!\s*null\b)",
    ),
    Rule(
        "javascript:S106",
        "CODE_SMELL",
        "MAJOR",
        "Replace this use of the console by a logger.",
        r"\bconsole\.(?:log|debug|info)\s*\(",
        10,
    ),
    Rule(
        "javascript:S2245",
        "SECURITY_HOTSPOT",
        "MEDIUM",
        "Make sure that using this pseudorandom number generator is safe here.",
        r"\bMath\.random\s*\(",
        category="weak-cryptography",
    ),
    Rule(
        "javascript:S4790",
        "SECURITY_HOTSPOT",
        "LOW",
        "Make sure this weak hash algorithm is not used in a sensitive context here.",
        r"\bcreateHash\s*\(\s*['\"](?:md5|sha1)['\"]",
        category="others",
    ),
)
TODO = Rule(
    "javascript:S1135", "CODE_SMELL", "INFO", "Complete the task associated to this comment.", "", 0
)
LONG_FUNCTION = Rule(
    "javascript:S138",
    "CODE_SMELL",
    "MAJOR",
    f"This function has more than {LONGEST_FUNCTION} lines: split it.",
    r"\bfunction\b[^;]*\{\s*$|=>\s*\{\s*$",
    20,
)
Compiled = tuple[tuple[Rule, re.Pattern[str]], ...]
COMPILED: Compiled = tuple((rule, re.compile(rule.pattern)) for rule in LINE_RULES)
COMPILED_SECRETS: Compiled = tuple((rule, re.compile(rule.pattern)) for rule in SECRETS)
STRING = r"'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"|`(?:\\.|[^`\\])*`"
TOKEN = re.compile(rf"(?P<string>{STRING})|(?P<comment>//[^\n]*|/\*.*?\*/)", re.DOTALL)


def findings(path: str, text: str) -> Iterator[Finding]:
    """Yield what the rules find in a file."""
    lines = without_comments(text).split("\n")
    yield from _in_lines(path, text.split("\n"), COMPILED_SECRETS)
    yield from _in_lines(path, lines, COMPILED)
    yield from _unfinished(path, text)
    yield from _long_functions(path, lines)


def _in_lines(path: str, lines: list[str], compiled: Compiled) -> Iterator[Finding]:
    for number, line in enumerate(lines, start=1):
        for rule, pattern in compiled:
            if found := pattern.search(line):
                start, end = found.span("key" if "key" in pattern.groupindex else 0)
                yield Finding(rule, path, number, start, end)


def without_comments(text: str) -> str:
    """Return a text with blanks where comments were, so that lines and columns stay."""

    def blank(token: re.Match[str]) -> str:
        if token["comment"] is None:
            return token[0]
        return re.sub(r"[^\n]", " ", token[0])

    return TOKEN.sub(blank, text)


def _unfinished(path: str, text: str) -> Iterator[Finding]:
    for token in TOKEN.finditer(text):
        if token["comment"] and (found := re.search(r"\b(?:TODO|FIXME)\b", token[0])):
            place = token.start() + found.start()
            line = text.count("\n", 0, place) + 1
            column = place - (text.rfind("\n", 0, place) + 1)
            yield Finding(TODO, path, line, column, column + len(found[0]))


def _long_functions(path: str, lines: list[str]) -> Iterator[Finding]:
    begins = re.compile(LONG_FUNCTION.pattern)
    for number, line in enumerate(lines, start=1):
        if begins.search(line) and _length(lines[number - 1 :]) > LONGEST_FUNCTION:
            yield Finding(LONG_FUNCTION, path, number, 0, len(line))


def _length(lines: list[str]) -> int:
    """Count lines until the braces that the first one opens are closed."""
    depth = 0
    for count, line in enumerate(lines, start=1):
        bare = TOKEN.sub("", line)
        depth += bare.count("{") - bare.count("}")
        if depth <= 0:
            return count
    return len(lines)
