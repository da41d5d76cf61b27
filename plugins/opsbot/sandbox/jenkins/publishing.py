"""Keep what a build made: artifacts, the JUnit report, coverage.

Failed tests make a build unstable. A report that the job promises and that is not there, or has no
tests, fails it: nothing is proven then.
"""

import shutil
import xml.etree.ElementTree as Xml
from pathlib import Path
from typing import Any

from opsbot.sandbox import lcov
from opsbot.sandbox.jenkins.builds import Build

Ages = dict[tuple[str, str], int]
"""By class and name: in how many builds in a row a test has failed."""


def archive(build: Build, folder: Path) -> None:
    """Copy the files that the job's patterns name."""
    found = sorted(
        {file for pattern in build.job.artifacts for file in folder.glob(pattern) if _is_kept(file)}
    )
    if build.job.artifacts:
        build.say("Archiving artifacts")
    for file in found:
        target = build.archive / file.relative_to(folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    build.artifacts = tuple(file.relative_to(folder).as_posix() for file in found)


def publish(build: Build, folder: Path) -> bool:
    """Publish tests and coverage; True where failed tests make the build unstable."""
    report = folder / build.job.coverage
    if build.job.coverage and report.is_file():
        build.say("Recording coverage results")
        build.coverage = coverage(report.read_text("utf-8", "replace"), build.job.sources)
    report = folder / build.job.tests
    if not build.job.tests:
        return False
    build.say("Recording test results")
    try:
        build.tests = tests(report.read_text("utf-8", "replace"), build.number, _ages(build))
    except (OSError, Xml.ParseError) as fault:
        build.say(f"ERROR: No test report files were found or readable: {fault}")
        build.worsen("FAILURE")
        return False
    if build.tests["empty"]:
        build.say("ERROR: the test report is empty")
        build.worsen("FAILURE")
    if build.tests["failCount"]:
        build.worsen("UNSTABLE")
    return bool(build.tests["failCount"])


def tests(report: str, number: int, ages: Ages) -> dict[str, Any]:
    """Return a JUnit report as Jenkins answers it; `ages` are those of the build before."""
    # The report is what the job's own command wrote; expat reads no files for it.
    document = Xml.fromstring(report)  # noqa: S314
    suites = [_suite(each, number, ages) for each in document.iter("testsuite")]
    loose = [_case(each, number, ages) for each in document.findall("testcase")]
    suites = [each for each in suites if each["cases"]]
    if loose:
        suites.append({"name": "test", "cases": loose})
    cases = [case for suite in suites for case in suite["cases"]]
    count = dict.fromkeys(("PASSED", "FAILED", "SKIPPED"), 0)
    for case in cases:
        count[case["status"]] += 1
    return {
        "_class": "hudson.tasks.junit.TestResult",
        "duration": round(sum(case["duration"] for case in cases), 3),
        "empty": not cases,
        "failCount": count["FAILED"],
        "passCount": count["PASSED"],
        "skipCount": count["SKIPPED"],
        "suites": suites,
    }


def _ages(build: Build) -> Ages:
    """Return for how many builds each test has failed up to the build before."""
    before = build.previous.tests if build.previous else None
    cases = [case for suite in (before or {}).get("suites", []) for case in suite["cases"]]
    return {(case["className"], case["name"]): case["age"] for case in cases}


def _suite(suite: Xml.Element, number: int, ages: Ages) -> dict[str, Any]:
    cases = [_case(each, number, ages) for each in suite.findall("testcase")]
    duration = float(suite.get("time") or 0)
    return {"name": suite.get("name", ""), "duration": duration, "cases": cases}


def _case(case: Xml.Element, number: int, ages: Ages) -> dict[str, Any]:
    problem = case.find("failure")
    problem = case.find("error") if problem is None else problem
    skipped = case.find("skipped")
    failed = problem is not None
    status = "FAILED" if failed else "SKIPPED" if skipped is not None else "PASSED"
    place, name = case.get("classname", ""), case.get("name", "")
    age = ages.get((place, name), 0) + 1 if failed else 0
    return {
        "className": place,
        "name": name,
        "duration": float(case.get("time") or 0),
        "status": status,
        "age": age,
        "failedSince": number - age + 1 if failed else 0,
        "skipped": skipped is not None,
        "skippedMessage": skipped.get("message") if skipped is not None else None,
        "errorDetails": problem.get("message") if problem is not None else None,
        "errorStackTrace": problem.text if problem is not None else None,
    }


def coverage(report: str, sources: tuple[str, ...]) -> dict[str, Any]:
    """Return a coverage report as Jenkins answers it: percentages are texts."""
    files = lcov.of_sources(lcov.parse(report), sources)
    lines = sum(len(file.lines) for file in files.values())
    branches = sum(len(file.branches) for file in files.values())
    covered = {
        "line": lcov.percentage(sum(file.covered_lines for file in files.values()), lines),
        "branch": lcov.percentage(sum(file.covered_branches for file in files.values()), branches),
        "file": lcov.percentage(sum(1 for f in files.values() if f.covered_lines), len(files)),
    }
    statistics = {name: f"{each:.2f}%" for name, each in covered.items() if each is not None}
    return {
        "_class": "io.jenkins.plugins.coverage.metrics.restapi.CoverageApi",
        "projectStatistics": statistics | {"loc": str(lines)},
        "qualityGates": {"overallResult": "INACTIVE", "resultItems": []},
    }


def _is_kept(file: Path) -> bool:
    # A link could name any file of the machine.
    return file.is_file() and not file.is_symlink()
