"""Ignore files: the cases of moby/patternmatcher's own tests, and what a whole context looks like after them."""

from __future__ import annotations

import pytest

from dlinter.context import Context, Memory
from dlinter.dockerignore import Ignore, PatternError

#: patternmatcher_test.go, TestMatches
ONE = [
    ("**", "file", True), ("**", "file/", True), ("**/", "file", True), ("**/", "file/", True), ("**", "/", True),
    ("**/", "/", True), ("**", "dir/file", True), ("**/", "dir/file", True), ("**", "dir/file/", True),
    ("**/", "dir/file/", True), ("**/**", "dir/file", True), ("**/**", "dir/file/", True), ("dir/**", "dir/file", True),
    ("dir/**", "dir/file/", True), ("dir/**", "dir/dir2/file", True), ("dir/**", "dir/dir2/file/", True),
    ("**/dir", "dir", True), ("**/dir", "dir/file", True), ("**/dir2/*", "dir/dir2/file", True),
    ("**/dir2/*", "dir/dir2/file/", True), ("**/dir2/**", "dir/dir2/dir3/file", True),
    ("**/dir2/**", "dir/dir2/dir3/file/", True), ("**file", "file", True), ("**file", "dir/file", True),
    ("**/file", "dir/file", True), ("**file", "dir/dir/file", True), ("**/file", "dir/dir/file", True),
    ("**/file*", "dir/dir/file", True), ("**/file*", "dir/dir/file.txt", True),
    ("**/file*txt", "dir/dir/file.txt", True),
    ("**/file*.txt", "dir/dir/file.txt", True), ("**/file*.txt*", "dir/dir/file.txt", True),
    ("**/**/*.txt", "dir/dir/file.txt", True), ("**/**/*.txt2", "dir/dir/file.txt", False),
    ("**/*.txt", "file.txt", True),
    ("**/**/*.txt", "file.txt", True), ("a**/*.txt", "a/file.txt", True), ("a**/*.txt", "a/dir/file.txt", True),
    ("a**/*.txt", "a/dir/dir/file.txt", True), ("a/*.txt", "a/dir/file.txt", False), ("a/*.txt", "a/file.txt", True),
    ("a/*.txt**", "a/file.txt", True), ("a[b-d]e", "ae", False), ("a[b-d]e", "ace", True), ("a[b-d]e", "aae", False),
    ("a[^b-d]e", "aze", True), (".*", ".foo", True), (".*", "foo", False), ("abc.def", "abcdef", False),
    ("abc.def", "abc.def", True), ("abc.def", "abcZdef", False), ("abc?def", "abcZdef", True),
    ("abc?def", "abcdef", False),
    ("a\\\\", "a\\", True), ("**/foo/bar", "foo/bar", True), ("**/foo/bar", "dir/foo/bar", True),
    ("**/foo/bar", "dir/dir2/foo/bar", True), ("abc/**", "abc", False), ("abc/**", "abc/def", True),
    ("abc/**", "abc/def/ghi", True), ("**/.foo", ".foo", True), ("**/.foo", "bar.foo", False),
    ("a(b)c/def", "a(b)c/def", True), ("a(b)c/def", "a(b)c/xyz", False), ("a.|)$(}+{bc", "a.|)$(}+{bc", True),
    ("dist/*.whl", "dist/proxy.py-2.4.0rc3.dev36+g08acad9-py3-none-any.whl", True), ("a\\*b", "a*b", True),
]  # fmt: skip
#: the same file, several patterns
SEVERAL = [
    (["**", "!util/docker/web"], "util/docker/web/foo", False),
    (["**", "!util/docker/web", "util/docker/web/foo"], "util/docker/web/foo", True),
    (["**", "!dist/*.whl"], "dist/proxy.py-2.4.0rc3.dev36+g08acad9-py3-none-any.whl", False),
    (["!fileutils.go", "*.go"], "fileutils.go", True),
    (["*.go", "!fileutils.go"], "fileutils.go", False),
    (["docs", "!docs/README.md"], "docs/README.md", False),
    (["docs/", "!docs/README.md"], "docs/README.md", False),
    (["docs/*", "!docs/README.md"], "docs/README.md", False),
    (["*.go"], ".", False),
    ([], "any/path/there", False),
]
#: filepath.Match's cases there; None: the pattern is refused
MATCH = [
    ("abc", "abc", True), ("*", "abc", True), ("*c", "abc", True), ("a*", "a", True), ("a*", "abc", True),
    ("a*", "ab/c", True), ("a*/b", "abc/b", True), ("a*/b", "a/c/b", False), ("a*b*c*d*e*/f", "axbxcxdxe/f", True),
    ("a*b*c*d*e*/f", "axbxcxdxexxx/f", True), ("a*b*c*d*e*/f", "axbxcxdxe/xxx/f", False),
    ("a*b*c*d*e*/f", "axbxcxdxexxx/fff", False), ("a*b?c*x", "abxbbxdbxebxczzx", True),
    ("a*b?c*x", "abxbbxdbxebxczzy", False), ("ab[c]", "abc", True), ("ab[b-d]", "abc", True), ("ab[e-g]", "abc", False),
    ("ab[^c]", "abc", False), ("ab[^b-d]", "abc", False), ("ab[^e-g]", "abc", True), ("a\\*b", "a*b", True),
    ("a\\*b", "ab", False), ("a?b", "a☺b", True), ("a[^a]b", "a☺b", True), ("a???b", "a☺b", False),
    ("a[^a][^a][^a]b", "a☺b", False), ("[a-ζ]*", "\u03b1", True), ("*[a-ζ]", "A", False), ("a?b", "a/b", False),
    ("a*b", "a/b", False), ("[\\]a]", "]", True), ("[\\-]", "-", True), ("[x\\-]", "x", True), ("[x\\-]", "-", True),
    ("[x\\-]", "z", False), ("[\\-x]", "x", True), ("[\\-x]", "-", True), ("[\\-x]", "a", False), ("[]a]", "]", None),
    ("[-]", "-", None), ("[x-]", "x", None), ("[-x]", "x", None), ("\\", "a", None), ("[a-b-c]", "a", None),
    ("[", "a", None), ("[^", "a", None), ("[^bc", "a", None), ("a[", "ab", None), ("*x", "xxx", True),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "path", "matches"), ONE)
