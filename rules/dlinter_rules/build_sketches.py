"""How a file could be written whose builder has no command that fetches dependencies: shown, never applied."""

from __future__ import annotations

from dlinter import HINT, Edit, Fix
from dlinter_grammar import regex as re
from dlinter_rules.chains import line_end

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.context import Context
    from dlinter_rules.installation_order import Plan

_SCRIPTS = ("build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts", "gradle.properties")


def sketch(plan: Plan) -> Fix | None:
    """How cargo and Gradle are brought to fetch the dependencies before the code is copied; None for other builders.

    Workspaces, libraries and build scripts need more than fits in here: none for those.
    """
    copy, context = plan.copies[0], plan.last.file.facts.context
    if context is None or len(plan.copies) != 1 or len(copy.sources) != 1:
        return None
    folder = copy.sources[0].value.strip("./")
    prefix = f"{folder}/" if folder else ""
    name = plan.command.name
    lines = _cargo(plan, context, prefix) if name == "cargo" else None
    if name in ("gradle", "gradlew"):
        lines = _gradle(plan, context, prefix)
    if lines is None:
        return None
    end = line_end(copy.file.text)
    start = copy.file.source.line_start(copy.start)
    edits = [Edit(start, start, "".join(line + end for line in lines))]
    shown = [*lines, copy.file.text[copy.start : copy.end]]
    if name == "cargo":
        at = plan.command.start
        edits.append(Edit(at, at, "touch src/main.rs && "))
        shown.append(f"RUN touch src/main.rs && {_words(plan)}")
    return Fix(edits, HINT, "For example:\n" + "\n".join(shown))


def _cargo(plan: Plan, context: Context, prefix: str) -> list[str] | None:
    """A build of nothing, which compiles the dependencies."""
    manifest = context.text(f"{prefix}Cargo.toml") or ""
    if re.search(r"^\[(?:workspace|lib)\b|^build\s*=", manifest, re.M) or context.kind(f"{prefix}build.rs"):
        return None
    if not context.kind(f"{prefix}src/main.rs") or context.kind(f"{prefix}src/lib.rs"):
        return None
    lock = [f"{prefix}Cargo.lock"] if context.kind(f"{prefix}Cargo.lock") else []
    copied = " ".join([f"{prefix}Cargo.toml", *lock])
    dummy = "mkdir src && echo 'fn main() {}' > src/main.rs"
    return [f"COPY {copied} ./", f"RUN {dummy} && {_words(plan)} && rm -r src"]


def _gradle(plan: Plan, context: Context, prefix: str) -> list[str] | None:
    """The task that resolves what the build scripts ask for."""
    there = [f"{prefix}{name}" for name in _SCRIPTS if context.kind(f"{prefix}{name}") == "file"]
    settings = "".join(context.text(path) or "" for path in there if "settings" in path)
    if not there or re.search(r"^\s*include", settings, re.M) or context.kind(f"{prefix}buildSrc"):
        return None
    program = plan.command.words[0].text
    lines = []
    if plan.command.name == "gradlew":
        there.append(f"{prefix}gradlew")
    if context.kind(f"{prefix}gradle"):
        lines.append(f"COPY {prefix}gradle gradle")
    return [f"COPY {' '.join(there)} ./", *lines, f"RUN {program} dependencies --no-daemon"]


def _words(plan: Plan) -> str:
    return " ".join(word.text for word in plan.command.words)
