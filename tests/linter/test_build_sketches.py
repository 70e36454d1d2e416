"""What is shown for cargo and Gradle, and when nothing is."""

from __future__ import annotations

import pytest

from dlinter.context import Context, Memory
from dlinter.edits import Safety, splice
from dlinter.engine import Dispatcher
from dlinter.plugins import load
from dlinter.selection import RuleSet
from dlinter.settings import FileSettings
from dlinter.tree import Dockerfile
from dlinter_grammar.dockerfile import parse

CARGO = {"Cargo.toml": '[package]\nname = "app"\n[dependencies]\nserde = "1"\n', "Cargo.lock": "", "src/main.rs": ""}
GRADLE = {"build.gradle.kts": "", "settings.gradle.kts": "", "gradlew": "", "gradle/wrapper/gradle-wrapper.jar": ""}
RUST = "FROM rust:1.80\nWORKDIR /app\nCOPY . .\nRUN cargo build --release --locked\n"
JAVA = "FROM eclipse-temurin:21\nWORKDIR /app\nCOPY . .\nRUN ./gradlew build\n"


def sketched(text: str, files: dict[str, str]) -> str | None:
    file = Dockerfile(text, settings=FileSettings(files=Context(Memory({**files, "README": ""}), named=True)))
    [finding] = Dispatcher(RuleSet([info for info in load() if info.code == "DL5012"])).findings(file)
    if finding.fix is None:
        return None
    assert finding.fix.safety is Safety.HINT
    return splice(text, finding.fix.edits)


def test_cargo_builds_nothing_first() -> None:
    found = sketched(RUST, CARGO)
    assert found == (
        "FROM rust:1.80\nWORKDIR /app\nCOPY Cargo.toml Cargo.lock ./\n"
        "RUN mkdir src && echo 'fn main() {}' > src/main.rs && cargo build --release --locked && rm -r src\n"
        "COPY . .\nRUN touch src/main.rs && cargo build --release --locked\n"
    )
    assert not parse(found).problems


def test_gradle_resolves_first() -> None:
    assert sketched(JAVA, GRADLE) == (
        "FROM eclipse-temurin:21\nWORKDIR /app\nCOPY build.gradle.kts settings.gradle.kts gradlew ./\n"
        "COPY gradle gradle\nRUN ./gradlew dependencies --no-daemon\nCOPY . .\nRUN ./gradlew build\n"
    )


@pytest.mark.parametrize(
    ("text", "files"),
    [
        (RUST, {**CARGO, "build.rs": ""}),
        (RUST, {**CARGO, "src/lib.rs": ""}),
        (RUST, {**CARGO, "Cargo.toml": CARGO["Cargo.toml"] + "[workspace]\n"}),
        (JAVA, {**GRADLE, "settings.gradle.kts": 'include("core")\n'}),
        (JAVA, {**GRADLE, "buildSrc/build.gradle": ""}),
    ],
)
def test_what_needs_more_is_left_to_the_author(text: str, files: dict[str, str]) -> None:
    assert sketched(text, files) is None