def test_one_pattern(pattern: str, path: str, matches: bool) -> None:
    assert (Ignore(pattern).match(path) is not None) == matches


@pytest.mark.parametrize(("patterns", "path", "matches"), SEVERAL)
def test_several_patterns(patterns: list[str], path: str, matches: bool) -> None:
    assert (Ignore("\n".join(patterns)).match(path) is not None) == matches


@pytest.mark.parametrize(("pattern", "path", "matches"), MATCH)
def test_what_filepath_matches(pattern: str, path: str, matches: bool | None) -> None:
    if matches is None:
        with pytest.raises(PatternError):
            Ignore(pattern)
        return
    assert (Ignore(pattern).match(path) is not None) == matches


def test_lines_as_the_builder_reads_them() -> None:
    """ignorefile_test.go, TestReadAll."""
    text = "\ufefftest1\n/test2\n/a/file/here\n\nlastfile\n# this is a comment\n! /inverted/abs/path\n!\t\n"
    with pytest.raises(PatternError, match="illegal exclusion pattern"):
        Ignore(text)
    ignore = Ignore(text.removesuffix("!\t\n"))
    found = [f"{'!' if pattern.exception else ''}{pattern.text}" for pattern in ignore.patterns]
    assert found == ["test1", "test2", "a/file/here", "lastfile", "!inverted/abs/path"]
    assert [str(pattern) for pattern in Ignore("  a/./b/../c//  \r\n").patterns] == ["Pattern('a/c')"]


def test_a_single_exclamation_mark_is_refused() -> None:
    with pytest.raises(PatternError):
        Ignore("!")


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("*\n!a\n", ["a/x", "a/b/y"]),
        ("*\n!a/b\n", ["a/b/y"]),
        ("a\n!a/b/y\n", ["c.txt", "a/b/y"]),
        ("**\n!**/*.txt\n", ["c.txt"]),
        ("!a\na\n", ["c.txt"]),
        ("a/*\n", ["c.txt"]),
        ("", ["c.txt", "a/x", "a/b/y"]),
    ],
)
def test_what_is_left_of_a_context(text: str, sent: list[str]) -> None:
    files = Memory({"a/x": "", "a/b/y": "", "c.txt": ""})
    assert [path for path, _ in Context(files, text).walk()] == sent
