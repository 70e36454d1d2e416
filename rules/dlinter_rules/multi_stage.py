"""Builds in one stage that ship their compiler."""

from __future__ import annotations

from dlinter import HINT, UNSAFE, Dockerfile, Findings, Fix, Severity, report, rule


@rule(
    "DL5101",
    "multi-stage-split",
    on=Dockerfile,
    mentions=("golang", "rust", "maven", "gradle", "jdk", "temurin", "corretto", "dotnet", "cc", "clang", "++", "node"),
    severity=Severity.INFO,
    aliases=("DF011", "prefer-multi-stage-build"),
)
def multi_stage_split(file: Dockerfile) -> Findings:
    r"""Build in one stage, and ship what it makes in another

    Compilers, sources and caches are hundreds of megabytes that nothing needs at run time, and more to attack.

    ```yaml context
    go.mod: |
      module example.com/app
    main.go: |
      package main
      func main() { println("hello") }
    ```
    ```dockerfile bad
    FROM golang:1.23
    WORKDIR /src
    COPY . .
    RUN go build -o /bin/app .
    EXPOSE 8080
    CMD ["/bin/app"]
    ```
    ```dockerfile unsafe
    FROM golang:1.23 AS build
    WORKDIR /src
    COPY . .
    ENV CGO_ENABLED=0
    RUN go build -o /bin/app .

    FROM gcr.io/distroless/static-debian12
    WORKDIR /src
    COPY --from=build /bin/app /bin/app
    EXPOSE 8080
    CMD ["/bin/app"]
    ```
    What says how the image runs goes along, with its comments:
    ```dockerfile bad
    FROM golang:1.23
    # who to ask
    LABEL org.opencontainers.image.authors="Jo"
    ENV CGO_ENABLED=0 GIN_MODE=release
    WORKDIR /src
    COPY . .
    RUN go build -o app

    # not root
    USER 1000
    ENTRYPOINT ["/src/app"]
    ```
    ```dockerfile unsafe
    FROM golang:1.23 AS build
    ENV CGO_ENABLED=0 GIN_MODE=release
    WORKDIR /src
    COPY . .
    RUN go build -o app

    FROM gcr.io/distroless/static-debian12
    # who to ask
    LABEL org.opencontainers.image.authors="Jo"
    ENV CGO_ENABLED=0 GIN_MODE=release
    WORKDIR /src
    COPY --from=build /src/app /src/app
    # not root
    USER 1000
    ENTRYPOINT ["/src/app"]
    ```
    Where something speaks for other files the example is only shown:
    ```dockerfile bad
    FROM golang:1.23
    WORKDIR /src
    COPY . .
    RUN go build -o /bin/app .
    CMD ["/bin/app", "--config", "/src/config.yaml"]
    ```
    ```yaml context
    go.mod: |
      module example.com/app
    main.go: |
      package main
      import "os"
      func main() { os.ReadFile("templates/a") }
    ```
    ```dockerfile bad
    FROM golang:1.23
    WORKDIR /src
    COPY . .
    RUN go build -o /bin/app .
    CMD ["/bin/app"]
    ```
    ```yaml context
    Cargo.toml: |
      [package]
      name = "app"
    Cargo.lock: |
      [[package]]
      name = "app"
    src/main.rs: |
      fn main() { println!("hello") }
    ```
    ```dockerfile bad
    FROM rust:1.83-bookworm
    WORKDIR /src
    COPY . .
    RUN cargo build --release
    CMD ["./target/release/app"]
    ```
    ```dockerfile unsafe
    FROM rust:1.83-bookworm AS build
    WORKDIR /src
    COPY . .
    RUN cargo build --release

    FROM gcr.io/distroless/cc-debian12
    WORKDIR /src
    COPY --from=build /src/target/release/app /src/target/release/app
    CMD ["./target/release/app"]
    ```
    ```yaml context
    pom.xml: |
      <project><build><plugins><plugin><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build></project>
    src/main/java/App.java: |
      class App {}
    ```
    ```dockerfile bad
    FROM maven:3.9-eclipse-temurin-21
    WORKDIR /app
    COPY . .
    RUN mvn -B package
    EXPOSE 8080
    ENTRYPOINT ["java", "-jar", "target/app.jar"]
    ```
    ```dockerfile unsafe
    FROM maven:3.9-eclipse-temurin-21 AS build
    WORKDIR /app
    COPY . .
    RUN mvn -B package

    FROM eclipse-temurin:21-jre
    WORKDIR /app
    COPY --from=build /app/target/app.jar /app/target/app.jar
    EXPOSE 8080
    ENTRYPOINT ["java", "-jar", "target/app.jar"]
    ```
    ```yaml context
    App.csproj: <Project Sdk="Microsoft.NET.Sdk.Web"/>
    Program.cs: |
      var app = WebApplication.CreateBuilder(args).Build();
      app.Run();
    ```
    ```dockerfile bad
    FROM mcr.microsoft.com/dotnet/sdk:8.0
    WORKDIR /src
    COPY . .
    RUN dotnet publish -c Release -o /app
    WORKDIR /app
    ENTRYPOINT ["dotnet", "App.dll"]
    ```
    ```dockerfile unsafe
    FROM mcr.microsoft.com/dotnet/sdk:8.0 AS build
    WORKDIR /src
    COPY . .
    RUN dotnet publish -c Release -o /app

    FROM mcr.microsoft.com/dotnet/aspnet:8.0
    COPY --from=build /app /app
    WORKDIR /app
    ENTRYPOINT ["dotnet", "App.dll"]
    ```
    ```yaml context
    hello.c: |
      #include <stdio.h>
      int main(void) { puts("hello"); }
    ```
    ```dockerfile bad
    FROM gcc:13
    COPY hello.c /src/
    RUN gcc -O2 -o /usr/local/bin/hello /src/hello.c
    CMD ["/usr/local/bin/hello"]
    ```
    ```dockerfile unsafe
    FROM gcc:13 AS build
    COPY hello.c /src/
    RUN gcc -O2 -o /usr/local/bin/hello /src/hello.c

    FROM debian:bookworm-slim
    COPY --from=build /usr/local/bin/hello /usr/local/bin/hello
    CMD ["/usr/local/bin/hello"]
    ```
    What is started has to be what was built:
    ```yaml context
    go.mod: |
      module example.com/app
    ```
    ```dockerfile good
    FROM golang:1.23
    COPY . /src
    CMD ["go", "test", "./..."]
    ```
    ```dockerfile good
    FROM golang:1.23
    WORKDIR /src
    COPY . .
    RUN go build -o /bin/app .
    ENTRYPOINT ["/src/entrypoint.sh"]
    ```
    ```dockerfile good
    FROM rust:1.83
    WORKDIR /src
    COPY . .
    RUN cargo build --release
    CMD ["cargo", "run", "--release"]
    ```
    """
    if len(file.stages) != 1 or file.document.problems or file.escape != "\\" or "{{" in file.text:
        return
    from dlinter_rules.multi_stage_plan import plan_of
    from dlinter_rules.multi_stage_rewrite import Rewrite

    plan = plan_of(file.stages[0])
    rewrite = Rewrite.of(plan) if plan is not None else None
    if plan is None or rewrite is None:
        return
    stage, base = file.stages[0], plan.runtime.image
    fix = Fix(rewrite.edits, UNSAFE, f"Start from {base}: {plan.runtime.what}", rewrite.neutral)
    doubts = list(dict.fromkeys(plan.doubts))
    if not doubts and not _same(file, fix):
        doubts = ["what the image says about itself depends on this one"]
    message = f"The image keeps its build tools: build in a stage of its own, and start from {base}"
    if doubts:
        fix = Fix(rewrite.edits, HINT, f"For example, as {'; '.join(doubts)}\n{rewrite.text.strip()}", rewrite.neutral)
        message += f" ({doubts[0]})"
    yield report(stage.base, message, fix)


def _same(file: Dockerfile, fix: Fix) -> bool:
    """True if the proof accepts the fix."""
    from dlinter.declared import changed_build
    from dlinter.edits import splice
    from dlinter.tree import Dockerfile

    after = Dockerfile(splice(file.text, fix.edits), settings=file.settings)
    return changed_build(file, after, [fix]) is None
