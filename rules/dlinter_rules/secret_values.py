"""Secrets told by what they look like."""

from __future__ import annotations

from dlinter import Dockerfile, Findings, Severity, report, rule
from dlinter_grammar import regex as re
from dlinter_grammar.nodes import Span

#: what tokens of providers look like (their documentation; gitleaks and GitHub name the same), with a text in each
_TOKENS = (
    ("an AWS access key", ("AKIA", "ASIA"), re.compile(r"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b")),
    (
        "a GitHub token",
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
        re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})"),
    ),
    ("a GitLab token", ("glpat-",), re.compile(r"\bglpat-[A-Za-z0-9_-]{20,}")),
    ("a Slack token", ("xox",), re.compile(r"\bxox[abprs]-(?:\d+-){1,3}[A-Za-z0-9]{16,}")),
    ("a Stripe key", ("k_live_",), re.compile(r"\b[sr]k_live_[A-Za-z0-9]{20,}")),
    ("a Google API key", ("AIza",), re.compile(r"\bAIza[A-Za-z0-9_-]{35}\b")),
    ("an npm token", ("npm_",), re.compile(r"\bnpm_[A-Za-z0-9]{36}\b")),
    ("a PyPI token", ("pypi-AgEI",), re.compile(r"\bpypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,}")),
    ("a SendGrid key", ("SG.",), re.compile(r"\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}")),
    ("a private key", ("PRIVATE KEY-----",), re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----")),
    ("a Hugging Face token", ("hf_",), re.compile(r"\bhf_[A-Za-z0-9]{34}\b")),
    ("a Docker Hub token", ("dckr_pat_",), re.compile(r"\bdckr_pat_[A-Za-z0-9_-]{27,}")),
    ("a DigitalOcean token", ("dop_v1_",), re.compile(r"\bdop_v1_[a-f0-9]{64}\b")),
)
#: a user with a password before the host
_URL = re.compile(r"\b[a-z][a-z0-9+.-]*://([^\s/:@\"'$<>{}]+):([^\s/@\"'$<>{}*]{3,})@[\w.-]+", re.I)
_MADE_UP = re.compile(r"example|sample|xxxx|your|changeme|placeholder|dummy|1234567890|abcdef0123", re.I)
_WORD = re.compile(
    r"(?:user(?:name)?|pass(?:word|wd)?|pw|secret|token|root|admin|postgres|guest|foo|bar|test)\d*", re.I
)


@rule(
    "DL7201",
    "secret-value-hardcoded",
    on=Dockerfile,
    severity=Severity.ERROR,
    mentions=(
        "akia", "asia", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xox", "k_live_", "aiza",
        "npm_", "pypi-", "sg.", "private key", "hf_", "dckr_pat", "dop_v1_",
    ),
    profiles=("default", "cis"),
    aliases=("secrets-in-code", "S6437", "CIS-4.10"),
)  # fmt: skip
def secret_value_hardcoded(file: Dockerfile) -> Findings:
    r"""Take the secret out of the file, and revoke it

    Whoever sees the file or the image's history can use it, and whatever was pushed once stays readable.

    ```dockerfile bad
    FROM debian:12
    ENV AWS_ACCESS_KEY_ID=AKIAQRSTUVWXYZ234567
    ```
    ```dockerfile bad
    FROM node:22
    RUN npm config set //registry.npmjs.org/:_authToken npm_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghij
    ```
    ```dockerfile good
    FROM node:22
    ENV AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE
    RUN --mount=type=secret,id=npm,env=NPM_TOKEN npm ci
    RUN grep -q 'BEGIN PUBLIC KEY' key.pem
    ```
    """
    text = file.text
    for what, parts, pattern in _TOKENS:
        if not any(part in text for part in parts):
            continue
        for found in pattern.finditer(text):
            around = text[max(found.start() - 8, 0) : found.end() + 8]
            if _MADE_UP.search(around) or len(set(found[0])) < 8:
                continue
            key = text[found.end() : found.end() + 60]
            if what == "a private key" and not re.match(r"[\s\\n]*[A-Za-z0-9+/=]{20}", key):
                continue
            yield report(Span(found.start(), found.end()), f"This looks like {what}: take it out, and revoke it")


@rule(
    "DL7202",
    "password-in-url",
    on=Dockerfile,
    severity=Severity.ERROR,
    mentions=("://",),
    profiles=("default", "cis"),
    aliases=("proxy-credentials", "pip-credentials-in-index-url"),
)
def password_in_url(file: Dockerfile) -> Findings:
    r"""Leave user and password out of the URL

    It stays readable in the history of the image; give it to the step with --mount=type=secret.

    ```dockerfile bad
    FROM debian:12
    RUN git clone https://jo:Kq83mZpw@git.example.com/app.git
    ```
    ```dockerfile bad
    FROM debian:12
    ENV http_proxy=http://proxyuser:Zk4nWq91@proxy.example.com:3128
    ```
    ```dockerfile good
    FROM debian:12
    RUN git clone https://$USER:$TOKEN@git.example.com/app.git
    RUN git clone https://git.example.com/app.git
    ENV DATABASE_URL=postgres://postgres:postgres@db:5432/app
    # git clone https://jo:Kq83mZpw@git.example.com/app.git
    ```
    """
    comments = [(comment.start, comment.end) for comment in file.comments]
    for found in _URL.finditer(file.text):
        password = found[2]
        if _WORD.fullmatch(password) or _MADE_UP.search(password) or password == found[1]:
            continue
        if any(start <= found.start() < end for start, end in comments):
            continue
        yield report(Span(found.start(2), found.end(2)))
