"""Start, configuration, folders, watched files."""

from __future__ import annotations

import logging

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from dlinter.server.options import EditorOptions
from dlinter.server.server import ClientFeatures, DlintServer
from dlinter.server.workspaces import WATCHED

log = logging.getLogger(__name__)

#: the section of the editor's settings
SECTION = "dlint"


def register(server: DlintServer) -> None:
    """Add the handlers to *server*."""
    server.handle(types.INITIALIZE)(_initialize)
    server.handle(types.INITIALIZED)(_initialized)
    server.handle(types.WORKSPACE_DID_CHANGE_CONFIGURATION)(_configuration_changed)
    server.handle(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)(_files_changed)
    server.handle(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)(_folders_changed)


def _initialize(ls: DlintServer, params: types.InitializeParams) -> None:
    ls.client = ClientFeatures(params.capabilities, params.client_info.name if params.client_info else "")
    for folder in params.workspace_folders or ():
        ls.workspaces.add(folder.uri)
    if not ls.workspaces.folders and params.root_uri:
        ls.workspaces.add(params.root_uri)
    ls.configure(EditorOptions(params.initialization_options))


async def _initialized(ls: DlintServer, params: types.InitializedParams) -> None:
    wanted: list[types.Registration] = []
    if ls.client.registers_configuration:
        options = types.DidChangeConfigurationRegistrationOptions(section=SECTION)
        wanted.append(types.Registration("dlint-configuration", types.WORKSPACE_DID_CHANGE_CONFIGURATION, options))
    if ls.client.registers_watchers:
        watchers = [types.FileSystemWatcher(glob_pattern=glob) for glob in WATCHED]
        watched = types.DidChangeWatchedFilesRegistrationOptions(watchers=watchers)
        wanted.append(types.Registration("dlint-files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, watched))
    if wanted:
        try:
            await ls.client_register_capability_async(types.RegistrationParams(wanted))
            ls.watching = ls.client.registers_watchers
        except JsonRpcException as error:
            log.warning("the client does not register what it said it could: %s", error)
    if ls.client.configuration:
        await _ask_for_configuration(ls)


async def _ask_for_configuration(ls: DlintServer) -> None:
    """Take the settings that the client has for each folder; none are those of the start."""
    from dlinter.server.documents import uri_of

    folders: list[str | None] = [None, *ls.workspaces.folders]
    items = [
        types.ConfigurationItem(scope_uri=None if folder is None else uri_of(folder), section=SECTION)
        for folder in folders
    ]
    answers = await ls.workspace_configuration_async(types.ConfigurationParams(items))
    changed = False
    for folder, table in zip(folders, answers or (), strict=False):
        if table:
            ls.configure(EditorOptions(table), folder)
            changed = True
    if changed:
        ls.check_all()


async def _configuration_changed(ls: DlintServer, params: types.DidChangeConfigurationParams) -> None:
    if params.settings:
        ls.configure(EditorOptions(params.settings))
    ls.workspaces.forget()
    ls.check_all()
    if ls.client.configuration:
        await _ask_for_configuration(ls)


def _files_changed(ls: DlintServer, params: types.DidChangeWatchedFilesParams) -> None:
    ls.workspaces.forget()
    ls.check_all()


async def _folders_changed(ls: DlintServer, params: types.DidChangeWorkspaceFoldersParams) -> None:
    for folder in params.event.removed:
        ls.workspaces.remove(folder.uri)
    for folder in params.event.added:
        ls.workspaces.add(folder.uri)
    ls.workspaces.forget()
    ls.check_all()
    if ls.client.configuration:
        await _ask_for_configuration(ls)
