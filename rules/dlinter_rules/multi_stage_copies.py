"""What is copied from one stage to another, and whether it can run there."""

from __future__ import annotations

from posixpath import basename, normpath

from dlinter import UNSAFE, Add, Command, Copy, Edit, Findings, Fix, Run, Stage, report, rule
from dlinter.packages import package_call
from dlinter_grammar import regex as re
from dlinter_rules.common import image_of
from dlinter_rules.multi_stage_libraries import glibc, shown, without_libraries
from dlinter_rules.multi_stage_made import never_made
from dlinter_rules.multi_stage_products import Product, products

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


#: since this one every program that is linked with it needs at least it (glibc 2.34, NEWS: libpthread is part of libc)
_BORDER = 234


class Moved:
    """A program that ``copy`` brings from ``source`` into its own stage: ``product`` made it."""

    __slots__ = ("copy", "path", "product", "source", "stage")

    def __init__(self, copy: Copy, path: str, product: Product, source: Stage, stage: Stage) -> None:
        self.copy = copy
        self.path = path
        self.product = product
        self.source = source
        self.stage = stage


def _moved(stage: Stage) -> Iterator[Moved]:
    """The compiled programs that *stage* copies from others."""
    for copy, source, path in copies(stage):
        if path is None or "$" in path:
            continue
        made = [p for each in stage.file.facts.chain(source) for p in products(each)]
        product = next((p for p in reversed(made) if p.makes(path) and p.kind in ("go", "rust", "c")), None)
        if product is not None and basename(path):
            yield Moved(copy, path, product, source, stage)


def copies(stage: Stage) -> Iterator[tuple[Copy, Stage, str | None]]:
    """Every source that *stage* copies from another stage, as an absolute path, None where it is not known."""
    graph = stage.file.facts.graph
    for copy in stage.of(Copy):
        flag = copy.flag("from")
        if flag is None or flag.value is None or not isinstance(copy, Copy):
            continue
        source = graph.find(flag.value.value)
        if source is None or source.index >= stage.index or graph.replaced(source):
            continue
        for token in copy.sources:
            path = stage.file.facts.expand(token, copy).value
            yield copy, source, None if path is None else normpath("/" + path.lstrip("/"))


@rule("DL5108", "stage-artifact-path-missing", on=Stage, reads="file", mentions=("--from",))
def stage_artifact_path_missing(stage: Stage) -> Findings:
    r"""Copy from a stage what it makes

    The build stops at this step: there is no such file in the other stage.

    ```dockerfile bad
    FROM golang:1.23 AS build
    WORKDIR /src
    COPY . .
    RUN go build -o /out/server .
    FROM gcr.io/distroless/static-debian12
    COPY --from=build /app/server /server
    ```
    ```dockerfile bad
    FROM maven:3.9-eclipse-temurin-21 AS build
    WORKDIR /usr/src/app
    COPY . .
    RUN mvn package
    FROM eclipse-temurin:21-jre
    COPY --from=build /app/target/app.jar /app.jar
    ```
    ```dockerfile good
    FROM golang:1.23 AS build
    WORKDIR /src
    COPY . .
    RUN go build -o /app/server .
    FROM gcr.io/distroless/static-debian12
    COPY --from=build /app/server /server
    ```
    A step that could make anything keeps it quiet, and so does a variable that names the place:
    ```dockerfile good
    FROM maven:3.9-eclipse-temurin-21 AS cache
    ENV MAVEN_OPTS=-Dmaven.repo.local=/repository
    WORKDIR /src
    COPY pom.xml .
    RUN mvn dependency:resolve
    FROM maven:3.9-eclipse-temurin-21
    COPY --from=cache /repository /repository
    ```
    ```dockerfile good
    FROM golang:1.23 AS build
    WORKDIR /src
    COPY . .
    RUN make install
    FROM gcr.io/distroless/static-debian12
    COPY --from=build /app/server /server
    ```
    ```dockerfile good
    FROM example.com/go AS build
    WORKDIR /src
    RUN go build -o server .
    FROM gcr.io/distroless/static-debian12
    COPY --from=build /app/server /server
    ```
    ```dockerfile good
    FROM node:22 AS build
    WORKDIR /client
    COPY . .
    RUN npm ci && npm run build
    FROM nginx:1.27
    COPY --from=build /dist /usr/share/nginx/html
    ```
    """
    for copy, source, path in copies(stage):
        if path is not None and copy.flag("parents") is None and never_made(source, path):
            where = stage.file.facts.workdir(source, base=True)
            hint = f", which works in {where}" if where not in (None, "/") else ""
            name = f"stage {source.name}" if source.name else f"the stage at line {source.base.line}"
            yield report(copy, f"Nothing makes {path} in {name}{hint}")


