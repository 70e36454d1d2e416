"""What the sources of a program, found in the build context, tell about what it needs when it runs."""

from __future__ import annotations

from posixpath import dirname

from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter import Stage

#: files that are read at most: where there are more nothing is said
_MOST = 400
#: folders without sources of the program itself
_CLOSED = ("vendor", "node_modules", ".git", "testdata", "target", "third_party", "bin", "obj", "test", "tests")
#: how the names of sources end
ENDINGS = {
    "go": (".go",),
    "rust": (".rs",),
    "java": (".java", ".kt", ".scala", ".groovy"),
    "dotnet": (".cs", ".fs", ".vb"),
    "c": (".c", ".h", ".cc", ".cpp", ".cxx", ".hpp", ".hh"),
}
#: what reads files, starts programs or loads libraries when the program runs
_READS = {
    "go": r"http\.Dir\(|FileServer\b(?!FS)|\.ParseFiles\(|\.ParseGlob\(|LoadHTML|os\.(?:Open|ReadFile|ReadDir|OpenFile"
    r"|Stat)\(|ioutil\.Read|godotenv|viper\.|exec\.Command|plugin\.Open|filepath\.Walk|\.Static\w*\(|ServeFile\(|LoadX509",
    "rust": r"\bfs::|File::open|OpenOptions|Command::new|dotenv|Tera::new|NamedFile|ServeDir|ServeFile|Files::new"
    r"|FileServer|config::File|libloading|Template::fairing",
    "java": r"new File(?:Reader|InputStream)?\(|Paths\.get\(|Path\.of\(|ProcessBuilder|getRuntime\(\)\.exec"
    r"|java\.awt",
    "dotnet": r"\bFile\.|Process\.Start|Directory\.|FileStream\(|DllImport|StreamReader\(\"",
    "c": r"\b(?:fopen|open|openat|opendir|system|popen|dlopen|exec[lv]p?e?|posix_spawnp?|ifstream|setlocale|getpwnam"
    r"|getpwuid|gethostbyname|getaddrinfo|iconv_open)\s*\(",
}


def texts(stage: Stage, kind: str) -> list[tuple[str, str]] | None:
    """Path and text of every source of that *kind* in the build context; None if they are not known."""
    known = stage.file.facts.build_context
    if known.files is None or not known.certain:
        return None
    found: list[tuple[str, str]] = []
    for path, _ in known.files.walk("", _CLOSED):
        if path.endswith(ENDINGS[kind]) and not path.endswith("_test.go"):
            text = known.files.text(path)
            if text is None or len(found) >= _MOST:
                return None
            found.append((path, text))
    return found or None


def reading(sources: list[tuple[str, str]], kind: str) -> Iterator[tuple[str, int]]:
    """Where the program may read files or start others: path and 1-based line, the first of every file."""
    for path, text in sources:
        found = re.search(_READS[kind], text)
        if found is not None:
            yield path, text.count("\n", 0, found.start()) + 1


def uses_cgo(sources: list[tuple[str, str]]) -> bool:
    """True if C is called from Go."""
    return any(re.search(r'^\s*(?:import\s+)?"C"\s*$', text, re.M) for _, text in sources)


#: modules that are made with C
_WITH_C = re.compile(
    r"mattn/go-sqlite3|confluent-kafka-go|h2non/bimg|go-gl/|veandco/go-sdl2|gotk3|pebbe/zmq4|tecbot/gorocksdb|DataDog/zstd"
    r"|go-ldap/.*cgo|libgit2/git2go|google/gopacket|jmhodges/levigo|gographics/imagick|lib/oci8|godror|valyala/gozstd"
    r"|miekg/pkcs11|coreos/go-systemd|canonical/go-dqlite|rogpeppe/go-internal.*cgo|bytecodealliance/wasmtime-go"
)


def module_with_c(stage: Stage) -> str | None:
    """A module in ``go.mod`` that needs C; None if none does, as far as known."""
    context = stage.file.facts.context
    text = context.text("go.mod") if context is not None else None
    found = _WITH_C.search(text or "")
    return None if found is None else found.group()


def speaks(sources: list[tuple[str, str]]) -> bool:
    """True if Go's package ``net`` is in it: directly, or through what nearly everything that serves imports."""
    return any(
        re.search(r'"(?:net|net/\w+|os/user|google\.golang\.org/grpc|github\.com/gin-gonic/gin)"', t)
        for _, t in sources
    )


def calls_out(sources: list[tuple[str, str]]) -> tuple[str, int] | None:
    """Where a Go program with one ``package main`` asks an https server, by path and line."""
    mains = {dirname(path) for path, text in sources if re.search(r"^package main\b", text, re.M)}
    own = re.compile(
        r"InsecureSkipVerify|RootCAs|x509roots|rootcerts|SSL_CERT|certifi|x509\.NewCertPool|AppendCertsFromPEM"
    )
    if len(mains) != 1 or any(own.search(text) for _, text in sources):
        return None
    for path, text in sources:
        found = re.search(r"http\.(?:Get|Post|PostForm|Head)\(\s*\"https://|NewRequest\w*\([^\n]*\"https://", text)
        if found is not None:
            return path, text.count("\n", 0, found.start()) + 1
    return None
