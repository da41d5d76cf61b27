"""Read a Dockerfile: instructions, their words, and the variables in them.

`ARG` before `FROM` is for `FROM` alone; after it, a build argument is seen only once it is
declared, and `ENV` comes before `ARG`.
"""

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass

from opsbot.sandbox.docker.problems import BuildFailed, refusal

KEYWORDS = frozenset(("ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "LABEL"))
KEYWORDS |= {"RUN", "USER", "WORKDIR", "HEALTHCHECK", "MAINTAINER", "ONBUILD", "SHELL"}
KEYWORDS |= {"STOPSIGNAL", "VOLUME"}
VARIABLE = re.compile(
    r"\$(?:(?P<plain>[A-Za-z_]\w*)|\{(?P<name>[A-Za-z_]\w*)(?P<else>:[-+](?P<words>[^}]*))?\})"
)

ESCAPED = "\0"
"""Stands for a dollar that means itself, while words are split and variables put in."""


@dataclass(frozen=True)
class Instruction:
    """One instruction."""

    keyword: str
    rest: str

    def __str__(self) -> str:
        return f"{self.keyword} {self.rest}"

    def words(self, variables: Mapping[str, str]) -> list[str]:
        """Return its words, with variables put in; JSON lists are taken as they are."""
        listed = self.listed()
        found = listed if listed is not None else _split(self.rest)
        return [substitute(word, variables) for word in found]

    def listed(self) -> list[str] | None:
        """Return the words of the JSON form, or None if it is not in that form."""
        if not self.rest.startswith("["):
            return None
        try:
            found = json.loads(self.rest)
        except ValueError:
            return None
        if isinstance(found, list) and all(isinstance(each, str) for each in found):
            return found
        return None


def parse(text: str) -> list[Instruction]:
    """Return the instructions; `Refusal` 400 for what is none."""
    instructions: list[Instruction] = []
    line = ""
    for number, raw in enumerate(text.splitlines(), start=1):
        if raw.lstrip().startswith("#") or (line and not raw.strip()):
            continue
        line += raw.strip()
        if line.endswith("\\"):
            line = line[:-1] + " "
            continue
        if line:
            instructions.append(_instruction(line, number))
        line = ""
    if line:
        instructions.append(_instruction(line, len(text.splitlines())))
    if not instructions:
        raise refusal(400, "the Dockerfile is empty: it needs a FROM")
    return instructions


def _instruction(line: str, number: int) -> Instruction:
    keyword, _, rest = line.partition(" ")
    if keyword.upper() not in KEYWORDS:
        words = f"dockerfile parse error line {number}: unknown instruction: {keyword.upper()}"
        raise refusal(400, words)
    if not rest.strip():
        words = f"dockerfile parse error line {number}: {keyword.upper()} requires arguments"
        raise refusal(400, words)
    return Instruction(keyword.upper(), rest.strip())


def substitute(text: str, variables: Mapping[str, str]) -> str:
    """Put variables into a text: `$NAME`, `${NAME}`, `${NAME:-otherwise}`, `${NAME:+instead}`."""

    def value(found: re.Match[str]) -> str:
        known = variables.get(found["plain"] or found["name"], "")
        if not found["else"]:
            return known
        if found["else"].startswith(":-"):
            return known or found["words"]
        return found["words"] if known else ""

    return VARIABLE.sub(value, text).replace(ESCAPED, "$")


def pairs(instruction: Instruction, variables: Mapping[str, str]) -> dict[str, str]:
    """Return the `name=value` words of ENV or LABEL; also the old form `ENV name value`."""
    words = instruction.words(variables)
    if "=" not in words[0]:
        name, _, value = instruction.rest.partition(" ")
        return {name: substitute(value.strip(), variables)}
    if wrong := [word for word in words if "=" not in word]:
        raise BuildFailed(
            f"Syntax error - can't find = in {wrong[0]!r}. Must be of the form: name=value"
        )
    return {name: value for name, _, value in (word.partition("=") for word in words)}


def _split(text: str) -> list[str]:
    try:
        return shlex.split(text.replace("\\$", ESCAPED))
    except ValueError as fault:
        raise BuildFailed(f"cannot read {text!r}: {fault}") from None