@rule("DL5109", "base-image-distro-mismatch-between-stages", on=Stage, reads="file", mentions=("--from",))
def base_image_distro_mismatch(stage: Stage) -> Findings:
    r"""Run a program on the C library that it was linked with

    Where there is no glibc, or only an older one, it does not start: "no such file", "version GLIBC_2.34 not found".

    ```dockerfile bad
    FROM rust:1.83-bookworm AS build
    WORKDIR /src
    COPY . .
    RUN cargo build --release
    FROM alpine:3.20
    COPY --from=build /src/target/release/app /usr/local/bin/app
    ```
    ```dockerfile bad
    FROM rust:1.83-bookworm AS build
    WORKDIR /src
    COPY . .
    RUN cargo build --release
    FROM debian:bullseye-slim
    COPY --from=build /src/target/release/app /usr/local/bin/app
    ```
    ```dockerfile bad
    FROM golang:1.23-bookworm AS build
    WORKDIR /src
    COPY . .
    RUN go build -o /app .
    FROM alpine:3.20
    COPY --from=build /app /app
    EXPOSE 8080
    ```
    ```dockerfile good
    FROM rust:1.83-bookworm AS build
    WORKDIR /src
    COPY . .
    RUN cargo build --release
    FROM debian:bookworm-slim
    COPY --from=build /src/target/release/app /usr/local/bin/app
    ```
    ```dockerfile good
    FROM rust:1.83-bookworm AS build
    WORKDIR /src
    COPY . .
    RUN cargo build --release --target x86_64-unknown-linux-musl
    FROM alpine:3.20
    COPY --from=build /src/target/x86_64-unknown-linux-musl/release/app /usr/local/bin/app
    ```
    ```dockerfile good
    FROM rust:1.83-bookworm AS build
    WORKDIR /src
    COPY . .
    RUN cargo build --release
    FROM alpine:3.20
    RUN apk add --no-cache gcompat libgcc
    COPY --from=build /src/target/release/app /usr/local/bin/app
    ```
    ```dockerfile good
    FROM golang:1.23-bookworm AS build
    WORKDIR /src
    COPY . .
    RUN CGO_ENABLED=0 go build -o /app .
    FROM alpine:3.20
    COPY --from=build /app /app
    EXPOSE 8080
    ```
    """
    here = image_of(stage)
    for moved in _moved(stage):
        theirs = image_of(moved.source)
        if theirs is None or here is None or theirs.distro not in ("debian", "ubuntu") or not _dynamic(moved):
            continue
        if moved.product.kind == "go" and without_libraries(here):
            continue
        old, new = glibc(theirs), glibc(here)
        name = basename(moved.path)
        if (here.family == "alpine" or without_libraries(here)) and not _adapted(stage):
            what = "has musl" if here.family == "alpine" else "has no C library"
            yield report(moved.copy, f"{name} needs the glibc of {shown(theirs)}, and {shown(here)} {what}")
        elif old is not None and new is not None and old >= _BORDER > new and not _adapted(stage):
            older = f"{new // 100}.{new % 100}"
            yield report(moved.copy, f"{name} needs the glibc of {shown(theirs)}, and {shown(here)} has glibc {older}")


