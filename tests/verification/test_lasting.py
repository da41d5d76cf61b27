"""What a dying program writes proves that no restart helps, unless its pod leaves that open."""

from pathlib import Path
from typing import Any

import pytest

from opsbot.configuration.signatures import read_signatures
from opsbot.verification import lasting
from opsbot.verification.containers import End

SIGNATURES = read_signatures(Path(__file__).parents[2] / "include")
ERROR = End(reason="Error", exit_code=1)

NODE = """[billing] starting version 3.1.0
node:internal/modules/cjs/loader:1210
  throw err;
  ^

Error: Cannot find module './settings/limits.json'
Require stack:
- /app/billing.js
    at Module._resolveFilename (node:internal/modules/cjs/loader:1207:15)
    at Object.<anonymous> (/app/billing.js:3:16) {
  code: 'MODULE_NOT_FOUND',
  requireStack: [ '/app/billing.js' ]
}

Node.js v20.11.1
"""
PYTHON = """Traceback (most recent call last):
  File "/srv/worker/__main__.py", line 4, in <module>
    import orjson
ModuleNotFoundError: No module named 'orjson'
"""
VARIABLE = """INFO  starting
Traceback (most recent call last):
  File "/srv/app.py", line 9, in <module>
    raise RuntimeError("environment variable LEDGER_KEY is not set")
RuntimeError: environment variable LEDGER_KEY is not set
"""


def a_pod(**container: Any) -> dict[str, Any]:
    return {"spec": {"containers": [{"name": "app", "image": "i", **container}]}}


def mounted(path: str) -> dict[str, Any]:
    return a_pod(volumeMounts=[{"name": "v", "mountPath": path}])


def why(log: str, pod: dict[str, Any] | None = None, end: End = ERROR) -> str:
    return lasting.reason(pod or a_pod(), "app", end, log, SIGNATURES)


@pytest.mark.parametrize(
    ("log", "words"),
    [
        (NODE, "missing file: Error: Cannot find module './settings/limits.json'"),
        (PYTHON, "missing module: ModuleNotFoundError: No module named 'orjson'"),
        (VARIABLE, "missing environment variable: RuntimeError"),
        ("exec /usr/local/bin/relay: exec format error\n", "wrong architecture"),
        ("exec /docker-entrypoint.sh: no such file or directory\n", "command not found"),
        ("/bin/sh: 1: gunicorn: not found\n", "command not found"),
        ("sh: line 2: ./migrate: Permission denied\n", "permission denied"),
        ("/start.sh: line 4: QUEUE_URL: unbound variable\n", "missing environment variable"),
        ("/start.sh: 7: QUEUE_URL: parameter not set\n", "missing environment variable"),
        ("Error: Unable to access jarfile /opt/app/service.jar\n", "missing file"),
        (
            "Exception in thread \"main\" java.lang.NoClassDefFoundError: org/acme/Codec\n"
            "\tat org.acme.Main.main(Main.java:12)\n"
            "Caused by: java.lang.ClassNotFoundException: org.acme.Codec\n"
            "\t... 1 more\n",
            "missing module: Caused by",
        ),
        ("/app/src/prices.js:12\n  const = 3;\n        ^\n\nSyntaxError: Unexpected token '='\n"
         "    at wrapSafe (node:internal/modules/cjs/loader:1378:20)\n", "syntax error"),
        (
            "2026/11/25 04:00:00 open /etc/relay/routes.yaml: no such file or directory\n",
            "missing file",
        ),
        ("bundler: cannot load such file -- sinatra (LoadError)\n", "missing module"),
        (
            "nginx: [emerg] cannot load certificate \"/etc/nginx/tls/tls.crt\": BIO_new_file() "
            "failed (SSL: error:80000002:system library::No such file or directory)\n",
            "missing file",
        ),
    ],
)  # fmt: skip
def test_what_the_image_lacks_lasts(log: str, words: str) -> None:
    assert why(log).startswith(words)


@pytest.mark.parametrize(
    "log",
    [
        "",
        "starting\nlistening on 8080\nstopping\n",
        "Error: connect ECONNREFUSED 10.0.3.7:5432\n",
        "WARN optional module not there: Cannot find module 'bufferutil'\nready\n",
        "ModuleNotFoundError: No module named 'uvloop', falling back to asyncio\n",
        "open /shared/ready: no such file or directory, retrying in 2s\n",
        f"{NODE}\nError: connect ECONNREFUSED 10.0.3.7:5432\n",
        "MAIL_HOST is not set, using the default\npanic: dial tcp: i/o timeout\n",
    ],
)
def test_what_may_pass_or_is_survived_is_no_proof(log: str) -> None:
    assert why(log) == ""


def test_an_end_without_an_error_is_no_proof() -> None:
    assert why(NODE, end=End(reason="Completed", exit_code=0)) == ""


def test_the_words_of_the_runtime_count_where_nothing_ever_ran() -> None:
    message = 'failed to start: exec: "celery": executable file not found in $PATH: unknown'

    assert why("", end=End(reason="StartError", exit_code=128, message=message)).startswith(
        "command not found"
    )


@pytest.mark.parametrize("path", ["/app/settings", "/app", "/srv/app/"])
def test_a_file_that_may_lie_on_a_volume_may_still_come(path: str) -> None:
    assert why(NODE, mounted(path)) == ""


@pytest.mark.parametrize("path", ["/data", "/var/run/secrets/kubernetes.io/serviceaccount"])
def test_a_volume_elsewhere_brings_no_such_file(path: str) -> None:
    assert why(NODE, mounted(path))


def test_a_path_below_a_volume_may_still_come_and_one_beside_it_not() -> None:
    log = "open /etc/relay/routes.yaml: no such file or directory\n"

    assert why(log, mounted("/etc/relay")) == ""
    assert why(log, mounted("/etc/relay-old"))


@pytest.mark.parametrize(
    "container",
    [
        {"envFrom": [{"configMapRef": {"name": "later", "optional": True}}]},
        {"env": [{"name": "LEDGER_KEY", "valueFrom": {
            "secretKeyRef": {"name": "s", "key": "k", "optional": True}}}]},
    ],
)  # fmt: skip
def test_a_variable_that_an_optional_object_may_bring_may_still_come(
    container: dict[str, Any],
) -> None:
    assert why(VARIABLE, a_pod(**container)) == ""


def test_a_variable_of_a_required_object_is_there_or_the_container_would_not_start() -> None:
    assert why(VARIABLE, a_pod(envFrom=[{"configMapRef": {"name": "there"}}]))


def test_signatures_have_one_name_each_and_something_to_show() -> None:
    assert len({each.id for each in SIGNATURES}) == len(SIGNATURES)
    assert all(len(each.pattern) < 500 for each in SIGNATURES)
