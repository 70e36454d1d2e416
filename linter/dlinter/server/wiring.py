"""Puts the server together."""

from __future__ import annotations

from dlinter.server import commands, language, lifecycle, synchronisation
from dlinter.server.server import DlintServer


def make_server() -> DlintServer:
    """A server with all handlers, not yet started."""
    server = DlintServer()
    for module in (lifecycle, synchronisation, commands, language):
        module.register(server)
    return server