@rule("DL5110", "go-build-not-static-for-scratch", on=Stage, reads="file", mentions=("--from",))
def go_build_not_static(stage: Stage) -> Findings:
    r"""Build with CGO_ENABLED=0 what runs in an image without a C library

    With a C compiler at hand Go links what resolves names with glibc, and the program does not start without it.

    ```dockerfile bad
    FROM golang:1.23 AS build
    WORKDIR /src
    COPY . .
    RUN go build -o /app .
    FROM scratch
    COPY --from=build /app /app
    EXPOSE 8080
    CMD ["/app"]
    ```
    ```dockerfile unsafe
    FROM golang:1.23 AS build
    WORKDIR /src
    COPY . .
    ENV CGO_ENABLED=0
    RUN go build -o /app .
    FROM scratch
    COPY --from=build /app /app
    EXPOSE 8080
    CMD ["/app"]
    ```
    ```dockerfile good
    FROM golang:1.23 AS build
    WORKDIR /src
    ENV CGO_ENABLED=0
    COPY . .
    RUN go build -o /app .
    FROM scratch
    COPY --from=build /app /app
    EXPOSE 8080
    ```
    The Alpine image has no C compiler, and what does not use the network needs no C library:
    ```dockerfile good
    FROM golang:1.23-alpine AS build
    WORKDIR /src
    COPY . .
    RUN go build -o /app .
    FROM scratch
    COPY --from=build /app /app
    EXPOSE 8080
    ```
    ```dockerfile good
    FROM golang:1.23 AS build
    WORKDIR /src
    COPY . .
    RUN go build -o /app .
    FROM scratch
    COPY --from=build /app /app
    ```
    """
    here = image_of(stage)
    if here is None or not without_libraries(here):
        return
    for moved in _moved(stage):
        theirs = image_of(moved.source)
        if moved.product.kind != "go" or theirs is None or theirs.distro != "debian" or _adapted(stage):
            continue
        if _dynamic(moved):
            message = f"{basename(moved.path)} may need glibc, and {shown(here)} has none: build it with CGO_ENABLED=0"
            yield report(moved.product.command, message, _without_cgo(moved.product.run))


def _without_cgo(run: Run) -> Fix | None:
    from dlinter_rules.multi_stage_sources import module_with_c

    stage = run.stage
    if stage is None or module_with_c(stage) is not None:
        return None
    keyword = "env" if run.name.text.islower() else "ENV"
    at = run.file.source.line_start(run.start)
    if run.file.text[at : run.start].strip():
        return None
    name = f"option-of-user:instruction-added={keyword} CGO_ENABLED=0"
    return Fix([Edit(at, at, f"{keyword} CGO_ENABLED=0\n")], UNSAFE, "Turn cgo off", (name,))


