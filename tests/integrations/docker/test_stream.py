"""An engine's stream: how the work ended is a line in it."""

import pytest
import requests

from opsbot.integrations.docker import stream
from opsbot.vocabulary.errors import StepFailed, TryAgain


def read(*events):
    said = []
    return stream.read(lambda: events, "building app:v1", said.append), said


def test_words_are_told_and_records_returned():
    records, said = read(
        {"stream": "Step 1/2 : FROM scratch\n"},
        {"status": "Pushing", "progressDetail": {"current": 1}, "id": "abc"},
        {"status": "Pushed", "progressDetail": {}, "id": "abc"},
        {"aux": {"Digest": "sha256:1"}},
        {"stream": "\n"},
    )

    assert said == ["Step 1/2 : FROM scratch", "abc: Pushed"]
    assert records == [{"Digest": "sha256:1"}]


def test_an_error_line_fails_with_the_last_words_and_no_secret():
    with pytest.raises(StepFailed, match="returned a non-zero code") as failure:
        read(
            {"stream": "RUN npm ci\n"},
            {"stream": "NPM_TOKEN=hunter2-really\n"},
            {"error": "The command returned a non-zero code: 1"},
        )

    assert "RUN npm ci" in str(failure.value)
    assert "hunter2" not in str(failure.value)


def test_an_endless_stream_is_told_only_in_part():
    _, said = read(*({"stream": f"line {number}\n"} for number in range(5000)))

    assert len(said) < 1000


def test_an_engine_that_breaks_off_may_be_asked_again():
    def broken():
        yield {"stream": "Step 1\n"}
        raise requests.ConnectionError("reset")

    with pytest.raises(TryAgain, match="building app:v1"):
        stream.read(broken, "building app:v1", lambda _: None)
