"""Marks that stay the same while lines above a finding come and go."""

from __future__ import annotations

from hashlib import sha1

from dlinter.output.paths import from_root

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dlinter.output import FileReport
    from dlinter.rule import Finding
    from dlinter.source import Source

#: where GitHub, GitLab and Azure put what they check out
CHECKOUTS = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR", "BUILD_SOURCESDIRECTORY")
_BLOCK, _MOD, _MASK, _EOF = 100, 37, (1 << 64) - 1, 65535


def fingerprints(report: FileReport) -> Iterator[tuple[Finding, str]]:
    """The findings with their :func:`marks`, the file called as it is from the root of the checkout on."""
    path = from_root(report.source.path, *CHECKOUTS)
    return zip(report.findings, marks(report.source, report.findings, path), strict=True)


def marks(source: Source, findings: Iterable[Finding], path: str) -> Iterator[str]:
    """A hash for each of *findings*: of *path*, rule, the text of its line without its blanks, and its number."""
    seen: dict[str, int] = {}
    for finding in findings:
        line = " ".join(source.line_text(source.line(finding.start)).split())
        key = "\0".join((clean(path), finding.code, line))
        seen[key] = seen.get(key, 0) + 1
        text = f"{key}\0{seen[key]}"
        yield sha1(text.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


def clean(text: str) -> str:
    """*text* without lone surrogates: bytes that are no UTF-8 become question marks."""
    return text.encode("utf-8", "replace").decode() if not text.isascii() else text


def line_hashes(source: Source) -> list[str]:
    """A hash for each line, of its first hundred characters that are no blanks, those of the next lines included.

    The one that GitHub's upload action computes as ``primaryLocationLineHash`` (codeql-action, src/fingerprints.ts).
    """
    first = pow(_MOD, _BLOCK, 1 << 64)
    window, lines = [0] * _BLOCK, [-1] * _BLOCK
    found: dict[int, str] = {}
    counts: dict[str, int] = {}
    raw = index = number = 0
    begins, after_return = True, False

    def put() -> None:
        text = f"{raw:x}"
        counts[text] = counts.get(text, 0) + 1
        found[lines[index]] = f"{text}:{counts[text]}"
        lines[index] = -1

    text = clean(source.text)
    codes = [ord(char) for char in text] if text.isascii() else _utf16(text)
    for code in [*codes, _EOF]:
        if code in (32, 9) or (after_return and code == 10):
            after_return = False
            continue
        after_return = code == 13
        code = 10 if after_return else code
        if lines[index] != -1:
            put()
        if begins:
            begins = False
            number += 1
            lines[index] = number
        begins = code == 10
        raw = (_MOD * raw + code - first * window[index]) & _MASK
        window[index] = code
        index = (index + 1) % _BLOCK
    for _ in range(_BLOCK):
        if lines[index] != -1:
            put()
        raw = (_MOD * raw - first * window[index]) & _MASK
        window[index] = 0
        index = (index + 1) % _BLOCK
    return [found[line] for line in sorted(found)]


def _utf16(text: str) -> list[int]:
    data = text.encode("utf-16-le")
    return [data[at] | data[at + 1] << 8 for at in range(0, len(data), 2)]
