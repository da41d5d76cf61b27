"""What the tools read of projects: measured values, places, and what was not measured."""

from opsbot.capabilities.sonarqube.get_code_coverage import GetCodeCoverage
from opsbot.capabilities.sonarqube.get_code_smells import GetCodeSmells
from opsbot.capabilities.sonarqube.get_duplications import GetDuplications
from opsbot.capabilities.sonarqube.get_measures import GetMeasures
from opsbot.capabilities.sonarqube.get_quality_gate import GetQualityGate
from opsbot.capabilities.sonarqube.get_security_hotspots import GetSecurityHotspots
from opsbot.integrations.sonarqube import (
    get_code_coverage,
    get_code_smells,
    get_duplications,
    get_measures,
    get_quality_gate,
    get_security_hotspots,
)
from opsbot.integrations.sonarqube.client import SonarClient
from opsbot.integrations.sonarqube.get_quality_gate import QualityGate
from opsbot.vocabulary.progress import silent
from tests.contract.sonarqube.sources import TODOS
from tests.contract.sonarqube.stage import SONAR_WAY, Scanned


def gate_of(client: SonarClient, key: str, branch: str | None = None) -> QualityGate:
    return get_quality_gate.run(client, GetQualityGate(project_key=key, branch=branch), say=silent)


def test_a_gate_that_is_kept_is_passed(client: SonarClient, clean: Scanned, gate: str) -> None:
    found = gate_of(client, clean.key, branch="main")

    assert (found.verdict, found.reason, found.quality_gate) == ("passed", "", gate)
    assert {"vulnerabilities", "bugs", "coverage"} <= {each.metric for each in found.conditions}
    assert found.analysed_at


def test_a_gate_that_is_broken_is_failed_by_its_conditions(
    client: SonarClient, faulty: Scanned
) -> None:
    found = gate_of(client, faulty.key)

    assert found.verdict == "failed"
    broken = {each.metric for each in found.conditions if each.status == "ERROR"}
    assert broken == {"vulnerabilities", "bugs", "coverage", "security_hotspots_reviewed"}
    assert "bugs is 1, above 0" in found.reason


def test_a_gate_before_the_first_analysis_is_not_measured(client: SonarClient, never: str) -> None:
    found = gate_of(client, never)

    assert (found.verdict, found.reason) == ("not_measured", "The project was never analysed.")
    assert (found.analysed_at, found.conditions) == (None, ())


def test_a_gate_without_a_value_is_not_measured_though_it_is_ok(
    client: SonarClient, first: Scanned
) -> None:
    found = gate_of(client, first.key)

    assert (found.verdict, found.quality_gate) == ("not_measured", SONAR_WAY)
    assert found.reason == "No condition of the gate has a value."


def test_an_ok_older_than_a_failed_report_is_not_measured(
    client: SonarClient, outdated: Scanned
) -> None:
    found = gate_of(client, outdated.key)

    assert found.verdict == "not_measured"
    assert "newest report" in found.reason
    assert "cannot be older" in found.reason


def test_coverage_comes_with_the_files_that_lack_it(client: SonarClient, faulty: Scanned) -> None:
    params = GetCodeCoverage(project_key=faulty.key, files=1)

    found = get_code_coverage.run(client, params, say=silent)

    assert (found.status, found.new_coverage) == ("measured", None)
    assert found.coverage is not None
    assert 0 < found.coverage < 80
    assert [(each.path, each.uncovered_lines) for each in found.files] == [("src/host.js", 4)]
    assert found.more_files


def test_full_coverage_lists_no_file(client: SonarClient, clean: Scanned) -> None:
    found = get_code_coverage.run(client, GetCodeCoverage(project_key=clean.key), say=silent)

    assert (found.coverage, found.lines_to_cover, found.uncovered_lines) == (100.0, 2, 0)
    assert (found.files, found.more_files) == ((), False)


def test_code_without_a_coverage_report_is_not_measured(
    client: SonarClient, first: Scanned
) -> None:
    said: list[str] = []

    found = get_code_coverage.run(client, GetCodeCoverage(project_key=first.key), say=said.append)

    assert (found.status, found.coverage) == ("not_measured", None)
    assert "did a coverage report arrive" in found.reason
    assert found.reason in said


