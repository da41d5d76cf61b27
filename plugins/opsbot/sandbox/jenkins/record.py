"""Write `build.json`: which commit and version a build is of, and its archive's sha256.

Run in the workspace, as the job's last command: `python -m opsbot.sandbox.jenkins.record`.
"""

import hashlib
import json
import subprocess
from pathlib import Path

ARCHIVE = "application.tar"


def main() -> None:
    """Write the record of the workspace's build."""
    head = subprocess.run(["git", "rev-parse", "HEAD"], check=True, capture_output=True, text=True)
    package = json.loads(Path("package.json").read_text("utf-8"))
    with Path(ARCHIVE).open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    record = {
        "commit": head.stdout.strip(),
        "version": package["version"],
        "archive": ARCHIVE,
        "archive_sha256": digest,
    }
    Path("build.json").write_text(json.dumps(record, indent=2) + "\n", "utf-8")
    print(f"Created build.json: version {record['version']}, {ARCHIVE} sha256 {digest}")


if __name__ == "__main__":
    main()
