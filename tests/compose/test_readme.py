"""What the README tells a reader to copy or to write is what the code takes."""

import re
from typing import Any

import pytest
import yaml

from opsbot.planning import placeholders
from opsbot.vocabulary.organisation import ApprovalPolicy, EnvironmentPolicy
from opsbot.vocabulary.words import Action, Compliance, Criterion, Guard, RefusalCode
from tests.compose.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    """Return a section of the reference."""
    found = re.search(rf"^### {title}\n(.*?)(?=^##)", README, re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]


def documents(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def row(text: str, key: str) -> set[str]:
    """Return the words in backticks that a table's row says about a key."""
    found = re.search(rf"^\| `{re.escape(key)}` \|(.*)$", text, re.MULTILINE)
    assert found is not None, key
    return set(re.findall(r"`(\w+)`", found[1]))


def test_every_key_of_a_policy_is_explained():
    explained = set(re.findall(r"^\| `([\w.]+)` \|", section("Policies"), re.MULTILINE))

    approval = {f"approval.{name}" for name in ApprovalPolicy.model_fields}
    assert explained == approval | (EnvironmentPolicy.model_fields.keys() - {"approval"})


def test_every_placeholder_is_listed():
    assert set(re.findall(r"\{([\w.]+)\}", section("Patterns"))) == placeholders.KNOWN


def test_the_words_of_a_pattern_and_a_policy_are_complete():
    patterns, policies = section("Patterns"), section("Policies")

    assert row(patterns, "guards") <= set(Guard) - {Guard.VALIDATION}
    assert row(patterns, "success_criteria") == set(Criterion)
    assert row(policies, "compliance") == set(Compliance)
    assert all(action in patterns for action in Action)


def test_every_code_of_a_refusal_is_named():
    assert row(README, "refusal") - {"code", "reason"} == set(RefusalCode)


def test_the_policy_to_copy_is_one():
    lines = next(each for each in documents("yaml") if "four_eyes" in each)

    policy = EnvironmentPolicy.model_validate(yaml.safe_load(lines))

    assert policy.approval.approvers == ("alice", "bob")
    assert policy.validate_after


@pytest.mark.parametrize("number", [0, 1])
def test_the_tool_to_copy_is_python_that_runs(number, monkeypatch):
    import sys
    import types

    capability, integration = documents("python")
    name = "opsbot.capabilities.kubernetes.get_replica_sets"
    module = types.ModuleType(name)
    monkeypatch.setitem(sys.modules, name, module)
    exec(compile(capability, name, "exec"), module.__dict__)
    if number == 0:
        assert name.endswith(module.CAPABILITY.name)
        return

    class OneSet:
        """A cluster that has one ReplicaSet."""

        def list(self, kind, namespace, *, labels):
            assert (kind, namespace, labels) == ("ReplicaSet", "production", "app=a")
            return ({"kind": kind, "metadata": {"name": "a-5d9c"}},)

    work: dict[str, Any] = {"__name__": "get_replica_sets"}
    exec(compile(integration, "get_replica_sets", "exec"), work)
    params = module.GetReplicaSets(namespace="production", label_selector="app=a")
    found = work["run"](OneSet(), params, say=lambda words: None)
    assert found.names == ("a-5d9c",)
