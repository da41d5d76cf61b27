import pytest

from opsbot.verification import log_lines


@pytest.mark.parametrize(
    "line",
    [
        "Error: Cannot find module './config/production.json'",
        "2026-11-23T05:52:33Z ERROR could not connect",
        "[error] upstream timed out",
        '{"level":"error","msg":"boom"}',
        '{"level":50,"msg":"boom"}',
        "time=2026 level=error msg=boom",
        "panic: runtime error: index out of range",
        "TypeError: x is not a function",
        "java.lang.NullPointerException: x",
        "Unhandled promise rejection",
        "FATAL:  password authentication failed",
        "Traceback (most recent call last):",
        "request failed with error ECONNREFUSED",
        "ERROR 3 errors while loading",
        "ERROR no error page is configured",
    ],
)
def test_a_line_that_tells_of_an_error_is_found(line: str) -> None:
    assert log_lines.inspect([line]).errors == (line,)


@pytest.mark.parametrize(
    "line",
    [
        "Server started on port 3000",
        "compiled with 0 errors",
        "no errors found",
        "error: null",
        "finished: errors=0 warnings=0",
        '{"level":"info","error":null,"msg":"ok"}',
        '{"level":30,"msg":"error handler installed"}',
        "INFO error handling is on",
        'level=info msg="last error cleared"',
        "GET /errors 200",
        "loading error-pages/404.html",
        "mirror is in sync",
    ],
)
def test_a_line_that_only_has_the_word_is_not(line: str) -> None:
    assert log_lines.inspect([line]).errors == ()


@pytest.mark.parametrize(
    "line",
    [
        "WARN slow query",
        '{"level":"warn","msg":"x"}',
        '{"level":40}',
        "DeprecationWarning: warning",
    ],
)
def test_a_warning_is_no_error(line: str) -> None:
    found = log_lines.inspect([line])

    assert (found.errors, found.warnings) == ((), (line,))
