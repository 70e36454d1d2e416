"""What the configuration tells the rules about one file: a read-only object that every Dockerfile carries."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dlinter.context import Context

#: kinds of value that a label schema can ask for, as in hadolint
LABEL_TYPES = ("text", "url", "spdx", "hash", "rfc3339", "semver", "email")


class FileSettings:
    """Settings that rules and facts may ask for as ``file.settings``.

    ``build_args`` are the values of ``--build-arg`` by name. ``trusted_registries`` are the registries that images
    may come from, with ``*`` at either end (empty: every one). ``label_schema`` maps label keys to one of
    :data:`LABEL_TYPES`, and with ``strict_labels`` no other keys are allowed. ``context`` is the folder of the build
    context, None where it is not known. ``targets`` are the stages that are built; empty means the last one, and so
    does the name ``""`` among others. ``contexts`` are the names of further contexts (``--build-context``),
    ``platform`` is that of ``--platform``, ``dockerignore`` the text of the file that says what of the context is
    left out, None where there is none, and ``ignore_path`` that file's place. ``folder`` is the folder that is taken
    for the context where none is known. ``amendments`` are the files that fixes want changed, by place, with their
    text: they count as changed already. ``closed`` says that nothing else comes from outside: an ARG without a value
    is unset then, not unknown, and an image that is not known sets no variables. ``docker build --check`` without
    arguments takes it that way.
    """

    __slots__ = (
        "_files", "amendments", "build_args", "closed", "context", "contexts", "dockerignore", "folder", "ignore_path",
        "label_schema", "platform", "strict_labels", "targets", "trusted_registries",
    )  # fmt: skip

    def __init__(
        self,
        *,
        build_args: Mapping[str, str] | None = None,
        trusted_registries: Sequence[str] = (),
        label_schema: Mapping[str, str] | None = None,
        strict_labels: bool = False,
        context: str | None = None,
        targets: Sequence[str] = (),
        contexts: Sequence[str] = (),
        platform: str | None = None,
        dockerignore: str | None = None,
        closed: bool = False,
        folder: str | None = None,
        ignore_path: str = ".dockerignore",
        files: Context | None = None,
    ) -> None:
        self.build_args: dict[str, str] = dict(build_args or {})
        self.trusted_registries: tuple[str, ...] = tuple(trusted_registries)
        self.label_schema: dict[str, str] = dict(label_schema or {})
        self.strict_labels = strict_labels
        self.context = context
        self.targets: tuple[str, ...] = tuple(targets)
        self.contexts: tuple[str, ...] = tuple(contexts)
        self.platform = platform
        self.dockerignore = dockerignore
        self.closed = closed
        self.folder = folder
        self.ignore_path = ignore_path
        self._files = files
        self.amendments: dict[str, str] = {}

    def amended(self, others: Iterable[tuple[str, str]]) -> FileSettings:
        """The same after *others*, files by place with their text, were written."""
        changes = dict(others)
        if not changes:
            return self
        from copy import copy

        found = copy(self)
        found.amendments = {**self.amendments, **changes}
        found.dockerignore = changes.get(self.ignore_path, self.dockerignore)
        if self.files is not None:
            found._files = self.files.amended(changes, found.dockerignore)
        return found

    def copy(self) -> FileSettings:
        """The same settings for another file."""
        found = FileSettings.__new__(FileSettings)
        for name in self.__slots__:
            setattr(found, name, getattr(self, name))
        return found

    def without_files(self) -> FileSettings:
        """The same settings where the build context is not known."""
        found = self.copy()
        found._files = found.context = found.folder = None
        return found

    @property
    def files(self) -> Context | None:
        """The files of the build context, or of the folder that is taken for it; None where there is no folder, or

        where the builder would refuse its ``.dockerignore``. Rules ask ``file.facts.context``, which minds whether
        the folder can be the context at all.
        """
        root = self.context or self.folder
        if self._files is None and root is not None:
            from dlinter.context import Context, Folder
            from dlinter.dockerignore import PatternError

            try:
                self._files = Context(Folder(root), self.dockerignore, self.ignore_path, self.context is not None)
            except PatternError:
                return None
        return self._files

    @property
    def asked(self) -> dict[tuple[str, str], object]:
        """What the files of the context were asked so far, with their answers."""
        return {} if self._files is None else self._files.asked

    def __repr__(self) -> str:
        names = (name for name in self.__slots__ if name[0] != "_")
        return f"FileSettings({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"


#: what holds without a configuration
DEFAULTS = FileSettings()
