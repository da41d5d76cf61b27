"""Secrets and ConfigMaps of a release: applied with it, shown without a value, missed by name."""

import base64

import pytest
from kubernetes import client as kube

from opsbot.integrations.kubernetes import preview
from opsbot.integrations.kubernetes.objects import Json
from opsbot.integrations.kubernetes.preview import Preview
from opsbot.integrations.kubernetes.wanted import Wanted
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.words import Keeper
from tests.contract.kubernetes.manifests import (
    TIMEOUT,
    config_map,
    deployment,
    marked,
    secret,
    with_container,
)
from tests.contract.kubernetes.stage import Stage

OLD, NEW = "correct-horse-battery", "tr0ubadour-and-three"


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def seen(stage: Stage, *manifests: Json) -> Preview:
    return preview.take(stage.cluster, stage.namespace, Wanted(manifests=manifests))


def paragraph(shown: Preview, title: str) -> list[str]:
    lines = shown.text.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(title)) + 1
    end = next((n for n in range(start, len(lines)) if lines[n][0] != " "), len(lines))
    return lines[start:end]


def gives_away(shown: Preview, *values: str) -> list[str]:
    text = shown.model_dump_json() + repr(shown)
    return [each for each in values if each in text or encoded(each) in text]


def test_a_preview_names_the_keys_of_a_secret_and_never_a_value(quiet: Stage) -> None:
    pods = deployment(quiet, "keys")
    new = seen(quiet, secret(quiet, "keys", PASSWORD=OLD, USER="shop-user"), pods)
    quiet.cluster.apply(secret(quiet, "keys", PASSWORD=OLD, USER="shop-user", GONE="was-here"))

    changed = seen(quiet, secret(quiet, "keys", PASSWORD=NEW, USER="shop-user", MORE="more"), pods)

    title = f"Secret 'keys' in {quiet.namespace!r}"
    assert paragraph(new, f"{title}: will be created") == [
        "  + data.PASSWORD: new",
        "  + data.USER: new",
    ]
    assert paragraph(changed, f"{title}: 3 field(s) change") == [
        "  unchanged: data.USER",
        "  - data.GONE: removed",
        "  + data.MORE: new",
        "  ~ data.PASSWORD: changed",
    ]
    for shown in (new, changed):
        assert gives_away(shown, OLD, NEW, "shop-user", "was-here") == []


def test_what_is_approved_covers_the_values(quiet: Stage) -> None:
    pods = deployment(quiet, "covered")
    quiet.cluster.apply(secret(quiet, "covered", PASSWORD=OLD))

    one = seen(quiet, secret(quiet, "covered", PASSWORD=NEW), pods)
    same = seen(quiet, secret(quiet, "covered", PASSWORD=NEW), pods)
    other = seen(quiet, secret(quiet, "covered", PASSWORD=f"{NEW}!"), pods)

    assert one == same
    assert one.text == other.text
    assert one.change_sha256 != other.change_sha256


def test_a_key_that_a_manifest_drops_goes(quiet: Stage) -> None:
    quiet.cluster.apply(secret(quiet, "dropping", A="one", B="two"))

    answer = quiet.cluster.apply(secret(quiet, "dropping", A="one"))

    assert answer["data"] == {"A": encoded("one")}


def test_a_secret_of_kubectl_is_taken_over_by_the_names_of_its_keys(
    quiet: Stage, core: kube.CoreV1Api
) -> None:
    core.create_namespaced_secret(
        quiet.namespace,
        secret(quiet, "foreign", PASSWORD=OLD),
        field_manager="kubectl-create",
        **TIMEOUT,
    )
    manifests = (secret(quiet, "foreign", PASSWORD=NEW), deployment(quiet, "foreign"))
    asked = Wanted(manifests=manifests, may_adopt=(Keeper.KUBECTL,))

    shown = preview.take(quiet.cluster, quiet.namespace, asked)

    assert "taken over from 'kubectl-create': .data.PASSWORD" in shown.text
    assert gives_away(shown, OLD, NEW) == []


def test_an_edit_of_a_secret_is_a_conflict_that_shows_no_value(
    quiet: Stage, core: kube.CoreV1Api
) -> None:
    ours = marked(secret(quiet, "edited", PASSWORD=OLD))
    quiet.cluster.apply(ours)
    body = {"data": {"PASSWORD": encoded(NEW)}}
    core.patch_namespaced_secret(
        "edited", quiet.namespace, body, field_manager="kubectl-edit", **TIMEOUT
    )

    with pytest.raises(StepFailed) as caught:
        seen(quiet, ours, deployment(quiet, "edited"))

    words = str(caught.value)
    assert ".data.PASSWORD belongs to 'kubectl-edit' (changed)" in words
    assert "kubectl patch secret edited" in words
    assert not any(each in words for each in (OLD, NEW, encoded(OLD), encoded(NEW)))


@pytest.mark.parametrize("data", [{"PIN": 12345678}, {"PIN": "12345678!"}])
def test_a_value_that_the_server_does_not_take_is_not_quoted(
    quiet: Stage, data: dict[str, object]
) -> None:
    with pytest.raises(StepFailed) as caught:
        quiet.cluster.apply({**secret(quiet, "wrong"), "data": data}, dry_run=True)

    assert "12345678" not in str(caught.value)
    assert "words are left out" in str(caught.value)


def test_what_pods_will_miss_is_named_before_anybody_is_asked(quiet: Stage) -> None:
    quiet.cluster.apply(config_map(quiet, "there", a="1"))
    sources = [
        {"configMapRef": {"name": "there"}},
        {"configMapRef": {"name": "own"}},
        {"configMapRef": {"name": "absent-settings"}},
        {"secretRef": {"name": "absent-secret"}},
        {"secretRef": {"name": "maybe", "optional": True}},
    ]
    pods = with_container(deployment(quiet, "missing"), envFrom=sources)

    shown = seen(quiet, config_map(quiet, "own", a="1"), pods)

    assert [line for line in shown.text.splitlines() if line.startswith("MISSING")] == [
        f"MISSING: {what} is neither in the release nor in {quiet.namespace!r}. Pods that refer to "
        "it do not start until somebody has made it."
        for what in ("ConfigMap 'absent-settings'", "Secret 'absent-secret'")
    ]
