"""Upper and lower case: keywords and stage names."""

from __future__ import annotations

from dlinter import Dockerfile, Edit, Findings, Fix, From, Severity, Token, replace, report, rule
from dlinter.tree import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter import Instruction, Stage


@rule("DL2001", "stage-name-casing", on=From, severity=Severity.STYLE, aliases=("StageNameCasing", "DD050"))
def stage_name_casing(base: From) -> Findings:
    r"""Write stage names in lower case

    BuildKit keeps names in lower case, and FROM finds a stage under no other spelling.

    ```dockerfile bad
    FROM golang:1.22 AS Build
    FROM debian:12
    RUN --mount=target=/src,from=Build make
    COPY --from=BUILD /app /app
    ```
    ```dockerfile fixed
    FROM golang:1.22 AS build
    FROM debian:12
    RUN --mount=target=/src,from=build make
    COPY --from=build /app /app
    ```
    A name is one word for all stages that share it:
    ```dockerfile bad
    FROM golang:1.22 AS Build
    FROM build AS Tests
    RUN go test ./...
    ```
    ```dockerfile fixed
    FROM golang:1.22 AS build
    FROM build AS tests
    RUN go test ./...
    ```
    ```dockerfile good
    FROM golang:1.22 AS build-1.2_x
    FROM golang:1.22
    ```
    """
    name = base.alias
    if name is None or base.stage is None or name.text == name.text.lower():
        return
    lower = name.text.lower()
    edits = [_respelled(base, name, lower), *(_respelled(base, at, lower) for at in references(base.stage))]
    fix = None if edits[0] is None else Fix([e for e in edits if e is not None], title=f"Write {lower}")
    yield report(name, f"Write the stage name {name.text} in lower case", fix)


def references(stage: Stage) -> Iterator[Token]:
    """The words of ``COPY --from`` and mounts that mean *stage* by name, and of FROM."""
    for need in stage.file.facts.graph.used_by(stage):
        if need.kind == "mount":
            found = _mount_name(need.token, need.name)
            if found is not None:
                yield found
        elif need.name.lower() == stage.name:
            yield need.token


def _mount_name(token: Token, name: str) -> Token | None:
    from dlinter_grammar.mounts import flag_part, split_fields

    fields = split_fields(token.value)
    for field in fields if isinstance(fields, list) else []:
        if field.key == "from" and field.value == name:
            start, end = flag_part(token, field.end - len(name), field.end)
            return Token(start, end, name)
    return None


def _respelled(base: From, at: Token, lower: str) -> Edit | None:
    """The edit that spells the word *at* like this; None where that is so, or where quotes or line ends are in it."""
    written = base.file.text[at.start : at.end]
    return Edit(at.start, at.end, lower) if written.lower() == lower and written != lower else None


@rule(
    "DL2004",
    "instruction-casing",
    on=Dockerfile,
    severity=Severity.STYLE,
    aliases=("ConsistentInstructionCasing", "S6476", "DD071"),
)
def instruction_casing(file: Dockerfile) -> Findings:
    r"""Write all instructions in the same case

    Keywords in one case stand out from their arguments; BuildKit goes by the case that most of the file is in.

    ```dockerfile bad
    FROM debian:12
    run make
    Copy . /src
    CMD ["make"]
    ```
    ```dockerfile fixed
    FROM debian:12
    RUN make
    COPY . /src
    CMD ["make"]
    ```
    ```dockerfile bad
    from debian:12 as build
    run make
    FROM scratch AS tools
    copy --from=build /app /app
    ```
    ```dockerfile fixed
    from debian:12 as build
    run make
    from scratch as tools
    copy --from=build /app /app
    ```
    As many of each count as upper case:
    ```dockerfile bad
    FROM debian:12
    cmd ["sh"]
    ```
    ```dockerfile fixed
    FROM debian:12
    CMD ["sh"]
    ```
    Arguments before the first FROM are not counted, nor are triggers:
    ```dockerfile good
    arg VERSION=12
    FROM debian:$VERSION
    ONBUILD run make
    CMD ["sh"]
    ```
    ```dockerfile good
    from debian:12
    cmd ["sh"]
    ```
    """
    counted = [each for stage in file.stages for each in stage.instructions if not isinstance(each, Unknown)]
    lower = sum(each.name.text.islower() for each in counted)
    upper = sum(each.name.text.isupper() for each in counted)
    for instruction in counted:
        word = instruction.name.text
        wanted = word.lower() if lower > upper else word.upper()
        if word != wanted:
            case = "lower" if lower > upper else "upper"
            message = f"Write {word} in {case} case like the other instructions"
            yield report(instruction.name, message, _cased(instruction, wanted))


def _cased(instruction: Instruction, wanted: str) -> Fix | None:
    """The keyword as *wanted*, the AS of FROM with it."""
    edits = []
    words = [instruction.name]
    if isinstance(instruction, From) and instruction.as_keyword is not None:
        words.append(instruction.as_keyword)
    for word in words:
        cased = word.text.upper() if wanted.isupper() else word.text.lower()
        if instruction.file.text[word.start : word.end] != word.text:
            return None
        if cased != word.text:
            edits.append(replace(word, cased))
    return Fix(edits, title=f"Write {wanted}")
