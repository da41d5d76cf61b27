"""Small applications in JavaScript that an analyser has something to say of, or nothing."""

from pathlib import Path

CLEAN = {
    "src/add.js": "'use strict';\n\nfunction add(a, b) {\n  return a + b;\n}\n\n"
    "module.exports = { add };\n"
}
CLEAN_COVERAGE = "SF:src/add.js\nDA:4,3\nDA:7,1\nend_of_record\n"

# In pieces, so that nobody takes it for a token that leaked from here.
LEAKED = "ghp_" + "hvMdgaKjIg8xNbe3nNyjOq9wMxEhh2FDEEtf"
HOST = f"""'use strict';

const https = require('node:https');

const password = 'correct-horse-battery';
const leaked = '{LEAKED}';

function read(text) {{
  return eval(text);
}}

function ask(host, value) {{
  var wrong = value === NaN;
  const number = Math.random();
  https.request({{ host, rejectUnauthorized: false }}, () => {{}});
  return [wrong, number, password, leaked];
}}

module.exports = {{ read, ask }};
"""
TODOS = 510
"""More than one page of a search."""
COPIED = "".join(
    f"  const total{number} = compute(first{number}, second{number}, {number});\n"
    for number in range(30)
)


def _copying(name: str) -> str:
    return f"'use strict';\n\nfunction {name}(compute) {{\n{COPIED}  return total29;\n}}\n"


FAULTY = {
    "src/host.js": HOST,
    "src/one.js": _copying("one"),
    "src/two.js": _copying("two"),
    "src/notes.js": "'use strict';\n" + "// TODO: finish\n" * TODOS,
}
FAULTY_COVERAGE = (
    "SF:src/host.js\nDA:9,1\nDA:13,0\nDA:14,0\nDA:15,0\nDA:16,0\nend_of_record\n"
    "SF:src/one.js\nDA:4,0\nend_of_record\nSF:src/two.js\nDA:4,0\nend_of_record\n"
)


def write(folder: Path, key: str, files: dict[str, str], coverage: str, **settings: str) -> Path:
    """Write an application that a scanner can analyse as the project of that key."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    chosen = {
        "projectKey": key,
        "sources": "src",
        "working.directory": str(folder / ".scannerwork"),
        "scanner.metadataFilePath": str(folder / "report-task.txt"),
        **settings,
    }
    if coverage:
        (folder / "lcov.info").write_text(coverage)
        chosen["javascript.lcov.reportPaths"] = "lcov.info"
    lines = [f"sonar.{name}={value}\n" for name, value in chosen.items()]
    (folder / "sonar-project.properties").write_text("".join(lines))
    return folder