@rule("DL5111", "base-image-scratch-missing-ca-certificates", on=Stage, reads="file", mentions=("--from",))
def scratch_missing_ca_certificates(stage: Stage) -> Findings:
    r"""Copy the certificates of the authorities along with a program that asks https servers

    Without them every connection fails: "x509: certificate signed by unknown authority".

    ```yaml context
    go.mod: module example.com/app
    main.go: |
      package main
      import "net/http"
      func main() { http.Get("https://example.com/") }
    ```
    ```dockerfile bad
    FROM golang:1.23 AS build
    WORKDIR /src
    COPY . .
    RUN CGO_ENABLED=0 go build -o /app .
    FROM scratch
    COPY --from=build /app /app
    ENTRYPOINT ["/app"]
    ```
    ```dockerfile unsafe
    FROM golang:1.23 AS build
    WORKDIR /src
    COPY . .
    RUN CGO_ENABLED=0 go build -o /app .
    FROM scratch
    COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
    COPY --from=build /app /app
    ENTRYPOINT ["/app"]
    ```
    ```dockerfile good
    FROM golang:1.23 AS build
    WORKDIR /src
    COPY . .
    RUN CGO_ENABLED=0 go build -o /app .
    FROM gcr.io/distroless/static-debian12
    COPY --from=build /app /app
    ENTRYPOINT ["/app"]
    ```
    ```yaml context
    go.mod: module example.com/app
    main.go: |
      package main
      func main() { println("https://example.com/") }
    ```
    ```dockerfile good
    FROM golang:1.23 AS build
    WORKDIR /src
    COPY . .
    RUN CGO_ENABLED=0 go build -o /app .
    FROM scratch
    COPY --from=build /app /app
    ENTRYPOINT ["/app"]
    ```
    """
    from dlinter_rules.multi_stage_sources import calls_out, texts

    here = image_of(stage)
    if here is None or here.family not in ("scratch", "busybox") or not stage.file.facts.ships(stage):
        return
    if any(re.search(r"cert|/etc|ssl|rootfs", i.text) or isinstance(i, Add) for i in stage.instructions):
        return
    for moved in _moved(stage):
        sources = texts(stage, "go") if moved.product.kind == "go" else None
        place = calls_out(sources) if sources is not None else None
        if place is not None:
            message = f"{basename(moved.path)} asks https servers ({place[0]}:{place[1]}) without their certificates"
            yield report(moved.copy, message, _certificates(moved))
            return


def _certificates(moved: Moved) -> Fix | None:
    """A copy of them, from a builder that is known to have them."""
    image, flag, copy = image_of(moved.source), moved.copy.flag("from"), moved.copy
    at = copy.file.source.line_start(copy.start)
    if image is None or image.name != "golang" or flag is None or flag.value is None:
        return None
    if copy.file.text[at : copy.start].strip() or copy.syntax.prev_comments:
        return None
    text = f"{copy.name.text} --from={flag.value.value} /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/"
    return Fix([Edit(at, at, f"{text}\n")], UNSAFE, "Copy them too", (f"option-of-user:instruction-added={text}",))


def _dynamic(moved: Moved) -> bool:
    """True if the program is certainly linked with the C library of the stage that made it."""
    product, run = moved.product, moved.product.run
    stage = moved.source
    theirs = image_of(stage)
    history = "\n".join(i.text for each in stage.file.facts.chain(stage) for i in each.instructions)
    if theirs is None or re.search(r"-static|crt-static|musl|upx|patchelf", history):
        return False
    if product.kind == "rust":
        return theirs.name == "rust" and product.command.option("--target") is None
    if product.kind == "c":
        return True
    if theirs.name != "golang" or re.search(r"CGO_ENABLED|netgo|GOARCH|GOARM|TARGETARCH|BUILDPLATFORM|-tags", history):
        # not on, or another architecture than the own, for which there is no C compiler
        return False
    if re.search(r"GOOS=(?!linux)", history) or run.file.facts.env(run).get("CGO_ENABLED") is not None:
        return False
    if moved.stage.file.facts.ports(moved.stage):
        return True
    from dlinter_rules.multi_stage_sources import speaks, texts

    sources = texts(stage, "go")
    return sources is not None and speaks(sources)


def _adapted(stage: Stage) -> bool:
    """True if something in *stage* may bring the C library that is missing."""
    for each in stage.file.facts.chain(stage):
        for instruction in each.instructions:
            if isinstance(instruction, Add) or re.search(
                r"glibc|gcompat|libc6|/lib(?:64)?\b|ld-linux|ld-musl|libc\.musl|patchelf|rootfs", instruction.text
            ):
                return True
            from_elsewhere = isinstance(instruction, Copy) and instruction.flag("from") is not None
            if from_elsewhere and any(token.value.strip("./") == "" for token in instruction.args[:-1]):
                return True
            if isinstance(instruction, Run) and any(_hidden(command) for command in instruction.commands):
                return True
    return False


def _hidden(command: Command) -> bool:
    """True for a script or an installation that does not show what it brings."""
    from dlinter_rules.common import unseen_script

    call = package_call(command)
    return unseen_script(command) if call is None else call.opaque
