"""What the approver is shown: the facts, and none of them as Markdown of its own."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsbot.planning import approval_page
from opsbot.vocabulary.words import Action
from tests.makers import a_plan, an_intent
from tests.planning.runs import OUTPUTS

PREVIEW: dict[str, Any] = {
    "text": "Deployment 'my-application' in 'production': 1 field(s) change\n  image: old -> new",
    "target": "ReplicaSet my-application-7d, 2/2 ready",
    "subject": {"digest": "sha256:" + "d" * 64},
    "subject_sha256": "c" * 64,
}
BUILD = {**OUTPUTS["build"], "commit": "4f0c2b7" + "0" * 33}


def page(plan=None, preview=None, requested_by="alice", **outputs: Any) -> str:
    return approval_page.write(
        plan or a_plan(),
        requested_by=requested_by,
        outputs={**OUTPUTS, "build": BUILD, **outputs},
        preview={**PREVIEW, **(preview or {})},
    )


@pytest.mark.parametrize(
    "row",
    [
        "| Application | `my-application` |",
        "| Environment | `production` |",
        "| Command, as typed | `Deploy the code to Kubernetes production` |",
        "| Requested by | `alice` |",
        "| Risk | `HIGH` |",
        "| Version | `v1.0.0-prod` |",
        f"| Commit | `{BUILD['commit']}` |",
        f"| Image digest | `{PREVIEW['subject']['digest']}` |",
        "| Tests | `177 tests passed, 0 failed - Coverage: 87%` |",
        "| Quality gate | `Quality gate production-gate: OK - 0 bugs, 0 vulnerabilities, "
        "12 code smells` |",
    ],
)
def test_approver_sees(row: str) -> None:
    assert row in page().splitlines()


def test_change_stands_beside_its_way_back_and_its_hash() -> None:
    text = page()

    assert f"```text\n{PREVIEW['text']}\n```" in text
    assert "**Way back:** `ReplicaSet my-application-7d, 2/2 ready`" in text
    assert f"Approved subject: `{PREVIEW['subject_sha256']}`" in text


def test_evidence_that_is_not_there_is_said_to_be_missing() -> None:
    assert "| Tests | `NOT ON RECORD` |" in page(test={})
    assert "| Requested by | `nobody knows` |" in page(requested_by=None)


def test_restart_asks_for_no_tests_or_image_scans() -> None:
    text = page(a_plan(intent=an_intent(action=Action.RESTART)))

    assert "Tests" not in text
    assert "Quality gate" not in text


def test_commit_of_a_promotion_is_that_of_the_image() -> None:
    intent = an_intent(action=Action.PROMOTE, parameters={"from": "staging"})

    text = page(a_plan(intent=intent), build={}, origin={"revision": "abc1234"})

    assert "| Commit | `abc1234` |" in text


def test_secrets_are_masked() -> None:
    assert "hunter2" not in page(preview={"text": "+ DB_PASSWORD=hunter2hunter2"})


def test_endless_preview_says_what_was_left_off() -> None:
    text = page(preview={"text": "x" * 20_100})

    assert "... 100 more characters" in text


HOSTILE = st.text(alphabet=st.sampled_from("`|*[]<>()#~!\n\r \x1b\u202eab"), max_size=60)


@given(command=HOSTILE, shown=HOSTILE, target=HOSTILE)
@settings(max_examples=150, deadline=None)
def test_no_data_breaks_out_of_its_span_or_fence(command: str, shown: str, target: str) -> None:
    text = page(
        a_plan(intent=an_intent(command=command)),
        preview={"text": shown, "target": target},
    )

    lines = text.splitlines()
    opened, closed = lines.index("```text"), lines.index("```")
    assert text.count("```") == 2
    assert len([line for line in lines[:opened] if line.startswith("| ")]) == len(
        [line for line in page().splitlines() if line.startswith("| ")]
    )
    for line in (*lines[4:opened], *lines[closed:]):
        outside = re.sub(r"`[^`]*`", "", line)
        assert not set(outside) & set("[]<>#~!"), line


def test_plan_title_is_escaped() -> None:
    assert page(a_plan(title="[yes](http://evil)")).startswith(r"**\[yes\](http://evil)**")
