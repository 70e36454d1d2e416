"""Changes to Python sources that keep everything else of them as it is written."""

from __future__ import annotations

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter_rules.python_source import Serving

_EVERYWHERE = cst.SimpleString('"0.0.0.0"')
_HOSTS = ("host", "server_name", "hostname")
_DEBUG = ("debug", "reload")


def listening_everywhere(text: str, serving: Serving) -> str | None:
    """The program with *serving* on all addresses; None where that is no change of one argument."""
    return _changed(text, serving, _listen)


def without_debug(text: str, serving: Serving) -> str | None:
    """The program with *serving* not in debug mode."""
    return _changed(text, serving, _calm)


class _Change(cst.CSTTransformer):
    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self, serving: Serving, change) -> None:  # type: ignore[no-untyped-def]
        super().__init__()
        self.serving = serving
        self.change = change

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        line = self.get_metadata(PositionProvider, original_node).start.line
        if line != self.serving.line or cst.Module([]).code_for_node(original_node.func) != self.serving.name:
            return updated_node
        found: cst.Call = self.change(updated_node, self.serving)
        return found


def _changed(text: str, serving: Serving, change) -> str | None:  # type: ignore[no-untyped-def]
    try:
        found = MetadataWrapper(cst.parse_module(text)).visit(_Change(serving, change)).code
    except cst.ParserSyntaxError:
        return None
    return found if found != text else None


def _listen(call: cst.Call, serving: Serving) -> cst.Call:
    """The host's own argument changed, or one added behind the others."""
    arguments = list(call.args)
    for number, argument in enumerate(arguments):
        named = argument.keyword is not None and argument.keyword.value in _HOSTS
        if named or (argument.keyword is None and _local(argument.value)):
            arguments[number] = argument.with_changes(value=_EVERYWHERE)
            return call.with_changes(args=arguments)
        if isinstance(argument.value, cst.Tuple) and argument.value.elements and number == 0:
            first, *rest = argument.value.elements
            if _local(first.value):
                pair = argument.value.with_changes(elements=[first.with_changes(value=_EVERYWHERE), *rest])
                arguments[number] = argument.with_changes(value=pair)
                return call.with_changes(args=arguments)
    if not serving.keyword or any(argument.star for argument in arguments):
        return call
    equal = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    added = cst.Arg(_EVERYWHERE, cst.Name(serving.keyword), equal)
    if arguments and isinstance(arguments[-1].comma, cst.Comma):
        # a comma behind the last argument: each stands on a line of its own
        last = arguments[-1].comma
        between = arguments[-2].comma if len(arguments) > 1 else cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
        arguments[-1] = arguments[-1].with_changes(comma=between)
        return call.with_changes(args=[*arguments, added.with_changes(comma=last)])
    if arguments:
        comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
        if len(arguments) > 1:
            comma = arguments[-2].comma if isinstance(arguments[-2].comma, cst.Comma) else comma
        arguments[-1] = arguments[-1].with_changes(comma=comma, whitespace_after_arg=cst.SimpleWhitespace(""))
        tail = call.args[-1].whitespace_after_arg
        added = added.with_changes(whitespace_after_arg=tail)
    return call.with_changes(args=[*arguments, added])


def _calm(call: cst.Call, _: Serving) -> cst.Call:
    """Without the arguments that switch debugging on."""
    kept = [
        argument
        for argument in call.args
        if not (
            argument.keyword is not None
            and argument.keyword.value in _DEBUG
            and isinstance(argument.value, cst.Name)
            and argument.value.value == "True"
        )
    ]
    if kept and kept[-1] is not call.args[-1]:
        gone = call.args[-1]
        kept[-1] = kept[-1].with_changes(comma=gone.comma, whitespace_after_arg=gone.whitespace_after_arg)
    return call.with_changes(args=kept)


def _local(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.SimpleString) and node.evaluated_value in ("localhost", "127.0.0.1", "::1")
