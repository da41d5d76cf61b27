"""How a name falls into words, whatever the spelling."""

import pytest

from opsbot.capabilities.matching.words import words_of

KNOWN = frozenset({"list", "pod", "get", "build", "status"})


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("getBuildStatus", "get build status"),
        ("get-build_status", "get build status"),
        ("jenkins.build/get", "jenkins build get"),
        ("listK8sPods", "list k8s pod"),
        ("listECRImages", "list ecr image"),
        ("getbuildstatus", "get build status"),
        ("listpods", "list pod"),
        ("repositories", "repository"),
        ("get_analysis_status", "get analysis status"),
        ("rollBackDeployment", "rollback deployment"),
        ("roll-out", "rollout"),
        ("create_or_update_job", "upsert job"),
        ("get_build_by_number", "get build by"),
        ("ns", "namespace"),
        ("", ""),
    ],
)
def test_a_name_falls_into_its_words(name, words):
    assert " ".join(word.text for word in words_of(name, KNOWN)) == words


def test_a_plural_is_kept_apart():
    assert [word.plural for word in words_of("get_jobs_status")] == [False, True, False]


def test_what_is_too_long_for_a_name_is_not_taken_apart():
    assert len(words_of("get_" * 20_000, KNOWN)) == 1
    assert len(words_of("build" * 30, KNOWN)) == 1