def test_code_smells_are_all_counted_and_listed_over_several_pages(
    client: SonarClient, faulty: Scanned
) -> None:
    params = GetCodeSmells(project_key=faulty.key, severity=("INFO",), limit=1000)

    found = get_code_smells.run(client, params, say=silent)

    assert (found.total, found.left_off) == (TODOS, 0)
    assert len({each.line for each in found.smells}) == TODOS
    assert found.by_severity["INFO"] == TODOS
    assert found.by_severity["CRITICAL"] >= 1


def test_the_worst_code_smells_come_first_and_the_rest_is_left_off(
    client: SonarClient, faulty: Scanned
) -> None:
    found = get_code_smells.run(client, GetCodeSmells(project_key=faulty.key, limit=1), say=silent)

    (smell,) = found.smells
    assert (smell.rule, smell.severity) == ("javascript:S3504", "CRITICAL")
    assert (smell.file, smell.line, smell.effort) == ("src/host.js", 13, "5min")
    assert found.left_off == found.total - 1 >= TODOS
    assert sum(found.by_severity.values()) == found.total


def test_clean_code_has_no_smell(client: SonarClient, clean: Scanned) -> None:
    found = get_code_smells.run(client, GetCodeSmells(project_key=clean.key), say=silent)

    assert (found.total, found.smells, found.effort_minutes) == (0, (), 0)


def test_hotspots_come_most_probable_first(client: SonarClient, faulty: Scanned) -> None:
    params = GetSecurityHotspots(project_key=faulty.key, limit=2)

    found = get_security_hotspots.run(client, params, say=silent)

    assert found.by_probability == {"HIGH": 1, "MEDIUM": 2, "LOW": 0}
    assert (found.total, found.left_off, found.reviewed_percent) == (3, 1, 0.0)
    worst = found.hotspots[0]
    assert (worst.rule, worst.category, worst.probability) == ("javascript:S2068", "auth", "HIGH")
    assert (worst.file, worst.line, worst.resolution) == ("src/host.js", 5, None)


def test_nothing_to_review_is_no_percentage(client: SonarClient, clean: Scanned) -> None:
    found = get_security_hotspots.run(
        client, GetSecurityHotspots(project_key=clean.key), say=silent
    )

    assert (found.total, found.reviewed_percent) == (0, None)


def test_no_hotspot_is_reviewed_yet(client: SonarClient, faulty: Scanned) -> None:
    params = GetSecurityHotspots(project_key=faulty.key, status="REVIEWED")

    assert get_security_hotspots.run(client, params, say=silent).total == 0


def test_copies_are_found_in_both_files(client: SonarClient, faulty: Scanned) -> None:
    found = get_duplications.run(client, GetDuplications(project_key=faulty.key), say=silent)

    assert (found.status, found.duplicated_files, found.files_left_off) == ("measured", 2, 0)
    assert found.duplicated_lines_density is not None
    assert found.duplicated_lines_density > 3
    assert {each.path for each in found.files} == {"src/one.js", "src/two.js"}
    (group,) = found.files[0].groups
    assert {place.file for place in group} == {"src/one.js", "src/two.js"}
    assert all(place.lines >= 30 for place in group)


def test_files_beyond_the_limit_are_counted(client: SonarClient, faulty: Scanned) -> None:
    params = GetDuplications(project_key=faulty.key, files=1)

    found = get_duplications.run(client, params, say=silent)

    assert (len(found.files), found.files_left_off) == (1, 1)


def test_code_without_copies_is_measured_as_none(client: SonarClient, clean: Scanned) -> None:
    found = get_duplications.run(client, GetDuplications(project_key=clean.key), say=silent)

    assert (found.status, found.duplicated_lines, found.files) == ("measured", 0, ())


def test_measures_are_texts_ratings_letters_and_the_rest_is_not_measured(
    client: SonarClient, faulty: Scanned
) -> None:
    metrics = ("bugs", "security_rating", "alert_status", "new_coverage", "tests")

    found = get_measures.run(
        client, GetMeasures(project_key=faulty.key, metrics=metrics), say=silent
    )

    assert found.measures == {"bugs": "1", "security_rating": "E", "alert_status": "ERROR"}
    assert found.not_measured == ("new_coverage", "tests")
