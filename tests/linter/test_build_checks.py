"""BuildKit's checks by its own word: what dockerfile2llb's DockerfileLint (2026-08) says of each file.

Nothing is given from outside, the platform is linux/amd64, images are empty, and .dockerignore has three lines.
"""

from __future__ import annotations

from bisect import bisect_right

import pytest

from dlinter.check_directive import CHECKS
from dlinter.engine import Dispatcher
from dlinter.plugins import load
from dlinter.rule import Severity
from dlinter.selection import RuleSet
from dlinter.settings import FileSettings
from dlinter.tree import Dockerfile

SETTINGS = FileSettings(closed=True, platform="linux/amd64", dockerignore="Dockerfile\nfoobar\n*.log\n")
EXACT = {
    "DL2008": {"exact": True},
    "DL3064": {"any_value": True},
    "DL2013": {"any_value": True},
    "DL3025": {"allow_exec": False},
}
RULES = [info for info in load() if CHECKS.intersection(info.aliases) and info.code != "DL2017"]

#: a file, and the check and line of the instruction of each warning
CASES: list[tuple[str, set[tuple[str, int]]]] = [
    (
        "FROM scratch AS Foo\nFROM scratch AS bar\n",
        {("StageNameCasing", 1)},
    ),
    (
        "from scratch AS foo\n",
        {("FromAsCasing", 1)},
    ),
    (
        "FROM scratch as foo\nFROM scratch aS bar\nFrom scratch as x\n",
        {("FromAsCasing", 1), ("FromAsCasing", 2), ("ConsistentInstructionCasing", 3)},
    ),
    (
        "FROM scratch\n# comment\nCOPY \\\n\na \\\n  \nb /\nRUN x \\\n# fine\n y\n",
        {("NoEmptyContinuation", 3)},
    ),
    (
        "FROM scratch\nRUN a \\\n\\\nb\n",
        set(),
    ),
    (
        "FROM scratch\nRUN x \\\n\n",
        {("NoEmptyContinuation", 2)},
    ),
    (
        "FROM scratch\nCopy a /\nRun x\nENV A=1\n",
        {("ConsistentInstructionCasing", 2), ("ConsistentInstructionCasing", 3)},
    ),
    (
        "from scratch\nrun a\nRUN b\ncopy c /\n",
        {("ConsistentInstructionCasing", 3)},
    ),
    (
        "FROM scratch\nrun x\n",
        {("ConsistentInstructionCasing", 2)},
    ),
    (
        "arg A\nFROM scratch\nONBUILD run x\n",
        set(),
    ),
    (
        "from scratch as a\nFROM a as b\ncopy x y\n",
        {("ConsistentInstructionCasing", 2), ("FromAsCasing", 2)},
    ),
    (
        "FROM scratch AS b\nFROM scratch AS b\nFROM scratch AS B\n",
        {("DuplicateStageName", 2), ("DuplicateStageName", 3), ("StageNameCasing", 3)},
    ),
    (
        "FROM scratch AS scratch\nFROM alpine AS Context\nFROM alpine AS x\n",
        {("ReservedStageName", 1), ("ReservedStageName", 2), ("StageNameCasing", 2)},
    ),
    (
        "FROM scratch\nCMD x\nENTRYPOINT [x]\n",
        {("JSONArgsRecommended", 2), ("JSONArgsRecommended", 3)},
    ),
    (
        'FROM scratch\nSHELL ["/bin/sh","-c"]\nCMD x\nFROM scratch\nCMD []\n',
        set(),
    ),
    (
        'FROM scratch AS a\nSHELL ["s"]\nFROM a\nENTRYPOINT x\n',
        set(),
    ),
    (
        "FROM scratch\nCMD\nHEALTHCHECK CMD x\n",
        {("JSONArgsRecommended", 2)},
    ),
    (
        "FROM scratch\nMAINTAINER me@example.org\nMAINTAINER\tyou\n",
        {("MaintainerDeprecated", 2), ("MaintainerDeprecated", 3)},
    ),
    (
        "FROM a${B:-}${B:-}:${C:-1}\n",
        {("UndefinedArgInFrom", 1)},
    ),
    (
        "ARG tag=latest\nFROM --platform=${X:-linux/amd64} busybox:${tag}${version} AS b\n",
        {("UndefinedArgInFrom", 2)},
    ),
    (
        "FROM --platform=$BUILDPLATFORM a AS x\nFROM x:$TARGETARCH\n",
        set(),
    ),
    (
        "FROM a\nARG X=1\nFROM b:${X:-2}\n",
        {("UndefinedArgInFrom", 3)},
    ),
    (
        "FROM --platform=$TARGETPLATFORM a\n"
        "FROM --platform=${TARGETPLATFORM} a\n"
        "FROM --platform=${TARGETPLATFORM:-x} a\n"
        "FROM --platform=$TARGETOS/$TARGETARCH a\n",
        {("RedundantTargetPlatform", 1), ("RedundantTargetPlatform", 2), ("RedundantTargetPlatform", 3)},
    ),
    (
        "FROM --platform=linux/amd64 a\n"
        "FROM --platform=linux/amd64 a AS x-linux\n"
        "FROM --platform=linux/x86_64 a AS amd64\n"
        "FROM --platform=arm64 a AS my_arm64\n"
        "FROM --platform=windows/amd64 a AS win\n"
        "FROM --platform=linux/arm64/v8 a AS arm\n",
        {
            ("FromPlatformFlagConstDisallowed", 1),
            ("FromPlatformFlagConstDisallowed", 5),
            ("FromPlatformFlagConstDisallowed", 6),
        },
    ),
    (
        "ARG A=1\nARG B\nFROM x:$A\nFROM y:${B:-2}\nFROM z$B\n",
        set(),
    ),
    (
        "ARG V\nFROM a:${V:+$V}b\n",
        set(),
    ),
    (
        "ARG B\nARG C=x\nFROM $C:$B\n",
        {("InvalidDefaultArgInFrom", 3)},
    ),
    (
        "FROM scratch\nWORKDIR a\nWORKDIR b\n",
        {("WorkdirRelativePath", 2)},
    ),
    (
        "FROM scratch AS a\nWORKDIR /x\nFROM a\nWORKDIR y\nFROM scratch\nWORKDIR ./z\n",
        {("WorkdirRelativePath", 6)},
    ),
    (
        'FROM scratch\nENV A=/a B=b\nWORKDIR $A\nFROM scratch\nENV B=b\nWORKDIR "$B"\n',
        {("WorkdirRelativePath", 6)},
    ),
    (
        "FROM scratch\nARG A\nARG foo=$A\nCOPY Dockerfile${foo} .\nCOPY $foz /\nRUN echo $nothing\n",
        {("CopyIgnoredFile", 4), ("UndefinedVar", 5)},
    ),
    (
        "FROM scratch AS a\nARG A\nFROM a\nLABEL a=$A b=$B\nFROM scratch\nLABEL a=$A\n",
        {("UndefinedVar", 4), ("UndefinedVar", 6)},
    ),
    (
        "FROM scratch\nENV A=$A B=$A\nENV C=$B$D\nENV $E=1\n",
        {("UndefinedVar", 2), ("UndefinedVar", 3), ("UndefinedVar", 4)},
    ),
    (
        "FROM scratch\nUSER ${U:-x}\nVOLUME ${V:+y}x\nSTOPSIGNAL ${S-9}\n",
        {("UndefinedVar", 2), ("UndefinedVar", 3), ("UndefinedVar", 4)},
    ),
    (
        "FROM scratch\nCOPY '$a' \\$b /\nADD \"$c\" $$ /$1\n",
        {("UndefinedVar", 3)},
    ),
    (
        "FROM scratch\nCOPY <<A <<'B' /\n$x\nA\n$y\nB\nRUN <<C\n$z\nC\n",
        {("UndefinedVar", 2)},
    ),
    (
        'FROM scratch\nRUN --mount=type=cache,target=/m$a,id=$b x $c\nEXPOSE $p\nCMD ["$d"]\nONBUILD COPY $e /\n',
        {("UndefinedVar", 2)},
    ),
    (
        "FROM scratch\nLABEL p=$PATH h=$HOME\nARG BUILDKIT_SBOM_SCAN_STAGE\nENV S=$BUILDKIT_SBOM_SCAN_CONTEXT\n",
        {("UndefinedVar", 2)},
    ),
    (
        "FROM scratch\nARG A=1 B=$A C=$D D=2\n",
        {("UndefinedVar", 2)},
    ),
    (
        "ARG G=1\nFROM scratch\nLABEL a=$G b=$TARGETARCH\nARG G\nARG TARGETARCH\nLABEL c=$G d=$TARGETARCH\n",
        {("UndefinedVar", 3)},
    ),
    (
        'FROM scratch AS a\nCMD ["x"]\nENTRYPOINT ["a"]\nCMD ["y"]\nENTRYPOINT ["b"]\nCMD ["z"]\nFROM a\nCMD ["c"]\n',
        {
            ("MultipleInstructionsDisallowed", 2),
            ("MultipleInstructionsDisallowed", 3),
            ("MultipleInstructionsDisallowed", 4),
        },
    ),
    (
        "FROM scratch\nHEALTHCHECK NONE\nHEALTHCHECK CMD x\n",
        {("MultipleInstructionsDisallowed", 2)},
    ),
    (
        "FROM scratch\nENV key value\nENV a = b\nLABEL k v\nENV c=d e=f\nARG x y\n",
        {
            ("LegacyKeyValueFormat", 2),
            ("SecretsUsedInArgOrEnv", 2),
            ("LegacyKeyValueFormat", 3),
            ("LegacyKeyValueFormat", 4),
        },
    ),
    (
        "FROM scratch\nENV A \\\n  b\n",
        {("LegacyKeyValueFormat", 2)},
    ),
    (
        "ARG SECRET_KEY\n"
        "FROM scratch\n"
        "ARG SECRET_PASSPHRASE\n"
        "ENV SUPER_Secret=foo\n"
        "ENV password=bar secret=baz\n"
        "ARG super_duper_secret_token=foo auth=bar\n"
        "ENV apikey=bar sunflower=foo\n"
        "ENV git_key=\n"
        "ENV PASSWD=1 PWORD=2 CREDENTIALS=3\n",
        {
            ("SecretsUsedInArgOrEnv", 3),
            ("SecretsUsedInArgOrEnv", 4),
            ("SecretsUsedInArgOrEnv", 5),
            ("SecretsUsedInArgOrEnv", 6),
            ("SecretsUsedInArgOrEnv", 7),
            ("SecretsUsedInArgOrEnv", 8),
            ("SecretsUsedInArgOrEnv", 9),
        },
    ),
    (
        "FROM scratch\n"
        "ENV PUBLIC_KEY=1 TOKEN_FILE=2 KEY_VERSION=3 KEYS=4 MY-TOKEN=5\n"
        "LABEL password=x\n"
        "ENV K=TOKEN\n"
        "ENV $K=1\n",
        {("SecretsUsedInArgOrEnv", 5)},
    ),
    (
        "FROM scratch\n"
        "COPY Dockerfile .\n"
        "ADD Dockerfile /windy\n"
        "COPY foobar/x /\n"
        "COPY . /\n"
        "COPY / /\n"
        "COPY /Dockerfile /\n"
        "COPY ./sub/../Dockerfile /\n",
        {("CopyIgnoredFile", 2), ("CopyIgnoredFile", 3), ("CopyIgnoredFile", 4), ("CopyIgnoredFile", 8)},
    ),
    (
        "FROM scratch AS a\n"
        "FROM scratch\n"
        "COPY --from=a Dockerfile /\n"
        "ADD https://x/Dockerfile /\n"
        "COPY <<Dockerfile /\n"
        "Dockerfile\n"
        "COPY Docker* a.log sub/a.log foobar /\n",
        {("CopyIgnoredFile", 7)},
    ),
    (
        "FROM scratch\nEXPOSE 80/TcP 8080/TCP 8080/udp\nENV P=90/UDP\nEXPOSE $P ${Q} 70\n",
        {("ExposeProtoCasing", 2), ("ExposeProtoCasing", 4)},
    ),
    (
        'FROM scratch\nEXPOSE 127.0.0.1:80:80 [::1]:8080:8080 5000-5005 8080:80/UDP :90\nARG X="1:2 3"\nEXPOSE $X\n',
        {("ExposeInvalidFormat", 2), ("ExposeProtoCasing", 2), ("ExposeInvalidFormat", 4)},
    ),
    (
        "# check=experimental=InvalidDefinitionDescription\n"
        "# bar this is the bar\n"
        "ARG foo=bar\n"
        "# BasE this is the BasE image\n"
        "FROM scratch AS BasE\n"
        "# definitely a bad comment\n"
        "ARG version=latest\n"
        "# definitely a bad comment\n"
        "ARG baz=quux\n"
        "# x two of them\n"
        "ARG x y\n"
        "\n"
        "# w\n"
        "\n"
        "ARG z\n"
        "# other\n"
        "#\n"
        "ARG z\n"
        "# base here\n"
        "FROM scratch AS base\n"
        "# nothing\n"
        "FROM scratch\n",
        {
            ("InvalidDefinitionDescription", 3),
            ("InvalidDefinitionDescription", 5),
            ("StageNameCasing", 5),
            ("InvalidDefinitionDescription", 7),
            ("InvalidDefinitionDescription", 9),
            ("InvalidDefinitionDescription", 15),
            ("DuplicateStageName", 20),
        },
    ),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_like_buildkit(text: str, expected: set[tuple[str, int]]) -> None:
    file = Dockerfile(text, settings=SETTINGS)
    starts = [i.start for i in file.instructions]
    found = {
        (name, file.instructions[max(bisect_right(starts, f.start) - 1, 0)].line)
        for f in Dispatcher(RuleSet(RULES, options=EXACT)).findings(file)
        # what dlint has to add on relative directories
        if not (f.code == "DL3000" and f.severity is Severity.STYLE)
        for name in CHECKS.intersection(f.rule.aliases)
    }
    assert found == expected


def test_every_check_is_there() -> None:
    tried = {name for _, expected in CASES for name, _ in expected}
    # that needs the registry
    assert CHECKS - tried == {"InvalidBaseImagePlatform"}
