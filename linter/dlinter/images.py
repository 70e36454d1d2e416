"""What is known of a base image from its name."""

from __future__ import annotations


class Reference:
    """An image reference taken apart: ``[registry/]path[:tag][@digest]`` (distribution/reference).

    ``name`` is the reference without tag and digest, as written; ``path`` leaves the registry out and the
    ``library/`` of official images too, so ``docker.io/library/debian`` and ``debian`` both have path ``debian``.
    """

    __slots__ = ("digest", "name", "path", "registry", "tag", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        rest, _, digest = text.partition("@")
        self.digest = digest or None
        slash = rest.rfind("/")
        colon = rest.rfind(":")
        self.tag = rest[colon + 1 :] if colon > slash else None
        self.name = rest[:colon] if colon > slash else rest
        first, _, path = self.name.partition("/")
        if path and ("." in first or ":" in first or first == "localhost"):
            self.registry = "docker.io" if first == "index.docker.io" else first
            self.path = path
        else:
            self.registry = "docker.io"
            self.path = self.name
        if self.registry == "docker.io" and self.path.startswith("library/"):
            self.path = self.path[len("library/") :]

    def __repr__(self) -> str:
        return f"Reference({self.text!r})"

    @property
    def official(self) -> bool:
        """True for an image of Docker's official library."""
        return self.registry == "docker.io" and "/" not in self.path

    @property
    def windows(self) -> bool:
        """True if the name says that it is a Windows image."""
        text = self.text.lower()
        return any(word in text for word in ("windowsservercore", "nanoserver", "mcr.microsoft.com/windows"))


def default_shell(base: Reference | None) -> tuple[str, ...]:
    """The shell of an image without SHELL: cmd on Windows, else sh (BuildKit's ``defaultShell``)."""
    if base is not None and base.windows:
        return ("cmd", "/S", "/C")
    return ("/bin/sh", "-c")
