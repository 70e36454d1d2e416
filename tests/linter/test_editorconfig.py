"""What .editorconfig files say, and which of it the formatter takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlinter.config import Config
from dlinter.format import style_for
from dlinter.format.editorconfig import matches, parse, properties


@pytest.mark.parametrize(
    ("glob", "name", "expected"),
    [
        ("*", "Dockerfile", True),
        ("*", "a/b/Dockerfile", True),
        ("Dockerfile", "a/Dockerfile", True),
        ("Dockerfile*", "Dockerfile.dev", True),
        ("*.Dockerfile", "dev.Dockerfile", True),
        ("{Dockerfile,Containerfile}", "Containerfile", True),
        ("{Dockerfile,Containerfile}*", "Dockerfile.x", True),
        ("{Dockerfile,*.{a,b}}", "x.b", True),
        ("{Dockerfile}", "Dockerfile", False),
        ("{Dockerfile}", "{Dockerfile}", True),
        ("{Dockerfile", "{Dockerfile", True),
        ("Dockerfile.{1..3}", "Dockerfile.2", True),
        ("Dockerfile.{1..3}", "Dockerfile.4", False),
        ("[Dd]ockerfile", "dockerfile", True),
        ("[!d]ockerfile", "dockerfile", False),
        ("[a", "[a", True),
        ("?ockerfile", "Dockerfile", True),
        ("?ockerfile", "ockerfile", False),
        (r"\*", "*", True),
        (r"\*", "a", False),
        ("/Dockerfile", "Dockerfile", True),
        ("/Dockerfile", "a/Dockerfile", False),
        ("a/*", "a/Dockerfile", True),
        ("a/*", "a/b/Dockerfile", False),
        ("a/**", "a/b/Dockerfile", True),
        ("a/**/Dockerfile", "a/Dockerfile", True),
        ("**/Dockerfile", "a/b/Dockerfile", True),
        ("*.yml", "Dockerfile", False),
        ("", "Dockerfile", False),
        ("[z-a]", "b", False),
        ("x" * 5000, "b", False),
    ],
)
def test_sections(glob: str, name: str, expected: bool) -> None:
    assert matches(glob, name) is expected


def test_a_file() -> None:
    text = "; c\nroot = TRUE\nignored = 1\n[*]\nIndent_Size = 2\nnonsense\n# c\n[*.yml]\nindent_size = 8\n"
    text += "[D*]\nx = Y = z\n"
    assert parse(text, "Dockerfile") == (True, {"indent_size": "2", "x": "y = z"})
    assert parse("[*]\nroot = true\n", "a") == (False, {"root": "true"})


def test_the_nearest_wins_up_to_the_root(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    (tmp_path / ".editorconfig").write_text("[*]\nindent_size = 8\ntrim_trailing_whitespace = false\n")
    (tmp_path / "a" / ".editorconfig").write_bytes(b"\xef\xbb\xbfroot = true\n[*]\nindent_size = 3\nend_of_line = lf\n")
    (folder / ".editorconfig").write_text("[Dockerfile]\nend_of_line = unset\nindent_style = space\n")
    assert properties(str(folder / "Dockerfile")) == {"indent_size": "3", "indent_style": "space"}
    assert properties(str(tmp_path / "Dockerfile"))["indent_size"] == "8"


@pytest.mark.parametrize(
    ("text", "indent"),
    [
        ("indent_style = tab", "\t"),
        ("indent_style = tab\nindent_size = 2", "\t"),
        ("indent_style = space\nindent_size = 2", "  "),
        ("indent_size = 8", " " * 8),
        ("indent_size = tab\ntab_width = 2", "  "),
        ("indent_style = space", "    "),
        ("indent_size = 1", None),
        ("indent_size = 99", None),
        ("indent_size = many", None),
        ("max_line_length = 20", None),
    ],
)
def test_indentation(tmp_path: Path, text: str, indent: str | None) -> None:
    (tmp_path / ".editorconfig").write_text(f"root = true\n[*]\n{text}\n")
    assert style_for(str(tmp_path / "Dockerfile")).indent == indent


def test_the_rest_of_the_style(tmp_path: Path) -> None:
    path = str(tmp_path / "Dockerfile")
    (tmp_path / ".editorconfig").write_text("root = true\n")
    style = style_for(path)
    assert (style.newline, style.final_newline, style.trim, style.operators) == (None, True, True, "auto")
    (tmp_path / ".editorconfig").write_text(
        "root = true\n[*]\nend_of_line = crlf\ninsert_final_newline = false\ntrim_trailing_whitespace = false\n"
    )
    style = style_for(path)
    assert (style.newline, style.final_newline, style.trim) == ("\r\n", False, False)


def test_our_own_configuration_comes_first(tmp_path: Path) -> None:
    (tmp_path / ".editorconfig").write_text("root = true\n[*]\nindent_size = 2\n")
    config = Config()
    assert style_for(str(tmp_path / "Dockerfile"), config).indent == "  "
    config.format_indent, config.format_operators = "tab", "leading"
    style = style_for(str(tmp_path / "Dockerfile"), config)
    assert (style.indent, style.operators) == ("\t", "leading")
    config.format_indent = "3"
    assert style_for(str(tmp_path / "Dockerfile"), config).indent == "   "
