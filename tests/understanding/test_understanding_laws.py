"""What holds for every text that anybody may type."""

import re
import string

from hypothesis import given, settings
from hypothesis import strategies as st

from opsbot.understanding import parameters
from opsbot.understanding.answer import Intent, Question, Refusal
from opsbot.understanding.understand import understand
from opsbot.vocabulary.words import ENVIRONMENT_ACTIONS, Action
from tests.understanding.sample_organisation import sample

WORDS = (
    "deploy", "rollback", "restart", "scale", "promote", "build", "test", "scan", "status", "why",
    "payments-api", "web-frontend", "the app", "it", "inventory", "production", "staging", "dev",
    "uat", "to", "from", "in", "of", "not", "do not", "never", "or", "and", "if", "skip", "tests",
    "approval", "version", "1.2.0", "branch", "main;id", "feature/x", "3 replicas", "minus two",
    "latest", "now", "please", "(", ")", ",", ".", ";", "\"", "`id`", "$(id)", "без", "prod\u200b",
)  # fmt: skip
COMMANDS = (
    "deploy payments-api to staging",
    "scale web-frontend to 4 replicas in production",
    "why does search-indexer crash in dev",
    "deploy inventory to production",
    "delete the pods in staging",
)
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e\ufe0f\u034f\U000e0061"


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_any_text_gets_an_answer(command: str) -> None:
    answer = understand(command, sample())

    assert isinstance(answer, Intent | Question | Refusal)


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))
def test_a_plan_only_has_known_names_and_clean_parameters(command: str) -> None:
    answer = understand(command, sample())

    if isinstance(answer, Intent):
        assert answer.application in {each.name for each in sample().applications}
        assert (answer.environment is not None) == (answer.action in ENVIRONMENT_ACTIONS)
        for value in answer.parameters.values():
            assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._/+-]*", str(value))


@given(st.sampled_from(COMMANDS), st.data())
def test_invisible_characters_change_nothing(command: str, data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(command)))
    hidden = data.draw(st.text(INVISIBLE, min_size=1, max_size=4))

    answer = understand(command[:position] + hidden + command[position:], sample())

    expected = understand(command, sample())
    assert answer.model_dump(exclude={"command"}) == expected.model_dump(exclude={"command"})


@given(
    st.sampled_from(["branch", "version", "commit", "tag"]),
    st.text(string.ascii_lowercase + string.digits + ";|&$`<>(){}[]'\"\\!*?~#%^\n", min_size=1),
)
def test_no_shell_character_reaches_a_parameter(marker: str, value: str) -> None:
    answer = understand(f"deploy {marker} {value} of payments-api to dev", sample())

    if isinstance(answer, Intent):
        for each in answer.parameters.values():
            assert not set(str(each)) & set(";|&$`<>(){}[]'\"\\!*?~#%^\n ")


@given(st.text(string.printable, max_size=60))
def test_what_counts_as_a_reference_is_safe_for_git_and_every_shell(text: str) -> None:
    if parameters.is_reference(text):
        assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._/-]*", text)
        assert ".." not in text


@given(st.sampled_from(COMMANDS), st.sampled_from(["а", "е", "о", "р", "с", "ѕ", "ο", "α"]))
def test_a_look_alike_letter_is_never_planned(command: str, letter: str) -> None:
    latin = {"а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "ѕ": "s", "ο": "o", "α": "a"}

    answer = understand(command.replace(latin[letter], letter, 1), sample())

    assert not isinstance(answer, Intent) or letter not in answer.command


@given(st.sampled_from(list(Action)), st.sampled_from(["without tests", "bypassing the gate"]))
def test_no_action_can_weaken_a_required_step(action: Action, weakening: str) -> None:
    answer = understand(f"{action} payments-api in production {weakening}", sample())

    assert isinstance(answer, Refusal)
