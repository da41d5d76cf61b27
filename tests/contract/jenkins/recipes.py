"""What the tests' jobs do, written once and made twice: as a pipeline, and for the sandbox."""

import hashlib
import json
import sys
from dataclasses import dataclass
from xml.sax.saxutils import escape

from opsbot.sandbox.jenkins.jobs import Command, Input, Job, Parameter

RUN = Parameter("OPSBOT_RUN")
BRANCH = Parameter("branch", "main")


@dataclass(frozen=True)
class Say:
    text: str


@dataclass(frozen=True)
class Write:
    path: str
    text: str


@dataclass(frozen=True)
class Keep:
    """Archive a file."""

    path: str


@dataclass(frozen=True)
class Judge:
    """Publish a JUnit report."""

    path: str


@dataclass(frozen=True)
class Wait:
    seconds: int


@dataclass(frozen=True)
class Exit:
    code: int


@dataclass(frozen=True)
class Ask:
    """Wait for somebody's answer."""

    id: str
    message: str
    parameters: tuple[Parameter, ...] = ()


Act = Say | Write | Keep | Judge | Wait | Exit | Ask


@dataclass(frozen=True)
class Recipe:
    stages: dict[str, tuple[Act, ...]]
    parameters: tuple[Parameter, ...] = (RUN,)
    is_buildable: bool = True
    is_concurrent: bool = True
    aborts_previous: bool = False
    description: str = ""

    @property
    def acts(self) -> list[Act]:
        return [act for acts in self.stages.values() for act in acts]


def report(*failed: str, passed: int = 1) -> str:
    """Return a JUnit report; a failure's message names its test."""
    good = "".join(f'<testcase classname="shop" name="good{n}"/>' for n in range(passed))
    bad = "".join(
        f'<testcase classname="shop" name="{name}"><failure message="{name} is wrong"/></testcase>'
        for name in failed
    )
    return f'<testsuites><testsuite name="shop">{good}{bad}</testsuite></testsuites>'


def judged(*failed: str, passed: int = 1) -> tuple[Act, ...]:
    """Return the acts of a stage whose tests end so."""
    return (Write("junit.xml", report(*failed, passed=passed)), Judge("junit.xml"))


SOURCES = "the sources"
RECORD = {
    "commit": "6c8a3f2e" * 5,
    "version": "1.0.0",
    "archive": "application.tar",
    "archive_sha256": hashlib.sha256(SOURCES.encode()).hexdigest(),
}
BUILT: tuple[Act, ...] = (
    Write("application.tar", SOURCES),
    Write("build.json", json.dumps(RECORD)),
    Keep("application.tar"),
    Keep("build.json"),
)
"""What a build has to archive."""


def for_sandbox(name: str, recipe: Recipe) -> Job:
    """Return the job as the sandbox knows it."""
    reports = [act.path for act in recipe.acts if isinstance(act, Judge)]
    return Job(
        name=name,
        description=recipe.description,
        parameters=recipe.parameters,
        steps=tuple(
            _step(stage, act)
            for stage, acts in recipe.stages.items()
            for act in acts
            if not isinstance(act, Keep)
        ),
        artifacts=tuple(act.path for act in recipe.acts if isinstance(act, Keep)),
        tests=reports[0] if reports else "",
        checks_out=False,
        is_buildable=recipe.is_buildable,
        is_concurrent=recipe.is_concurrent,
        aborts_previous=recipe.aborts_previous,
    )


def _step(stage: str, act: Act) -> Command | Input:
    match act:
        case Ask(id, message, parameters):
            return Input(stage, id, message, parameters)
        case Say(text):
            code = f"print({text!r}, flush=True)"
        case Write(path, text):
            code = f"open({path!r}, 'w').write({text!r})"
        case Wait(seconds):
            code = f"import time; time.sleep({seconds})"
        case Exit(number):
            code = f"raise SystemExit({number})"
        case _:
            code = ""
    # Braces stand for parameters in a command.
    safe = code.replace("{", "{{").replace("}", "}}")
    return Command(stage, (sys.executable, "-c", safe), judged_by_tests=isinstance(act, Judge))


def as_config(recipe: Recipe) -> str:
    """Return the job's config.xml."""
    script = "".join(
        f"stage({_text(name)}) {{ {'; '.join(map(_groovy, acts))} }}\n"
        for name, acts in recipe.stages.items()
    )
    properties = f"<parameterDefinitions>{''.join(map(_definition, recipe.parameters))}"
    declared = (
        f"<hudson.model.ParametersDefinitionProperty>{properties}</parameterDefinitions>"
        "</hudson.model.ParametersDefinitionProperty>"
        if recipe.parameters
        else ""
    )
    one = "org.jenkinsci.plugins.workflow.job.properties.DisableConcurrentBuildsJobProperty"
    alone = recipe.aborts_previous or not recipe.is_concurrent
    aborts = str(recipe.aborts_previous).lower()
    limited = f"<{one}><abortPrevious>{aborts}</abortPrevious></{one}>" if alone else ""
    return (
        f"<flow-definition><description>{escape(recipe.description)}</description>"
        f"<properties>{declared}{limited}</properties>"
        '<definition class="org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition">'
        f"<script>{escape(f'node {{ {script} }}')}</script><sandbox>true</sandbox></definition>"
        f"<disabled>{str(not recipe.is_buildable).lower()}</disabled></flow-definition>"
    )


def _groovy(act: Act) -> str:
    match act:
        case Say(text):
            return f"echo {_text(text)}"
        case Write(path, text):
            return f"writeFile file: {_text(path)}, text: {_text(text)}"
        case Keep(path):
            return f"archiveArtifacts {_text(path)}"
        case Judge(path):
            return f"junit {_text(path)}"
        case Wait(seconds):
            return f"sleep {seconds}"
        case Exit(code):
            return f"sh 'exit {code}'"
        case Ask(id, message, parameters):
            asked = ", ".join(map(_asked, parameters))
            more = f", parameters: [{asked}]" if asked else ""
            return f"input id: {_text(id)}, message: {_text(message)}{more}"


def _asked(parameter: Parameter) -> str:
    if parameter.choices:
        choices = ", ".join(map(_text, parameter.choices))
        return f"choice(name: {_text(parameter.name)}, choices: [{choices}])"
    kind = parameter.kind.lower()
    value = (
        str(parameter.default).lower()
        if isinstance(parameter.default, bool)
        else _text(parameter.default)
    )
    spelt = "booleanParam" if kind == "boolean" else "string"
    return f"{spelt}(name: {_text(parameter.name)}, defaultValue: {value})"


def _definition(parameter: Parameter) -> str:
    kind = f"hudson.model.{parameter.kind}ParameterDefinition"
    value = (
        str(parameter.default).lower()
        if isinstance(parameter.default, bool)
        else escape(parameter.default)
    )
    standard = f"<defaultValue>{value}</defaultValue>"
    if parameter.choices:
        choices = "".join(f"<string>{escape(each)}</string>" for each in parameter.choices)
        standard = (
            '<choices class="java.util.Arrays$ArrayList"><a class="string-array">'
            f"{choices}</a></choices>"
        )
    return f"<{kind}><name>{escape(parameter.name)}</name>{standard}</{kind}>"


def _text(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
    return f"'{escaped.replace('$', chr(92) + '$')}'"
