"""What may be among an application's manifests, and what their hash gives away."""

import base64
from typing import Any

import pytest

from opsbot.planning import release_manifests
from opsbot.vocabulary.canonical import sha256_of
from opsbot.vocabulary.errors import PlanningError
from opsbot.vocabulary.organisation import Workload
from opsbot.vocabulary.words import Action
from tests.makers import (
    a_plan,
    an_application,
    an_intent,
    an_organisation,
    manifests,
)

SECRET_VALUE = "hunter2-and-more"


def a_secret(**changes: Any) -> dict[str, Any]:
    data = {"PASSWORD": base64.b64encode(SECRET_VALUE.encode()).decode()}
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "shop"}, "data": data}
    return {**secret, **changes}


def a_workload(*more: dict[str, Any]) -> Workload:
    workload = an_application().workload
    return workload.model_copy(update={"manifests": (*manifests(), *more)})


def test_a_release_may_hold_secrets_and_config_maps() -> None:
    config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": {}}

    release_manifests.require(a_workload(a_secret(), config, a_secret(data=None)))


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        ({"kind": "Ingress", "metadata": {"name": "i"}}, "kind 'Ingress' cannot be deployed"),
        ({}, "kind None cannot be deployed"),
        (a_secret(stringData={"A": SECRET_VALUE}), "Secret 'shop' has stringData"),
        (a_secret(data={"A": SECRET_VALUE}), "value of 'A' in Secret 'shop' is not base64"),
        (a_secret(data={"A": 12345678}), "value of 'A' in Secret 'shop' is not base64"),
        (a_secret(data={"A": None}), "value of 'A' in Secret 'shop' is not base64"),
        (a_secret(data=[SECRET_VALUE]), "is not base64"),
        (a_secret(data=SECRET_VALUE, metadata=None), "is not base64"),
    ],
)
def test_other_manifests_are_refused_without_showing_a_value(
    manifest: dict[str, Any], words: str
) -> None:
    with pytest.raises(PlanningError) as caught:
        release_manifests.require(a_workload(manifest))

    assert words in str(caught.value)
    assert SECRET_VALUE not in str(caught.value)
    assert "12345678" not in str(caught.value)


@pytest.mark.parametrize("action", [Action.DEPLOY, Action.PROMOTE])
def test_no_plan_deploys_such_manifests(action: Action) -> None:
    application = an_application(workload=a_workload({"kind": "Job", "metadata": {"name": "j"}}))
    organisation = an_organisation(applications=(application,))

    with pytest.raises(PlanningError, match="kind 'Job'"):
        a_plan(intent=an_intent(action=action), organisation=organisation)

    assert a_plan(intent=an_intent(action=Action.STATUS), organisation=organisation)


def test_a_plan_is_bound_to_the_values_of_secrets_and_does_not_show_them() -> None:
    def plan(value: str) -> str:
        application = an_application(workload=a_workload(a_secret(data={"A": value})))
        made = a_plan(organisation=an_organisation(applications=(application,)))
        return made.model_dump_json()

    one, other = plan("aHVudGVyMg=="), plan("aHVudGVyMw==")

    assert one != other
    assert "aHVudGVyMg==" not in one


def test_the_hash_of_a_secret_is_not_that_of_its_value() -> None:
    workload = a_workload(a_secret())

    assert release_manifests.sha256(workload) != sha256_of(list(workload.manifests))
    assert release_manifests.sha256(a_workload()) == sha256_of(list(manifests()))
    assert SECRET_VALUE not in repr(workload)
    assert a_secret()["data"]["PASSWORD"] not in repr(workload)
