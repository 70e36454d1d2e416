"""A BuildKit engine of our own: its binaries, data, socket and processes are nobody else's, and go away with it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from debian_packages import Unavailable

_FLAGS = (
    "--storage-driver=overlay2", "--iptables=false", "--ip6tables=false", "--ip-forward=false", "--ip-masq=false",
    "--bridge=none",
)  # fmt: skip
#: seconds in which the engine has to answer, and one build or container has to be done
_START, _STEP = 60, 300


@dataclass(frozen=True)
class Build:
    """What came of a build."""

    ok: bool
    log: str
    seconds: float


@dataclass(frozen=True)
class Ran:
    """What a container did."""

    code: int
    out: str
    err: str


class Engine:
    """dockerd and its client out of the folder *tools*, with everything it writes under *state*."""

    def __init__(self, tools: Path, state: Path) -> None:
        self.tools = tools
        self.state = state
        self._daemon: subprocess.Popen[bytes] | None = None
        folders = [str(tools / folder) for folder in ("usr/sbin", "usr/bin")]
        self._env = {
            **os.environ,
            "PATH": os.pathsep.join([*folders, "/usr/sbin", "/usr/bin", "/sbin", "/bin"]),
            "DOCKER_BUILDKIT": "1",
            "DOCKER_CONFIG": str(state / "config"),
            "BUILDX_GIT_INFO": "false",
        }

    def start(self) -> None:
        """Start the engine and wait for it.

        :raises Unavailable: it does not come up.
        """
        plugins = self.state / "config/cli-plugins"
        plugins.mkdir(parents=True)
        # without this plugin the client falls back to an older builder, in which RUN <<EOF runs nothing and succeeds
        (plugins / "docker-buildx").symlink_to(self.tools / "usr/libexec/docker/cli-plugins/docker-buildx")
        places = {"data-root": "data", "exec-root": "exec", "pidfile": "pid"}
        command = [
            # the engine goes when we go, however that happens
            "setpriv", "--pdeathsig", "TERM", "--", "dockerd", *_FLAGS, f"--host=unix://{self.state}/socket",
            *(f"--{option}={self.state / name}" for option, name in places.items()),
        ]  # fmt: skip
        with open(self.state / "log", "wb") as log:
            self._daemon = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self._env, start_new_session=True
            )
        deadline = time.monotonic() + _START
        while self._daemon.poll() is None and time.monotonic() < deadline:
            if self._call("version").returncode == 0:
                if self._call("buildx", "version").returncode:
                    raise Unavailable("the engine has no BuildKit client")
                return
            time.sleep(0.1)
        lines = (self.state / "log").read_text(errors="replace").splitlines()
        said = [line for line in lines if "level=fatal" in line or "failed to start" in line] or lines[-1:]
        self.stop()
        raise Unavailable(f"the engine does not start: {''.join(said[-1:]) or 'no answer'}")

    def stop(self) -> None:
        """End the engine and its containers, and remove what it wrote."""
        daemon, self._daemon = self._daemon, None
        if daemon is not None:
            daemon.terminate()
            try:
                daemon.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(daemon.pid, signal.SIGKILL)
                daemon.wait()
        mounts = Path("/proc/self/mountinfo").read_text().splitlines()
        inside = [fields[4] for fields in map(str.split, mounts) if fields[4].startswith(f"{self.state}/")]
        for place in sorted(inside, reverse=True):
            subprocess.run(["umount", "--lazy", place], check=False)
        shutil.rmtree(self.state, ignore_errors=True)

    def _call(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["docker", "--host", f"unix://{self.state}/socket", *words], env=self._env, check=False, text=True,
            errors="replace", stdin=subprocess.DEVNULL, capture_output=True, timeout=_STEP,
        )  # fmt: skip

    def docker(self, *words: str) -> str:
        """What ``docker words…`` prints."""
        done = self._call(*words)
        assert done.returncode == 0, f"docker {' '.join(words)}: {done.stderr}"
        return done.stdout

    def build(self, dockerfile: str, context: Path, tag: str, *, target: str = "", no_cache: bool = False) -> Build:
        """Build *dockerfile*, which need not be in *context*. Steps use the network of the machine."""
        file = self.state / "Dockerfile"
        file.write_bytes(dockerfile.encode())
        words = ["build", "--progress=plain", "--network=host", "--provenance=false", f"--tag={tag}", f"--file={file}"]
        words += [f"--target={target}"] if target else []
        words += ["--no-cache"] if no_cache else []
        start = time.monotonic()
        done = self._call(*words, str(context))
        return Build(done.returncode == 0, done.stdout + done.stderr, time.monotonic() - start)

    def run(self, tag: str, *words: str) -> Ran:
        """Run a container without a network: with *words*, or with what the image starts by itself."""
        done = self._call("run", "--rm", "--network=none", tag, *words)
        return Ran(done.returncode, done.stdout, done.stderr)

    def started(self, tag: str) -> str:
        """A container of what the image starts by itself, without a network; :meth:`remove` ends it."""
        return self.docker("run", "--detach", "--network=none", tag).strip()

    def remove(self, container: str) -> None:
        """End *container*."""
        self.docker("rm", "--force", container)

    def state_of(self, container: str) -> dict[str, Any]:
        """What the engine knows of the state of *container*."""
        state = json.loads(self.docker("inspect", "--format={{json .State}}", container))
        assert isinstance(state, dict)
        return state

    def inspect(self, tag: str) -> dict[str, Any]:
        """What the engine knows of an image."""
        [image] = json.loads(self.docker("image", "inspect", tag))
        assert isinstance(image, dict)
        return image
