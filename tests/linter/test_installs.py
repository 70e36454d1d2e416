"""What commands that install packages read of the build context, what they write, and what they need the code for."""

from __future__ import annotations

import pytest

from dlinter.context import Context, Memory
from dlinter.context.installs import Access, Place, Tree, access_of, elements

GO = {"go.mod": "module a\nrequire b v1.0.0\n", "go.sum": "", "main.go": ""}
DOTNET = {"App.csproj": "<Project/>", "Program.cs": "", "nuget.config": ""}
POETRY = {"pyproject.toml": "[tool.poetry]\n", "poetry.lock": "", "app.py": ""}
UV = {"pyproject.toml": "[project]\n", "uv.lock": "", "app.py": ""}
MAVEN = {"pom.xml": "<project/>", "src/A.java": "", ".mvn/maven.config": ""}
MIX = {"mix.exs": "", "mix.lock": "", "config/config.exs": "", "lib/a.ex": ""}


def access(command: str, files: dict[str, str], **variables: str) -> Access:
    """What *command* does in /app, where all *files* are."""
    context = Context(Memory(files))
    nodes = elements(command)
    assert nodes is not None
    return access_of(nodes, Place("/app", variables, Tree(context, {f"/app/{path}": path for path in files})))


READ = [
    ("go mod download", GO, ["go.mod", "go.sum"]),
    ("cd /app && go mod download", GO, ["go.mod", "go.sum"]),
    ("dotnet restore", DOTNET, ["App.csproj", "nuget.config"]),
    (
        "dotnet restore App/App.csproj",
        {
            "App/App.csproj": r'<ProjectReference Include="..\Lib\Lib.csproj" />',
            "Lib/Lib.csproj": "",
            "Directory.Build.props": "",
            "App/Program.cs": "",
        },
        ["App/App.csproj", "Directory.Build.props", "Lib/Lib.csproj"],
    ),
    ("poetry install --no-root", POETRY, ["poetry.lock", "pyproject.toml"]),
    ("uv sync --no-install-project", UV, ["pyproject.toml", "uv.lock"]),
    ("mvn dependency:go-offline", MAVEN, [".mvn/maven.config", "pom.xml"]),
    ("./mvnw dependency:go-offline", {**MAVEN, "mvnw": ""}, [".mvn/maven.config", "mvnw", "pom.xml"]),
    ("mix deps.get", MIX, ["config/config.exs", "mix.exs", "mix.lock"]),
    ("mix do local.hex --force, deps.get --only prod", MIX, ["config/config.exs", "mix.exs", "mix.lock"]),
    ("apt-get update && apt-get install -y curl", GO, []),
    ("npm install -g pnpm", GO, []),
    ("go install example.com/a@latest", GO, []),
]


@pytest.mark.parametrize(("command", "files", "read"), READ, ids=[row[0] for row in READ])
def test_what_is_read(command: str, files: dict[str, str], read: list[str]) -> None:
    found = access(command, files)
    assert not found.needs
    assert sorted(path for path in files if found.reads(f"/app/{path}")) == read
    assert found.installs is bool(read)


NEEDS = [
    ("go build", GO, "any file"),
    ("go mod download", {**GO, "go.mod": "replace b => ./lib\n"}, "folder of the code"),
    ("go mod download", {**GO, "go.work": ""}, "workspace"),
    ("dotnet build", DOTNET, "any file"),
    ("dotnet restore", {**DOTNET, "App.sln": ""}, "which project"),
    ("dotnet restore", {**DOTNET, "Other.csproj": ""}, "which project"),
    ("dotnet restore", {**DOTNET, "App.csproj": '<Import Project="a.props"/>'}, "imports"),
    ("dotnet restore", {**DOTNET, "App.csproj": '<ProjectReference Include="../*.csproj"/>'}, "not understood"),
    ("dotnet restore", {**DOTNET, "App.csproj": '<ProjectReference Include="b.csproj"/>'}, "not in the build context"),
    ("poetry install", POETRY, "the project itself"),
    (
        "poetry install --no-root",
        {**POETRY, "poetry.lock": '[package.source]\ntype = "directory"\n'},
        "folder of the code",
    ),
    ("uv sync", {**UV, "pyproject.toml": "[build-system]\n"}, "the project itself"),
    ("uv sync", {**UV, "pyproject.toml": "[tool.uv.workspace]\n"}, "workspace"),
    ("mvn package", MAVEN, "builds the code"),
    ("mvn dependency:go-offline", {"pom.xml": "<modules><module>a</module></modules>"}, "several modules"),
    ("mvn dependency:go-offline", {"pom.xml": "<systemPath>lib/a.jar</systemPath>"}, "a file of the code"),
    ("mix compile", MIX, "any file"),
    ("mix deps.get", {**MIX, "mix.exs": '{:a, path: "../a"}'}, "folder of the code"),
    ("mix deps.get", {**MIX, "mix.exs": 'File.read!("VERSION")'}, "other files"),
    ("gradle build", MAVEN, "builds the code"),
    ("cargo build", MAVEN, "builds the code"),
    ("make", MAVEN, "any file"),
    ("echo $(ls)", MAVEN, "not understood"),
]


@pytest.mark.parametrize(("command", "files", "reason"), NEEDS, ids=[f"{row[0]}-{row[2]}" for row in NEEDS])
def test_what_the_code_is_needed_for(command: str, files: dict[str, str], reason: str) -> None:
    assert reason in access(command, files).needs


DOUBTS = [
    ("go mod download", GO, {}, "go.sum"),
    ("go mod download", {"main.go": ""}, {}, "go.mod is not in"),
    ("go mod download b", GO, {}, "names modules"),
    ("go mod download", GO, {"GOFLAGS": "-modfile=x.mod"}, "GOFLAGS is set"),
    ("poetry install --no-root", POETRY, {}, "more files"),
    ("poetry install --no-root -C lib", POETRY, {}, "another folder"),
    ("uv sync --no-install-project", {"pyproject.toml": ""}, {}, "no uv.lock"),
    ("mvn dependency:go-offline", {"a": ""}, {}, "pom.xml is not in"),
    ("mix deps.get", {"a": ""}, {}, "mix.exs is not in"),
    ("dotnet restore", DOTNET, {}, "MSBuild"),
]


@pytest.mark.parametrize(
    ("command", "files", "variables", "reason"), DOUBTS, ids=[f"{row[0]}-{row[3]}" for row in DOUBTS]
)
def test_what_is_not_certain(command: str, files: dict[str, str], variables: dict[str, str], reason: str) -> None:
    assert any(reason in doubt for doubt in access(command, files, **variables).doubts)


def test_what_is_written() -> None:
    assert access("dotnet restore", DOTNET).changes("/app/obj/x")
    assert access("npm ci", {"package.json": "{}"}).changes("/app/node_modules/a/b")
    assert not access("npm ci", {"package.json": "{}"}).changes("/app/package.json")
    assert access("rm -rf /srv/x/*", GO).changes("/srv/x/y")
    assert not access("rm -rf /srv/x/*", GO).changes("/srv/xy")
    assert access("pip install -t /srv/x a", GO).changes("/srv/x/y")
