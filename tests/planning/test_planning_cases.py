"""One file, one case: an intent, and what its plan must say or why there is none."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from opsbot.capabilities import catalog
from opsbot.planning import planner
from opsbot.planning.plan import Plan
from opsbot.vocabulary.errors import PlanningError
from tests.makers import AT, an_intent, an_organisation, the_patterns

CASES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))


def plan_of(intent: dict[str, Any]) -> Plan:
    return planner.make_plan(
        an_intent(**intent), catalog.native(), the_patterns(), an_organisation(), at=AT
    )


@pytest.mark.parametrize("case", CASES, ids=lambda file: file.stem)
def test_case(case: Path) -> None:
    told = yaml.safe_load(case.read_text())
    if "error" in told:
        with pytest.raises(PlanningError) as refused:
            plan_of(told["intent"])
        assert [words for words in told["error"] if words not in str(refused.value)] == []
        return

    plan = plan_of(told["intent"]).model_dump(mode="json")

    wanted = told.get("plan", {})
    assert {key: plan[key] for key in wanted} == wanted
    steps = {each["id"]: each for each in plan["steps"]}
    for id, fields in told.get("steps", {}).items():
        assert {key: steps[id][key] for key in fields} == fields
    for id, replicas in told.get("replicas", {}).items():
        assert steps[id]["arguments"]["replicas"] == replicas


def test_every_case_says_what_it_wants() -> None:
    for case in CASES:
        told = set(yaml.safe_load(case.read_text()))

        assert told <= {"intent", "plan", "steps", "replicas", "error"}
        assert told & {"plan", "steps", "error"}
