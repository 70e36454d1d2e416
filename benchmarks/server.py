"""How long language servers take from a change to diagnostics, in processor and wall time.

    python benchmarks/server.py [--runs N] [--docker-langserver PROGRAM] [--tally PROGRAM]

Every server gets the same generated Dockerfiles of 40 and 2,000 lines, over its standard input and output: each
opened anew some times, then one changed some times, a letter at a time. Peers that are not given are left out.
Processor time is that of the server and the programs it started and waited for (Linux only).
"""

from __future__ import annotations

import argparse
import json
import os
import select
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
SIZES = (40, 2000)
_STAGE = """\
# stage {n}: a service and what it needs
FROM python:3.12-slim AS stage{n}
ARG VERSION_{n}=1.{n}
ENV APP_HOME=/srv/app{n} \\
    PIP_NO_CACHE_DIR=1
LABEL org.opencontainers.image.title="app{n}"
WORKDIR /srv/app{n}
RUN apt-get update && \\
    apt-get install -y --no-install-recommends \\
      build-essential \\
      curl \\
      git \\
      libpq-dev && \\
    rm -rf /var/lib/apt/lists/*
COPY requirements{n}.txt .
RUN pip install -r requirements{n}.txt
RUN set -eux; \\
    for name in one two three; do \\
      echo "$name-{n}" >> /tmp/list; \\
    done; \\
    if [ -f /tmp/list ]; then \\
      curl -fsSL https://example.org/{n}.tar.gz | tar -xz -C /opt; \\
    fi
COPY . .
ENV PATH=$PATH:/opt/tool{n}/bin
RUN useradd -r -u 1{n:03} app && chown -R app /srv/app{n}
RUN cd /srv/app{n} && make build TARGET=$VERSION_{n}
# what runs
USER app
EXPOSE 80{n:02}
VOLUME /data{n}
HEALTHCHECK --interval=30s CMD curl -f http://localhost:80{n:02}/ || exit 1
ENTRYPOINT ["python", "-m", "app{n}"]
CMD ["--port", "80{n:02}"]
MAINTAINER team{n}

"""


