"""The options of ``RUN --mount``, read for comparison only (instructions/commands_runmount.go)."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.proof.state import Effect

_SAME = {"src": "source", "dst": "target", "destination": "target", "ro": "readonly", "rw": "readwrite"}
_TRUE = frozenset({"1", "t", "T", "TRUE", "true", "True"})
_FALSE = frozenset({"0", "f", "F", "FALSE", "false", "False"})


def options(text: str) -> list[tuple[str, str]] | None:
    """The options of a mount by their first names, the last of each; None where it is no plain list of options."""
    if not text or '"' in text or "\n" in text:
        return None
    found: dict[str, str] = {}
    for field in text.split(","):
        key, equals, value = field.partition("=")
        key = key.lower()
        key = _SAME.get(key, key)
        if not key or key != key.strip():
            return None
        if key in ("readonly", "readwrite", "required"):
            if equals and value not in _TRUE and value not in _FALSE:
                return None
            truth = not equals or value in _TRUE
            if key == "readwrite":
                key, truth = "readonly", not truth
            value = "true" if truth else "false"
        elif not equals:
            return None
        if key in ("type", "sharing"):
            value = value.lower()
        found.pop(key, None)
        found[key] = value
    if found.get("type") == "bind":
        del found["type"]
    return list(found.items())


def mounts_of(run: Effect) -> list[dict[str, object]]:
    """The mounts of a RUN; one that could not be read has no keys."""
    mounts = run.fields["mounts"]
    assert isinstance(mounts, tuple)
    return [{} if mount[:1] == ("\0text",) else dict(mount) for mount in mounts]


#: folders in which one program alone has its cache
_OWNERS = {
    "/root/.cache/pip": "pip",
    "/root/.npm": "npm",
    "/root/.cache/go-build": "go",
    "/root/.cache/yarn": "yarn",
    "/var/cache/apk": "apk",
}


def cache_mounted(run: Effect, name: str) -> bool:
    """True if the cache of the package manager *name* may lie under a mount of *run*. Mounts of apt's own folders, and
    of another program's, are none."""
    for mount in mounts_of(run):
        target = mount.get("target")
        if mount.get("type") in (("secret",), ("ssh",)):
            continue
        if not (isinstance(target, tuple) and len(target) == 1 and type(target[0]) is str):
            return True
        if _OWNERS.get(target[0].rstrip("/"), name) != name:
            continue
        if mount.get("type", ("bind",)) in (("cache",), ("tmpfs",)) and not target[0].startswith(
            ("/var/cache/apt", "/var/lib/apt")
        ):
            return True
    return False


def mounted_over(run: Effect, targets: list[str]) -> bool:
    """True if one of *targets* may lie under a mount of *run*, or a mount in it."""
    for mount in mounts_of(run):
        if mount.get("type") in (("secret",), ("ssh",)):
            continue
        target = mount.get("target")
        if not (isinstance(target, tuple) and len(target) == 1 and type(target[0]) is str):
            return True
        folder = target[0].rstrip("/") + "/"
        for path in targets:
            path = path.rstrip("*")
            if path.startswith(folder) or folder.startswith(path.rstrip("/") + "/"):
                return True
    return False
