"""Secrets that would stay in the image."""

from __future__ import annotations

from dlinter import Arg, Env, Findings, Severity, report, rule
from dlinter_grammar import regex as re
from dlinter_rules.mounts import as_secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.tree import Pair

#: dockerfile2llb/validations.go, getSecretsRegex
_SECRET = re.compile(
    r"(?:_|^)(?:apikey|auth|credential|credentials|key|password|pword|passwd|secret|token)(?:_|$)", re.I | re.A
)
_HARMLESS = re.compile(r"(?:_|^)(?:public|file|version)(?:_|$)", re.I | re.A)
#: a last word that says something of the secret, not the secret itself
_ABOUT = re.compile(
    r"_(?:type|size|bits|numbits|length|len|hash|checksum|fingerprint|address|addr|url|uri|host|port|path|dir|server|"
    r"service|endpoint|domain|realm|method|mode|backend|provider|algorithm|alg|format|ttl|timeout|expiry|expiration|"
    r"usage|enabled?|required|header|scheme)$",
    re.I,
)
#: of the keys that packages are signed with: they are public
_FINGERPRINT = re.compile(r"(?:0x)?[0-9A-Fa-f]{8,64}(?:[\s,]+(?:0x)?[0-9A-Fa-f]{8,64})*")
_OPENPGP = re.compile(r"(?:0x)?[0-9A-F]{40}")
_SIGNING = re.compile(r"gpg|pgp|signing|release|apt|repo", re.I)
_KEY = re.compile(r"(?:_|^)key(?:_|$)", re.I)
_SWITCHES = frozenset(["true", "false", "yes", "no", "on", "off", "none", "null", "0", "1", "enabled", "disabled"])
_PLACEHOLDER = re.compile(
    r"\*\*.*\*\*|<.*>|\{\{.*\}\}|%.*%|[x*.?-]+|(?:my|your|some)[ _-]?.*|(?:the|an?)[ _-].*|edit[ _-]?me|"
    r".*change[ _-]?(?:me|it|this).*|"
    r".*(?:example|placeholder|dummy|insert|replace|here).*|todo|tbd|secret|password|token|key",
    re.I | re.S,
)


@rule(
    "DL3064",
    "secret-name-in-env",
    on=Env,
    profiles=("default", "hadolint", "cis"),
    aliases=("SecretsUsedInArgOrEnv", "DS-0031", "S6472", "CIS-4.10", "CIS-DI-0010", "DF013"),
)
def secret_name_in_env(env: Env, *, any_value: bool = False) -> Findings:
    r"""Keep secrets out of ENV

    Whoever gets the image can read them; mount secrets into RUN, and set them when the container starts.

    ```dockerfile bad
    FROM debian:12
    ENV DB_PASSWORD=hunter2
    ```
    ```dockerfile bad
    FROM debian:12
    ARG TOKEN
    ENV API_TOKEN=$TOKEN
    ```
    BuildKit reports such names whatever their value; the option `any-value` does as well. What is empty, a switch, a
    path, a URL without a password or the public fingerprint of a key is no secret, nor is what only speaks of one:
    ```dockerfile good
    FROM debian:12
    ENV DB_PASSWORD="" REQUIRE_AUTH=true TOKEN_KEY=/run/secrets/key AUTH=https://example.com/login
    ENV GPG_KEY=E3FF2839C048B25C084DEBE9B26995E310250568 RSA_KEY_SIZE=4096 OS_AUTH_TYPE=v3token
    ENV PASSWORD_FILE=/run/secrets/password PUBLIC_KEY=abc KEYBOARD=de
    ```
    """
    if env.stage is None or env.in_onbuild:
        return
    for pair in env.pairs:
        key = env.file.facts.expand(pair.key, env).value
        if key is not None and _is_secret(key):
            value = None if pair.value is None else env.file.facts.expand(pair.value, env).value
            if any_value or not _is_harmless(key, value):
                message = f"Keep {key} out of the image: it stays readable in the image's configuration"
                yield report(pair.key, message, severity=_severity(value))


@rule(
    "DL2013",
    "secret-name-in-arg",
    on=Arg,
    reads="file",
    profiles=("default", "hadolint", "cis"),
    aliases=("SecretsUsedInArgOrEnv", "DL3064", "DS-0031", "S6472", "DF014"),
)
def secret_name_in_arg(arg: Arg, *, any_value: bool = False) -> Findings:
    r"""Keep secrets out of ARG

    Arguments of the build stand in the image's history; give secrets to RUN with --mount=type=secret.

    ```dockerfile bad
    FROM debian:12
    ARG GITHUB_TOKEN
    RUN git clone https://$GITHUB_TOKEN@example.com/repository.git
    RUN make
    ```
    The build has to be called with `--secret id=GITHUB_TOKEN` then, and the frontend has to be 1.10 or later:
    ```dockerfile unsafe
    FROM debian:12
    RUN --mount=type=secret,id=GITHUB_TOKEN,env=GITHUB_TOKEN,required=true git clone https://$GITHUB_TOKEN@example.com/repository.git
    RUN make
    ```
    Something else than a RUN may need it:
    ```dockerfile bad
    FROM debian:12
    ARG GITHUB_TOKEN
    ENV URL=https://$GITHUB_TOKEN@example.com
    RUN git clone $URL
    ```
    ```dockerfile bad
    # syntax=docker/dockerfile:1.4
    FROM debian:12
    ARG NPM_TOKEN
    RUN echo $NPM_TOKEN > .npmrc && npm ci && rm .npmrc
    ```
    ```dockerfile bad
    FROM debian:12
    ARG VERSION=1 API_KEY=a1b2c3
    ```
    What stands before the first FROM gets into no image, and the option `any-value` is that of secret-name-in-env:
    ```dockerfile good
    ARG TOKEN
    FROM debian:12
    ARG TOKEN_VERSION=2 USE_AUTH=false SECRET_FILE PUBLIC_KEY
    ARG GPG_KEY=0x94AE36675C464D64BAFA68DD7434390BDBE9B9C5
    RUN --mount=type=secret,id=token,env=TOKEN ./fetch
    ```
    """
    if arg.stage is None or arg.in_onbuild:
        return
    for pair in arg.pairs:
        key = pair.key.value
        value = _default(arg, pair)
        if _is_secret(key) and (any_value or not _is_harmless(key, value)):
            message = f"Give {key} to RUN with --mount=type=secret: ARG shows in the image's history"
            yield report(pair.key, message, as_secret(arg, key), severity=_severity(value))


def _default(arg: Arg, pair: Pair) -> str | None:
    return None if pair.value is None else arg.file.facts.expand(pair.value, arg).value


def _is_secret(key: str) -> bool:
    return _SECRET.search(key) is not None and _HARMLESS.search(key) is None


def _severity(value: str | None) -> Severity | None:
    """Milder where the value is there to be replaced."""
    return Severity.INFO if value is not None and _PLACEHOLDER.fullmatch(value.strip()) else None


def _is_harmless(key: str, value: str | None) -> bool:
    """True if *value*, None for an unknown one, is no secret although *key* sounds like one."""
    if _ABOUT.search(key) is not None:
        return True
    if value is None:
        return False
    text = value.strip()
    if not text or text.lower() in _SWITCHES:
        return True
    if text.startswith(("/", "./", "~/")) and "\n" not in text:
        return True
    if re.match(r"https?://[^/@]*(?:/|$)", text):
        return True
    if _KEY.search(key) is None:
        return False
    if _OPENPGP.fullmatch(text) or text.isdecimal():
        return True
    return _SIGNING.search(key) is not None and _FINGERPRINT.fullmatch(text) is not None