def dockerfile(lines: int) -> str:
    """A file of that many lines: stages with the instructions that real files have, no two alike."""
    text = "".join(_STAGE.format(n=number) for number in range(lines // _STAGE.count("\n") + 1))
    return "".join(text.splitlines(keepends=True)[:lines])


class Server:
    """A running language server. It pulls diagnostics if the server offers that, else waits for them."""

    def __init__(self, command: list[str], env: dict[str, str]) -> None:
        started = time.perf_counter()
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env, bufsize=0
        )
        self.buffer = b""
        self.number = 0
        able: dict[str, Any] = {
            "textDocument": {"publishDiagnostics": {"versionSupport": True}, "synchronization": {}},
            "workspace": {},
        }
        if "tally" in command[0]:
            able["textDocument"]["diagnostic"] = {}
        answer = self.request(
            "initialize", {"processId": os.getpid(), "rootUri": None, "capabilities": able, "workspaceFolders": None}
        )
        self.pulls = "diagnostic" in able["textDocument"] and bool(answer["capabilities"].get("diagnosticProvider"))
        self.start = time.perf_counter() - started, self.cpu()
        self.notify("initialized", {})

    def cpu(self) -> float:
        """Seconds of processor time so far, of its threads and of the programs it started, ended ones too."""
        times: dict[int, tuple[int, int]] = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdecimal():
                try:
                    fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
                except OSError:
                    continue
                times[int(entry.name)] = int(fields[1]), sum(map(int, fields[11:15]))
        family = {self.process.pid}
        for number in sorted(times):
            if times[number][0] in family:
                family.add(number)
        return sum(times[number][1] for number in family if number in times) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """Resident memory in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def notify(self, method: str, params: Any) -> None:
        self.send({"method": method, "params": params})

    def request(self, method: str, params: Any) -> Any:
        self.number += 1
        self.send({"id": self.number, "method": method, "params": params})
        while True:
            message = self.receive()
            if message.get("id") == self.number and "method" not in message:
                if "error" in message:
                    raise RuntimeError(message["error"])
                return message["result"]

    def receive(self, patience: float = 120.0) -> dict[str, Any]:
        """The next message; requests of the server get an empty answer."""
        assert self.process.stdout is not None
        while True:
            head, found, rest = self.buffer.partition(b"\r\n\r\n")
            if found:
                length = int(head.lower().split(b"content-length:")[1].split()[0])
                if len(rest) >= length:
                    self.buffer = rest[length:]
                    message: dict[str, Any] = json.loads(rest[:length])
                    if "id" in message and "method" in message:
                        self.send({"id": message["id"], "result": None})
                    return message
            if not select.select([self.process.stdout], [], [], patience)[0]:
                raise TimeoutError("no answer")
            self.buffer += os.read(self.process.stdout.fileno(), 1 << 20)

    def diagnostics(self, uri: str) -> int:
        """How many diagnostics the document has, once the server has said so."""
        if self.pulls:
            report = self.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})
            return len(report.get("items", ()))
        while True:
            message = self.receive()
            if message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == uri:
                return len(message["params"]["diagnostics"])

    def settle(self, uri: str, seconds: float) -> None:
        """Let the server finish what it does behind the first answer."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                self.receive(patience=max(end - time.monotonic(), 0.01))
            except TimeoutError:
                return

    def stop(self) -> None:
        self.request("shutdown", None)
        self.notify("exit", None)
        self.process.wait(10)


def measure(server: Server, lines: int, runs: int) -> dict[str, tuple[float, float, int]]:
    """By what was done: the median of wall time and the mean of processor time in milliseconds, and the findings."""
    text = dockerfile(lines)
    found: dict[str, tuple[float, float, int]] = {}
    walls: list[float] = []
    number = 0
    for run in range(runs + 2):
        if run == 2:
            walls, before = [], server.cpu()
        uri = f"file:///bench/{lines}-{run}/Dockerfile"
        item = {"uri": uri, "languageId": "dockerfile", "version": 1, "text": text}
        started = time.perf_counter()
        server.notify("textDocument/didOpen", {"textDocument": item})
        number = server.diagnostics(uri)
        walls.append(time.perf_counter() - started)
        if run < 2:
            server.settle(uri, 4)
    found["open"] = statistics.median(walls) * 1000, (server.cpu() - before) / runs * 1000, number
    server.settle(uri, 2)
    line = next(at for at, row in enumerate(text.split("\n")) if row.startswith("RUN useradd"))
    walls, before = [], server.cpu()
    for run in range(runs):
        text = edited(text, line, run)
        place = {"line": line, "character": 4}
        change = {
            "range": {"start": place, "end": {"line": line, "character": 4 + (run > 0)}},
            "text": "abcde"[run % 5],
        }
        changes = [{"text": text}] if server.pulls else [change]
        started = time.perf_counter()
        server.notify(
            "textDocument/didChange", {"textDocument": {"uri": uri, "version": run + 2}, "contentChanges": changes}
        )
        number = server.diagnostics(uri)
        walls.append(time.perf_counter() - started)
    found["change"] = statistics.median(walls) * 1000, (server.cpu() - before) / runs * 1000, number
    return found


def edited(text: str, line: int, run: int) -> str:
    """*text* with the letter of that run at the place that changes."""
    rows = text.split("\n")
    rows[line] = rows[line][:4] + "abcde"[run % 5] + rows[line][4 + (run > 0) :]
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--docker-langserver", metavar="PROGRAM", help="of dockerfile-language-server-nodejs")
    parser.add_argument("--tally", metavar="PROGRAM")
    options = parser.parse_args()
    folders = os.pathsep.join(str(ROOT / name) for name in ("linter", "grammar", "rules"))
    env = {**os.environ, "PYTHONPATH": folders}
    servers = {"dlint": [sys.executable, "-m", "dlinter", "server"]}
    for name, path, *rest in (
        ("docker-langserver", options.docker_langserver, "--stdio"),
        ("tally", options.tally, "lsp", "--stdio"),
    ):
        if path:
            servers[name] = [path, *rest]
        else:
            print(f"{name} is left out: no --{name}")
    print(f"{'server':<18} {'lines':>5}  {'what':<7} {'wall ms':>9} {'CPU ms':>9} {'found':>6}")
    for name, command in servers.items():
        server = Server(command, env)
        print(f"{name:<18} {'':>5}  {'start':<7} {server.start[0] * 1000:>9.1f} {server.start[1] * 1000:>9.1f}")
        for lines in SIZES:
            runs = options.runs if lines < 1000 else max(options.runs // 4, 3)
            for what, (wall, cpu, number) in measure(server, lines, runs).items():
                print(f"{name:<18} {lines:>5}  {what:<7} {wall:>9.1f} {cpu:>9.1f} {number:>6}", flush=True)
        print(f"{name:<18} {'':>5}  memory  {server.memory():>6.0f} MB")
        server.stop()


if __name__ == "__main__":
    main()
