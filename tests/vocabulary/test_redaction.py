import pytest

from opsbot.vocabulary import redaction
from opsbot.vocabulary.redaction import MASK

SECRETS = {
    "password in a url": ("postgres://app:hunter2secret@db:5432/app", "hunter2secret"),
    "redis url without user": ("redis://:hunter2secret@cache:6379", "hunter2secret"),
    "token as user of a url": (
        "https://0123456789abcdef0123@git.acme.io",
        "0123456789abcdef",
    ),
    "jwt": ("got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl back", "eyJzdWIiOiIxIn0"),
    "bearer header": ("Authorization: Bearer abcdef123456", "abcdef123456"),
    "basic header": ("authorization: Basic dXNlcjpwYXNz", "dXNlcjpwYXNz"),
    "header in json": ('{"Authorization": "Bearer abcdef123456"}', "abcdef123456"),
    "aws key id": ("key AKIAIOSFODNN7EXAMPLE used", "AKIAIOSFODNN7EXAMPLE"),
    "aws secret": ("AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG", "wJalrXUtnFEMI"),
    "github token": ("ghp_abcdefghijklmnopqrstuvwxyz0123456789", "abcdefghijklmnop"),
    "github fine-grained": ("github_pat_11ABCDEFG0abcdefghij_klmnop", "11ABCDEFG0"),
    "slack token": ("xoxb-123456789012-abcdefGHIJ", "123456789012"),
    "slack webhook": ("https://hooks.slack.com/services/T00/B00/XXXX", "T00/B00/XXXX"),
    "sonarqube user token": ("squ_0123456789abcdef0123456789abcdef01234567", "0123456789abcdef"),
    "sonarqube project token": ("sqp_0123456789abcdef0123456789abcdef01234567", "0123456789abcdef"),
    "sonarqube global token": ("sqa_0123456789abcdef0123456789abcdef01234567", "0123456789abcdef"),
    "variable": ("DB_PASSWORD=hunter2secret", "hunter2secret"),
    "quoted variable": ("password = 'hunter2 secret words'", "hunter2"),
    "json field": ('{"api_key": "hunter2secret"}', "hunter2secret"),
    "camel case": ("clientSecret: hunter2secret", "hunter2secret"),
    "query": ("GET /login?user=a&token=hunter2secret&x=1", "hunter2secret"),
    "stripe": ("sk_live_abcdefgh12345678", "abcdefgh12345678"),
    "pem": (
        "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nabc\n-----END RSA PRIVATE KEY-----",
        "MIIEow",
    ),
    "name without a boundary": ("PGPASSWORD=hunter2secret psql", "hunter2secret"),
    "fernet key": ("FERNET_KEY=hunter2secret", "hunter2secret"),
    "flag": ("+ deploy --password hunter2secret --force", "hunter2secret"),
    "flag in a list": ('["--api-token", "hunter2secret"]', "hunter2secret"),
    "user and password of curl": ("curl -u admin:hunter2secret http://x", "hunter2secret"),
    "docker login": ("docker login -u bot -p hunter2secret", "hunter2secret"),
    "password beside its flag": ("mysql -uroot -phunter2secret", "hunter2secret"),
    "password with a slash in a url": ("postgres://app:a/hunter2secret@db/app", "hunter2secret"),
    "password with an at in a url": ("postgres://app:a@hunter2secret@db/app", "hunter2secret"),
    "signed url": ("https://x.blob.net/c?sv=1&sig=hunter2secret", "hunter2secret"),
    "kubernetes variable in yaml": ("- name: DB_PASSWORD\n  value: hunter2secret", "hunter2secret"),
    "kubernetes variable in json": ('{"name":"DB_PASSWORD","value":"hunter2secret"}', "hunter2"),
    "json in json": ('{\\"password\\": \\"hunter2secret\\"}', "hunter2secret"),
    "xml": ("<password>hunter2secret</password>", "hunter2secret"),
    "quoted prose": ("user 'app' using password 'hunter2 secret'", "hunter2"),
    "prose": ("password is hunter2secretX9", "hunter2secretX9"),
    "netrc": ("machine h login app password hunter2secretX9", "hunter2secretX9"),
    "after a comma": ("DB_PASSWORD=abc,hunter2secret", "hunter2secret"),
    "google key": ("AIza" + "hunter2secret" + "A" * 20, "hunter2secret"),
    "name after a telling word": ('secret found: TOKEN = "hunter2secret"', "hunter2secret"),
    "name as a value": ('hard-coded credential: DB_PASSWORD = "hunter2secret"', "hunter2secret"),
    "pem cut off": ("-----BEGIN PRIVATE KEY-----\nMIIEow", "MIIEow"),
}


