"""What a Python program serves, read from its source: nothing of it is run."""

from __future__ import annotations

import ast
import warnings

#: classes whose ``run`` (or ``launch``, ``run_server``) serves on localhost by default: class -> (place of host, host)
_APPLICATIONS = {
    "flask.Flask": 0,
    "quart.Quart": 0,
    "sanic.Sanic": 0,
    "flask_socketio.SocketIO": 1,
    "dash.Dash": 0,
    "gradio.Interface": None,
    "gradio.Blocks": None,
    "gradio.ChatInterface": None,
    "gradio.TabbedInterface": None,
    "bottle.Bottle": None,
}
_METHODS = ("run", "run_server", "launch")
#: functions that serve: name -> place of the host among their arguments, and whether localhost is their default
_FUNCTIONS = {
    "uvicorn.run": (None, True),
    "bottle.run": (None, True),
    "aiohttp.web.run_app": (None, False),
    "waitress.serve": (None, False),
    "wsgiref.simple_server.make_server": (0, False),
    "werkzeug.serving.run_simple": (0, False),
}
#: classes that serve where their first argument says: a pair of address and port
_BOUND = (
    "http.server.HTTPServer",
    "http.server.ThreadingHTTPServer",
    "socketserver.TCPServer",
    "socketserver.ThreadingTCPServer",
)
_HOSTS = ("host", "server_name", "hostname")
LOCAL = ("localhost", "127.0.0.1", "::1")


class Serving:
    """A call that serves: its ``line`` (from 1), the ``host`` it names (None: localhost by default), if in ``debug``.

    ``name`` is the function as written, ``keyword`` what it calls the host.
    """

    __slots__ = ("debug", "host", "keyword", "line", "name")

    def __init__(self, name: str, line: int, host: str | None, keyword: str, debug: bool) -> None:
        self.name = name
        self.line = line
        self.host = host
        self.keyword = keyword
        self.debug = debug

    @property
    def local(self) -> bool:
        """True if it listens on localhost."""
        return self.host is None or self.host in LOCAL


def servings(text: str) -> list[Serving]:
    """The calls in the program *text* that serve when it is run; none if it cannot be read.

    Known are the defaults of Flask, Quart, Sanic, Dash, Bottle, Gradio and uvicorn. What a call takes from a variable
    or the environment is not known, and no finding.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return []
    reader = _Reader()
    reader.visit(tree)
    called = {name for name, _ in reader.called}
    return [found for found, inside in reader.found if not inside or inside in called]


class _Reader(ast.NodeVisitor):
    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.found: list[tuple[Serving, str]] = []
        self.called: list[tuple[str, int]] = []
        self.inside = ""
        self.values: dict[str, str] = {}

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self.names[alias.asname or alias.name.partition(".")[0]] = (
                alias.name if alias.asname else alias.name.partition(".")[0]
            )

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            if not node.level and node.module:
                self.names[alias.asname or alias.name] = f"{node.module}.{alias.name}"

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """What a class does is done when somebody calls it: not looked at."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        outer, self.inside = self.inside, self.inside or node.name
        self.generic_visit(node)
        self.inside = outer

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        outer, self.inside = self.inside, self.inside or node.name
        self.generic_visit(node)
        self.inside = outer

    def visit_Assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                self._assigned(target.id, node.value)
        self.generic_visit(node)

    def visit_With(self, node: ast.With) -> None:
        for item in node.items:
            if isinstance(item.optional_vars, ast.Name):
                self._assigned(item.optional_vars.id, item.context_expr)
        self.generic_visit(node)

    def _assigned(self, name: str, value: ast.expr) -> None:
        made = self._qualified(value.func) if isinstance(value, ast.Call) else None
        if made in _APPLICATIONS:
            self.values[name] = made
        else:
            self.values.pop(name, None)

    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Name) and not self.inside:
            self.called.append((node.func.id, node.lineno))
        found = self._serving(node)
        if found is not None and not any(keyword.arg is None for keyword in node.keywords):
            self.found.append((found, self.inside))
        self.generic_visit(node)

    def _serving(self, node: ast.Call) -> Serving | None:
        written = ast.unparse(node.func)
        if (
            isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.attr in _METHODS
        ):
            made = self.values.get(node.func.value.id)
            if made is not None:
                return self._call(node, written, _APPLICATIONS[made], True)
        name = self._qualified(node.func)
        if name in _FUNCTIONS:
            return self._call(node, written, *_FUNCTIONS[name])
        if name in _BOUND and node.args and isinstance(node.args[0], ast.Tuple) and node.args[0].elts:
            host = node.args[0].elts[0]
            if isinstance(host, ast.Constant) and host.value in LOCAL:
                return Serving(written, node.lineno, str(host.value), "", False)
        return None

    def _call(self, node: ast.Call, written: str, place: int | None, default: bool) -> Serving | None:
        keywords = {keyword.arg: keyword.value for keyword in node.keywords}
        debug = any(_true(keywords.get(name)) for name in ("debug", "reload"))
        value = next((keywords[name] for name in _HOSTS if name in keywords), None)
        if value is None and place is not None and len(node.args) > place:
            value = node.args[place]
        keyword = "server_name" if written.endswith(".launch") else "host"
        if value is None or (isinstance(value, ast.Constant) and value.value is None):
            if keywords.get("sock") is not None or keywords.get("uds") is not None or keywords.get("fd") is not None:
                return None
            if _true(keywords.get("share")):
                return None
            return Serving(written, node.lineno, None if default else "0.0.0.0", keyword, debug)
        host = str(value.value) if isinstance(value, ast.Constant) else "?"
        return Serving(written, node.lineno, host, keyword, debug)

    def _qualified(self, node: ast.expr) -> str | None:
        """The imported name that *node* is, with its module."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name) or node.id not in self.names:
            return None
        return ".".join([self.names[node.id], *reversed(parts)])


def _true(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True
