"""The folders that are open, what is configured for each, and so the rules that hold for a file."""

from __future__ import annotations

import os

from dlinter.config import Config, ConfigError
from dlinter.config import load as load_config
from dlinter.config_keys import KEYS
from dlinter.engine import Dispatcher
from dlinter.linting import Linter
from dlinter.options import Settings
from dlinter.plugins import PluginError
from dlinter.project.settings import file_settings
from dlinter.selection import RuleSet, SelectionError
from dlinter.server.documents import path_of
from dlinter.server.options import EditorOptions
from dlinter.syntax_rules import SYNTAX

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.settings import FileSettings

_ATTRIBUTES = tuple(key.attribute for key in KEYS)
#: files whose change is a change of what is found, as globs of the protocol
WATCHED = (
    "**/.dlint.{yaml,yml,toml}", "**/dlint.toml", "**/pyproject.toml", "**/.hadolint.{yaml,yml}", "**/*.dockerignore",
    "**/.dockerignore",
)  # fmt: skip


class Plan:
    """How one document is linted. ``problem`` says what is wrong with its configuration: the defaults hold then."""

    __slots__ = ("config", "dispatcher", "options", "problem", "settings")

    def __init__(
        self, options: EditorOptions, config: Config, dispatcher: Dispatcher, settings: FileSettings, problem: str
    ) -> None:
        self.options = options
        self.config = config
        self.dispatcher = dispatcher
        self.settings = settings
        self.problem = problem


class Workspaces:
    """Answers with the plan for a document. Files are read once, until :meth:`forget`."""

    def __init__(self) -> None:
        self.folders: list[str] = []
        #: what holds where no folder has options of its own
        self.options = EditorOptions()
        self._by_folder: dict[str, EditorOptions] = {}
        self._plans: dict[str, Plan] = {}
        self._linter = Linter(Settings())
        self._files: dict[str, Config] = {}

    def forget(self) -> None:
        """Read configurations and ignore files anew from here on."""
        self._plans.clear()
        self._files.clear()
        self._linter.forget()

    def add(self, uri: str) -> None:
        """A folder was opened."""
        path = path_of(uri)
        if path is not None and path not in self.folders:
            self.folders.append(path)
            self.folders.sort(key=len, reverse=True)

    def remove(self, uri: str) -> None:
        """A folder was closed."""
        path = path_of(uri)
        if path is not None and path in self.folders:
            self.folders.remove(path)
            self._by_folder.pop(path, None)

    def configure(self, options: EditorOptions, folder: str | None = None) -> None:
        """Let *options* hold for *folder*, or where no folder has its own."""
        if folder is None:
            self.options = options
        else:
            self._by_folder[folder] = options
        self.forget()

    def folder(self, path: str | None) -> str | None:
        """The innermost open folder that *path* lies in; the first for what is no file."""
        if path is None:
            return self.folders[-1] if self.folders else None
        return next(
            (each for each in self.folders if path == each or path.startswith(each.rstrip("/\\") + os.sep)), None
        )

    def options_of(self, path: str | None) -> EditorOptions:
        return self._by_folder.get(self.folder(path) or "", self.options)

    def plan(self, uri: str) -> Plan:
        """How the document is linted. A configuration that cannot be used is left out, and the plan says so."""
        if uri not in self._plans:
            self._plans[uri] = self._plan(path_of(uri))
        return self._plans[uri]

    def _plan(self, path: str | None) -> Plan:
        options = self.options_of(path)
        name = path if path is not None else os.path.join(self.folder(None) or os.getcwd(), "Dockerfile")
        problem = ""
        try:
            config = self._config(name, options)
            dispatcher = self._linter.dispatcher(config)
        except (ConfigError, SelectionError, PluginError) as error:
            problem = str(error)
            config = Config()
            dispatcher = self._default(config)
        if not options.trusted:
            dispatcher = dispatcher.without_shellcheck()
        return Plan(options, config, dispatcher, file_settings(name, config, self._linter.projects), problem)

    def _default(self, config: Config) -> Dispatcher:
        """The rules without a configuration; where not even those can be had, what BuildKit refuses."""
        try:
            return self._linter.dispatcher(config)
        except PluginError:
            return Dispatcher(RuleSet(list(SYNTAX.values())))

    def _config(self, path: str, options: EditorOptions) -> Config:
        """The configuration for *path*: that of files and that of the editor, in the order that is wanted.

        :raises ConfigError: a file is wrong.
        """
        if options.preference == "editorOnly":
            found = Config()
        elif options.file is not None and options.trusted:
            found = self._named(options.file, path).for_path(path)
        else:
            found = self._linter.config(path)
        if not options.lint:
            return found
        merged = Config(found.path)
        merged.lenient = found.lenient and found.path is not None
        for attribute in _ATTRIBUTES:
            merged.set({attribute: getattr(found, attribute)}, found.origins.get(attribute, ""))
            if attribute in options.lint:
                own = attribute in found.origins and options.preference == "filesystemFirst"
                value = _merged(getattr(found, attribute), options.lint[attribute], own)
                merged.set({attribute: value}, "the editor")
        return merged.for_path(path) if "per_path" in options.lint else merged

    def _named(self, name: str, path: str) -> Config:
        """The configuration in the file that the editor names, from the folder of *path* on."""
        folder = self.folder(path) or os.path.dirname(path)
        full = os.path.join(folder, os.path.expanduser(name.replace("${workspaceFolder}", folder)))
        if full not in self._files:
            self._files[full] = load_config(full)
        return self._files[full]


def _merged(file: object, editor: object, file_wins: bool) -> object:
    """The value of both: lists and mappings grow, of everything else one wins."""
    if isinstance(file, tuple) and isinstance(editor, tuple):
        return (*file, *(word for word in editor if word not in file))
    if isinstance(file, dict) and isinstance(editor, dict):
        return {**editor, **file} if file_wins else {**file, **editor}
    return file if file_wins else editor
