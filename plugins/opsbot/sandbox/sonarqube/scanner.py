"""The scanner: reads the sources and the coverage of a project and uploads them as a report.

    cd workspace && SONAR_HOST_URL=... SONAR_TOKEN=... python -m opsbot.sandbox.sonarqube.scanner

Like the real one it reads `sonar-project.properties`, which `-Dname=value` overrides, ends with 0
once the report is uploaded (nothing is judged then), and writes `report-task.txt`, which names the
task on the server, into its working directory or where `sonar.scanner.metadataFilePath` says.
"""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from opsbot.sandbox import machine

PROPERTIES = "sonar-project.properties"
WORKING_DIRECTORY = ".scannerwork"
METADATA = "report-task.txt"
SUFFIXES = (".js", ".mjs", ".cjs")
LARGEST_FILE = 2 * 1024 * 1024
_NOTHING: Mapping[str, str] = MappingProxyType({})


class ScanFailed(Exception):
    """Nothing was uploaded; the message says why."""


def main() -> int:
    """Scan the working directory."""
    try:
        host, token = os.environ.get("SONAR_HOST_URL", ""), os.environ.get("SONAR_TOKEN", "")
        scan(Path.cwd(), host, token, defined(sys.argv[1:]))
    except ScanFailed as failure:
        print(f"ERROR: {failure}", file=sys.stderr)
        print("EXECUTION FAILURE", file=sys.stderr)
        return 1
    print("EXECUTION SUCCESS")
    return 0


def defined(arguments: Sequence[str]) -> dict[str, str]:
    """Return the properties that the command line defines."""
    pairs = (each.removeprefix("-D").partition("=") for each in arguments if each[:2] == "-D")
    return {name: value for name, _, value in pairs}


def scan(folder: Path, host: str, token: str, overriding: Mapping[str, str] = _NOTHING) -> str:
    """Upload a report, write which task it is, and return the task."""
    settings = {**properties(folder), **overriding}
    key = settings.get("sonar.projectKey")
    if not key or not host or not token:
        raise ScanFailed(f"sonar.projectKey in {PROPERTIES}, SONAR_HOST_URL and SONAR_TOKEN: all!")
    metadata = _metadata(folder, settings)
    sources = files(folder, settings.get("sonar.sources", "src").split(","))
    print(f"Project key: {key}")
    print(f"{len(sources)} source files to be analyzed")
    report: dict[str, object] = {
        "projectKey": key,
        "projectName": settings.get("sonar.projectName", key),
        "projectVersion": settings.get("sonar.projectVersion") or _version(folder),
        "files": sources,
        "projectDate": settings.get("sonar.projectDate", ""),
        "revision": _revision(folder),
        "coverage": _coverage(folder, settings.get("sonar.javascript.lcov.reportPaths", "")),
    }
    task = _upload(host, token, report)
    _write(metadata, host, key, task)
    print(f"Analysis report uploaded: {host}/api/ce/task?id={task}")
    return task


def properties(folder: Path) -> dict[str, str]:
    """Return the project's settings."""
    file = folder / PROPERTIES
    if not file.is_file():
        raise ScanFailed(f"{file} is missing: it names the project and its sources")
    lines = [line.strip() for line in file.read_text("utf-8").splitlines()]
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def files(folder: Path, tops: list[str]) -> dict[str, str]:
    """Return the sources by path; links are left out, for they could lead anywhere."""
    found = [
        file
        for top in tops
        for file in ([folder / top] if (folder / top).is_file() else (folder / top).rglob("*"))
    ]
    return {
        file.relative_to(folder).as_posix(): file.read_text("utf-8", "replace")
        for file in sorted(found)
        if file.suffix in SUFFIXES
        and file.is_file()
        and not file.is_symlink()
        and file.stat().st_size <= LARGEST_FILE
    }


def _coverage(folder: Path, names: str) -> str:
    found = [folder / name for name in names.split(",") if name]
    for file in found:
        if not file.is_file():
            print(f"WARN: no coverage report at {file.relative_to(folder)}: nothing is covered")
    return "\n".join(file.read_text("utf-8", "replace") for file in found if file.is_file())


def _version(folder: Path) -> str:
    package = folder / "package.json"
    return str(json.loads(package.read_text("utf-8"))["version"]) if package.is_file() else ""


def _revision(folder: Path) -> str:
    """Return the commit that is checked out; empty where the folder is no repository."""
    if not (folder / ".git").exists():
        return ""
    command = (machine.git(), "rev-parse", "--verify", "HEAD")
    found = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return found.stdout.strip() if found.returncode == 0 else ""


def _upload(host: str, token: str, report: dict[str, object]) -> str:
    if not host.startswith(("http://127.", "http://localhost:")):
        raise ScanFailed("the sandbox's scanner speaks to the sandbox's SonarQube alone")
    request = urllib.request.Request(  # noqa: S310  the scheme was looked at
        f"{host}/api/ce/submit",
        data=json.dumps(report).encode(),
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=60) as answer:
            return str(json.load(answer)["taskId"])
    except urllib.error.HTTPError as refused:
        raise ScanFailed(f"{host} answered {refused.code} to the report") from None
    except OSError as fault:
        raise ScanFailed(f"SonarQube server [{host}] can not be reached: {fault}") from None


def _metadata(folder: Path, settings: Mapping[str, str]) -> Path:
    if named := settings.get("sonar.scanner.metadataFilePath"):
        if not Path(named).is_absolute():
            raise ScanFailed(
                "Property 'sonar.scanner.metadataFilePath' must point to an absolute path: " + named
            )
        return Path(named)
    return folder / settings.get("sonar.working.directory", WORKING_DIRECTORY) / METADATA


def _write(file: Path, host: str, key: str, task: str) -> None:
    facts = {
        "projectKey": key,
        "serverUrl": host,
        "serverVersion": "10.7.0.96327",
        "dashboardUrl": f"{host}/dashboard?id={key}",
        "ceTaskId": task,
        "ceTaskUrl": f"{host}/api/ce/task?id={task}",
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(f"{name}={value}\n" for name, value in facts.items()), "utf-8")


if __name__ == "__main__":
    sys.exit(main())
