"""What a compose file asks of a Dockerfile and what that has: stages, arguments, ports."""

from __future__ import annotations

from dlinter.builtin import BUILD_ARG, PORT, TARGET
from dlinter.facts.scopes import PREDEFINED
from dlinter.files import ReadError, read
from dlinter.rule import Finding
from dlinter.tree import Arg, Dockerfile, Onbuild

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dlinter.project import Build
    from dlinter.selection import RuleSet
    from dlinter.tree import Stage

#: what a build may be given without an ARG (Dockerfile reference, «Predefined ARGs» and «BuildKit built-in build args»)
_KNOWN = frozenset({"http_proxy", "https_proxy", "ftp_proxy", "no_proxy", "all_proxy", "source_date_epoch"})


def findings(builds: Iterable[Build], rules: RuleSet) -> Iterator[Finding]:
    """What of *builds* does not fit, at its place in the compose file."""
    active = {info.code: info for info in rules.rules if info.code in (TARGET, BUILD_ARG, PORT)}
    for build in builds if active else ():
        for code, start, end, message in faults(build):
            if code in active:
                info = active[code]
                yield Finding(info, start, end, message, rules.severity(info), None)


def faults(build: Build) -> Iterator[tuple[str, int, int, str]]:
    """Code, place and text of everything in *build* that its Dockerfile does not have."""
    file = _file(build)
    if file is None or file.document.problems or not file.stages or _other_frontend(file):
        return
    stage: Stage | None = file.stages[-1]
    if build.target is not None:
        stage = file.facts.graph.find(build.target)
        if stage is None and "target" in build.places:
            names = ", ".join(each.name for each in file.stages if each.name) or "none with a name"
            yield TARGET, *build.places["target"], f"The Dockerfile has no stage {build.target}, but {names}"
    declared = _declared(file)
    for key, place in build.places.items():
        name = key.removeprefix("args.")
        if key != name and declared is not None and name not in declared and not _known(name):
            yield BUILD_ARG, *place, f"The Dockerfile has no ARG {name}: this has no effect"
    exposed = None if stage is None else _exposed(file, stage)
    for port, start, end in build.published if exposed else ():
        if not any(first <= port <= last for first, last in exposed or ()):
            shown = ", ".join(dict.fromkeys(str(first) for first, _ in exposed or ()))
            yield PORT, start, end, f"The image exposes {shown}, not {port}"


def _file(build: Build) -> Dockerfile | None:
    if build.inline is not None:
        return Dockerfile(build.inline.text)
    try:
        return None if build.dockerfile is None else Dockerfile(read(build.dockerfile))
    except ReadError:
        return None


def _other_frontend(file: Dockerfile) -> bool:
    """True if a frontend that is not Docker's reads the file: it may take arguments of its own."""
    from dlinter_grammar.directives import detect_directive

    syntax = detect_directive(file.text, "syntax")
    return syntax is not None and "docker/dockerfile" not in syntax


def _known(name: str) -> bool:
    return name.lower() in _KNOWN or name.startswith("BUILDKIT_")


def _declared(file: Dockerfile) -> set[str] | None:
    """The arguments that a build can be given; None where triggers of the base image may want others."""
    found = set(PREDEFINED)
    for instruction in file.instructions:
        inner = instruction.inner if isinstance(instruction, Onbuild) else instruction
        if isinstance(inner, Arg):
            found.update(pair.key.value for pair in inner.pairs)
    return None if any("onbuild" in (stage.base.text.lower()) for stage in file.stages) else found


def _exposed(file: Dockerfile, stage: Stage) -> list[tuple[int, int]]:
    """First and last of the ports that the image exposes, none where one of them is not known."""
    image = file.facts.image(stage)
    texts = [*file.facts.ports(stage), *(image.ports if image is not None else ())]
    found: list[tuple[int, int]] = []
    for text in texts:
        first, _, last = text.partition("/")[0].partition("-")
        if not first.isdecimal() or not (last or first).isdecimal():
            return []
        found.append((int(first), int(last or first)))
    return found if image is not None or file.facts.scratch(stage) else []
