"""Another organisation's names, some of which are words of the trade at the same time."""

import pytest

from opsbot.understanding.answer import Intent, Question, Refusal
from opsbot.understanding.understand import understand
from opsbot.vocabulary.organisation import EnvironmentPolicy, Organisation, Policies
from tests.understanding.sample_organisation import sample

APPLICATIONS = (("bookstore", ["the shop"]), ("order-service", ["orders"]), ("status-page", []))
ENVIRONMENTS = (("production", ["prod"]), ("acceptance", ["acc", "uat"]), ("test", ["qa"]))


def bookshop() -> Organisation:
    known = sample()
    applications = tuple(
        known.applications[0].model_copy(update={"name": name, "aliases": tuple(aliases)})
        for name, aliases in APPLICATIONS
    )
    environments = tuple(
        known.environments[0].model_copy(update={"name": name, "aliases": tuple(aliases)})
        for name, aliases in ENVIRONMENTS
    )
    return known.model_copy(
        update={
            "applications": applications,
            "environments": environments,
            "default_application": "bookstore",
            "policies": Policies(
                environments={name: EnvironmentPolicy() for name, _ in ENVIRONMENTS}
            ),
        }
    )


@pytest.mark.parametrize(
    ("command", "action", "application", "environment"),
    [
        ("deploy orders to test", "deploy", "order-service", "test"),
        ("deploy it to the test environment", "deploy", "bookstore", "test"),
        ("test env: deploy orders", "deploy", "order-service", "test"),
        ("test order-service", "test", "order-service", None),
        ("can you test the shop", "test", "bookstore", None),
        ("run the tests of the status page", "test", "status-page", None),
        ("status of status-page in test", "status", "status-page", "test"),
        ("deploy orders to test, not acceptance", "deploy", "order-service", "test"),
        ("promote orders from test to acceptance", "promote", "order-service", "acceptance"),
        ("why is the status page down in uat?", "diagnose", "status-page", "acceptance"),
    ],
)
def test_a_name_is_told_from_the_word_by_its_place(
    command: str, action: str, application: str, environment: str | None
) -> None:
    answer = understand(command, bookshop())

    assert isinstance(answer, Intent), answer
    assert (answer.action, answer.application) == (action, application)
    assert answer.environment == environment


@pytest.mark.parametrize(
    "command", ["deploy orders to staging", "deploy payments-api to test", "deploy test to prod"]
)
def test_names_of_another_organisation_are_nobodys(command: str) -> None:
    assert isinstance(understand(command, bookshop()), Question)


def test_a_required_step_stays_required_whatever_the_environments_are_called() -> None:
    assert isinstance(understand("deploy orders to test without tests", bookshop()), Refusal)
