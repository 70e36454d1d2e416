"""Puts the server together."""

from __future__ import annotations

from dlinter.server.commands import register as register_commands
from dlinter.server.language import register as register_language
from dlinter.server.lifecycle import register as register_lifecycle
from dlinter.server.server import DlintServer
from dlinter.server.synchronisation import register as register_synchronisation


def make_server() -> DlintServer:
    """A server with all handlers, not yet started."""
    server = DlintServer()
    for register in (register_lifecycle, register_synchronisation, register_commands, register_language):
        register(server)
    return server