@pytest.mark.parametrize(("text", "secret"), SECRETS.values(), ids=SECRETS)
def test_a_secret_is_masked_in_text(text: str, secret: str) -> None:
    masked = redaction.redact(text)

    assert secret not in masked
    assert MASK in masked


@pytest.mark.parametrize(
    "text",
    [
        "Error: Cannot find module './config/production.json'",
        "Server started on port 3000",
        "Secret profile-db not found",
        "password is missing",
        "token: expired",
        "DB_PASSWORD=",
        "secretName: profile-db",
        "token_count: 12",
        "http://127.0.0.1:5000/v2/",
        "127.0.0.1:5000/team/app@sha256:0123456789abcdef",
        "author: john@company.com",
        "authenticated: true",
        "docker run -u 1000:1000 --name db",
        "http://registry:5000/team/app@sha256:0123456789abcdef",
        "the password is wrong",
        "Secret profile-db-2024-01 not found",
        "--token-file /run/token",
        'secret: {"name": "x"}',
    ],
)
def test_what_is_no_secret_stays_readable(text: str) -> None:
    assert redaction.redact(text) == text


def test_masking_twice_changes_nothing_more() -> None:
    once = redaction.redact("TOKEN=abc postgres://u:p@h/d")

    assert redaction.redact(once) == once


def test_an_environment_variable_is_judged_by_the_name_beside_it() -> None:
    masked = redaction.redact_value({"env": [{"name": "API_TOKEN", "value": "hunter2"}]})

    assert masked == {"env": [{"name": "API_TOKEN", "value": MASK}]}


def test_values_are_masked_by_key_and_by_shape_and_all_else_is_kept() -> None:
    masked = redaction.redact_value(
        {
            "password": "p",
            "token": "invalid",
            "replicas": 2,
            "note": "Bearer abcdef123456",
            "items": ["x", None],
        }
    )

    assert masked == {
        "password": MASK,
        "token": "invalid",
        "replicas": 2,
        "note": f"Bearer {MASK}",
        "items": ["x", None],
    }


def test_all_that_a_kubernetes_secret_holds_is_masked() -> None:
    masked = redaction.redact_value({"kind": "Secret", "data": {"app.yaml": "aHVudGVyMg=="}})

    assert masked == {"kind": "Secret", "data": {"app.yaml": MASK}}


def test_an_argument_is_judged_by_the_flag_before_it() -> None:
    masked = redaction.redact_value({"args": ["--port", "80", "--password", "hunter2"]})

    assert masked == {"args": ["--port", "80", "--password", MASK]}


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "word",
    [
        "x",
        "password",
        "a-",
        "a.",
        "token ",
        "'\"",
        "a:",
        "://a",
        "\\",
        "a,",
        "--token ",
        "x://a:b",
        "name: token ",
    ],
)
def test_an_endless_hostile_line_is_masked_in_reasonable_time(word):
    line = word * (20_000 // len(word))

    masked = redaction.redact(f"{line} DB_PASSWORD=hunter2-really")

    assert "hunter2" not in masked
    assert masked.endswith(MASK)
