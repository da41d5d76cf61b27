"""Secrets that are known by their own shape, whatever stands around them.

Issuers give their tokens a prefix so that scanners find them; headers, addresses and command lines
keep passwords in known places. No pattern may go back over a text for long: a hostile log line
must not keep the masking busy, so every repetition is bounded or possessive.
"""

import re

MASK = "***"

PRIVATE_KEY = (
    re.compile(
        r"(-----BEGIN [A-Z ]*PRIVATE KEY[A-Z ]*-----).*?"
        r"(?:-----END [A-Z ]*PRIVATE KEY[A-Z ]*-----|\Z)",
        re.DOTALL,
    ),
    rf"\1{MASK}",
)

PLACES = (
    (
        re.compile(r"(?i)((?:proxy-)?authorization[\"']?\s*[:=]\s*[\"']?)(?:[a-z]+\s+)?[^\s\"',]+"),
        rf"\1{MASK}",
    ),
    (re.compile(r"(?i)\b((?:bearer|basic)\s+)[a-z0-9+/._~=\-]{8,}"), rf"\1{MASK}"),
    # A password with an @ or a slash of its own; a port and a path are none.
    (
        re.compile(
            r"(?i)\b([a-z][a-z0-9+.\-]{0,30}://[^\s/:@\"']{0,200}:)(?!\d{1,5}/)[^\s\"']{1,1000}(@)"
        ),
        rf"\1{MASK}\2",
    ),
    (re.compile(r"(?i)\b(https?://)[^\s/:@\"']{16,}(@)"), rf"\1{MASK}\2"),
    (re.compile(r"(https://hooks\.slack\.com/(?:services|workflows)/)[\w/\-]+"), rf"\1{MASK}"),
    (re.compile(r"(?i)([?&;](?:sig|signature|x-amz-signature)=)[^\s\"'&;]+"), rf"\1{MASK}"),
    # `curl -u user:password`; a numeric pair is a user and a group.
    (
        re.compile(r"(?<!\S)((?:-u|--user|--proxy-user)[ =]?[^\s:\"'/]{1,100}:)(?!\d+(?!\S))\S+"),
        rf"\1{MASK}",
    ),
    # `docker login -u user -p password`, `mysql -ppassword`, `sshpass -p password`.
    (
        re.compile(
            r"(?i)(\b(?:login|sshpass|mysql[a-z]{0,20}|mariadb[a-z]{0,20})\b[^\n|;&]{0,200}?\s-p)"
            r"([ =]?)[^\s]+"
        ),
        rf"\1\2{MASK}",
    ),
    (
        re.compile(r"(?i)\b((?:password|passwd|passphrase)\s+(?:is\s+)?)([\"'])[^\"'\n]+\2"),
        rf"\1\2{MASK}\2",
    ),
    # Prose and .netrc: what follows is a secret if no word of a language looks like it.
    (
        re.compile(
            r"(?i)\b((?:password|passwd|passphrase|token)\s+(?:is\s+)?)"
            r"(?=[a-z+/._\-]{0,100}\d)(?=[\d+/._\-]{0,100}[a-z])[\w+/.\-]{12,}={0,2}(?!=)"
        ),
        rf"\1{MASK}",
    ),
)

TOKENS = tuple(
    (re.compile(pattern), MASK)
    for pattern in (
        r"\beyJ[\w\-]{5,}\.[\w\-]{5,}\.[\w\-]*",
        r"\b(?:AKIA|ASIA|AIDA|AROA)[A-Z0-9]{12,}\b",
        r"\bAIza[\w\-]{30,}",
        r"\b(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{20,})",
        r"\bglpat-[\w\-]{16,}",
        r"\bxox[a-z]-[A-Za-z0-9\-]{8,}|\bxapp-[A-Za-z0-9\-]{8,}",
        r"\bsq[uap]_[A-Za-z0-9]{16,}",
        r"\b(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{8,}|\bsk-[A-Za-z0-9_\-]{20,}",
        r"\bdckr_(?:pat|oat)_[\w\-]{16,}|\bnpm_[A-Za-z0-9]{30,}|\bpypi-[\w\-]{30,}",
        r"\bhf_[A-Za-z0-9]{20,}|\bhv[sb]\.[\w\-]{20,}|\bdop_v1_[0-9a-f]{32,}",
        r"\bSG\.[\w\-]{16,}\.[\w\-]{16,}",
    )
)

ALL = (PRIVATE_KEY, *PLACES, *TOKENS)
"""Each a pattern and what stands in its place."""
