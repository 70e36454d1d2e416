"""Kinds of damage to a Dockerfile. Each takes a random generator and a text and gives the damaged text, or None.

Where a change of some kind could change nothing (a USER that was in force anyway, a label that is overwritten later),
the kind does not make it: what it gives is another build by construction.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator

from dlinter.commands import Command
from dlinter.tree import (
    Add,
    Arg,
    Cmd,
    Copy,
    Dockerfile,
    Entrypoint,
    Env,
    Expose,
    From,
    Healthcheck,
    Instruction,
    Label,
    Onbuild,
    Run,
    Shell,
    Stage,
    Stopsignal,
    User,
    Volume,
    Workdir,
)
from dlinter_grammar.shell_nodes import AndOr, Expansion, Glob, Literal, Operator, Simple, walk

Mutator = Callable[[random.Random, Dockerfile], "str | None"]
KINDS: dict[str, Mutator] = {}


def kind(function: Mutator) -> Mutator:
    KINDS[function.__name__.replace("_", "-")] = function
    return function


def put(file: Dockerfile, start: int, end: int, text: str) -> str:
    return file.text[:start] + text + file.text[end:]


def pick(rng: random.Random, found: list) -> object:
    return rng.choice(found) if found else None


def of(file: Dockerfile, *kinds: type[Instruction]) -> list[Instruction]:
    return [i for i in file.instructions if isinstance(i, kinds) and i.stage is not None and i.form != "none"]


def commands(file: Dockerfile, kinds: tuple[type[Instruction], ...] = (Run,)) -> list[Command]:
    return [
        c
        for i in of(file, *kinds)
        for c in i.commands
        if c.script is not None and c.script.quoting == "" and c.simple is not None and not i.heredocs
    ]


def whole(file: Dockerfile, instruction: Instruction) -> tuple[int, int]:
    """The lines of an instruction, with its line end."""
    return file.source.line_start(instruction.start), instruction.syntax.close


def without(file: Dockerfile, instruction: Instruction) -> str:
    start, end = whole(file, instruction)
    return put(file, start, end, "")


def swapped(file: Dockerfile, first: Instruction, second: Instruction) -> str:
    """Two instructions that follow each other, in the other order."""
    a, b = whole(file, first), whole(file, second)
    between = file.text[a[1] : b[0]]
    last = file.text[slice(*b)]
    return put(file, a[0], b[1], (last if last.endswith("\n") else last + "\n") + between + file.text[slice(*a)])


def neighbours(file: Dockerfile, first: type[Instruction], second: type[Instruction]) -> list:
    """Pairs of instructions of these kinds in one stage with nothing between them."""
    return [
        (a, b)
        for a, b in zip(file.instructions, file.instructions[1:], strict=False)
        if isinstance(a, first) and isinstance(b, second) and a.stage is b.stage is not None
    ]


def user_before(file: Dockerfile, instruction: Instruction) -> str | None:
    return file.facts.user(instruction)


# -- commands ----------------------------------------------------------------------------------------------------------

#: words and commands whose loss may be a neutral change
_NEUTRAL = ("-U", "--update", "--update-cache")


@kind
def word_dropped(rng: random.Random, file: Dockerfile) -> str | None:
    words = [w for c in commands(file) for w in c.words[1:] if w.text not in _NEUTRAL]
    word = pick(rng, words)
    return word and put(file, word.start, word.end, "")


@kind
def option_dropped(rng: random.Random, file: Dockerfile) -> str | None:
    words = [w for c in commands(file) for w in c.words[1:] if w.text[:1] == "-" and w.text not in _NEUTRAL]
    word = pick(rng, words)
    return word and put(file, word.start, word.end, "")


@kind
def word_doubled(rng: random.Random, file: Dockerfile) -> str | None:
    # an option twice is two options; -y and its like may be doubled, which changes nothing
    words = [w for c in commands(file) for w in c.words[1:] if w.text[:1] not in "-" and "/var/cache" not in w.text]
    word = pick(rng, words)
    return word and put(file, word.end, word.end, " " + word.text)


@kind
def letter_changed(rng: random.Random, file: Dockerfile) -> str | None:
    words = [w for c in commands(file) for w in c.words if re.fullmatch(r"[\w./-]+", w.text) and w.text[-1].isalpha()]
    word = pick(rng, words)
    return word and put(file, word.end - 1, word.end, "x" if file.text[word.end - 1] != "x" else "y")


@kind
def words_swapped(rng: random.Random, file: Dockerfile) -> str | None:
    pairs = [
        (a, b)
        for c in commands(file)
        for a, b in zip(c.words[1:], c.words[2:], strict=False)
        if a.value is not None and b.value is not None and a.value != b.value
    ]
    found = pick(rng, pairs)
    if not found:
        return None
    a, b = found
    return put(
        file, a.start, b.end, file.text[b.start : b.end] + file.text[a.end : b.start] + file.text[a.start : a.end]
    )


@kind
def variable_quoted(rng: random.Random, file: Dockerfile) -> str | None:
    words = [
        w
        for c in commands(file)
        for w in c.words
        if w.shell is not None and re.fullmatch(r"\$\{?\w+\}?", w.text) and type(w.shell.parts[0]) is Expansion
    ]
    word = pick(rng, words)
    return word and put(file, word.start, word.end, f'"{word.text}"')


@kind
def variable_made_text(rng: random.Random, file: Dockerfile) -> str | None:
    words = [w for c in commands(file) for w in c.words if re.fullmatch(r'"[^"\'\\`]*\$\w[^"\'\\`]*"', w.text)]
    word = pick(rng, words)
    return word and put(file, word.start, word.end, f"'{word.text[1:-1]}'")


@kind
def glob_quoted(rng: random.Random, file: Dockerfile) -> str | None:
    words = [
        w
        for c in commands(file)
        for w in c.words
        if w.shell is not None and any(type(p) is Glob for p in w.shell.parts) and not set(w.text) & set("\"'`$\\")
    ]
    word = pick(rng, words)
    return word and put(file, word.start, word.end, f'"{word.text}"')


@kind
def blank_in_quotes(rng: random.Random, file: Dockerfile) -> str | None:
    words = [
        w
        for c in commands(file)
        for w in c.words
        if w.shell is not None
        and len(w.shell.parts) == 1
        and c.words[0] is not w
        and type(w.shell.parts[0]) is Literal
        and re.fullmatch(r'"[^"\\`$\n]* [^"\\`$\n]*"', file.text[w.start : w.end])
    ]
    word = pick(rng, words)
    at = word and file.text.index(" ", word.start)
    return word and put(file, at, at + 1, "  ")


def _lists(file: Dockerfile) -> Iterator[tuple[Instruction, object, AndOr]]:
    for run in of(file, Run):
        if run.heredocs:
            continue
        for script in run.scripts:
            if script.root is not None and script.quoting == "":
                for node in walk(script.root):
                    if isinstance(node, AndOr):
                        yield run, script, node


def _operators(file: Dockerfile, text: str) -> list[tuple[int, int]]:
    return [s.span(o.start, o.end) for _, s, n in _lists(file) for o in n.operators if o.text == text]


@kind
def and_made_semicolon(rng: random.Random, file: Dockerfile) -> str | None:
    span = pick(rng, _operators(file, "&&"))
    return span and put(file, *span, ";")


@kind
def and_made_or(rng: random.Random, file: Dockerfile) -> str | None:
    span = pick(rng, _operators(file, "&&"))
    return span and put(file, *span, "||")


@kind
def or_made_and(rng: random.Random, file: Dockerfile) -> str | None:
    span = pick(rng, _operators(file, "||"))
    return span and put(file, *span, "&&")


@kind
def semicolon_made_and(rng: random.Random, file: Dockerfile) -> str | None:
    spans = []
    for run in of(file, Run):
        for script in run.scripts:
            if script.root is not None and script.quoting == "" and not run.heredocs:
                statements = script.root.statements
                spans += [
                    script.span(s.terminator.start, s.terminator.end)
                    for s in statements[:-1]
                    if s.terminator is not None and s.terminator.text == ";"
                ]
    span = pick(rng, spans)
    return span and put(file, *span, "&&")


@kind
def made_background(rng: random.Random, file: Dockerfile) -> str | None:
    span = pick(rng, _operators(file, "&&"))
    return span and put(file, *span, "&")


@kind
def pipe_made_and(rng: random.Random, file: Dockerfile) -> str | None:
    spans = []
    for run in of(file, Run):
        for script in run.scripts:
            if script.root is not None and script.quoting == "" and not run.heredocs:
                spans += [
                    script.span(n.start, n.end) for n in walk(script.root) if isinstance(n, Operator) and n.text == "|"
                ]
    span = pick(rng, spans)
    return span and put(file, *span, "&&")


@kind
def command_dropped(rng: random.Random, file: Dockerfile) -> str | None:
    spans = []
    for _, script, node in _lists(file):
        for number, item in enumerate(node.items[:-1]):
            text = script.text[item.start : item.end]
            if "/var/cache/apk" not in text and "apk" not in text:
                spans.append((*script.span(item.start, node.items[number + 1].start),))
    span = pick(rng, spans)
    return span and put(file, *span, "")


@kind
def commands_exchanged(rng: random.Random, file: Dockerfile) -> str | None:
    found = []
    for _, script, node in _lists(file):
        for a, b in zip(node.items, node.items[1:], strict=False):
            first, second = script.span(a.start, a.end), script.span(b.start, b.end)
            texts = [re.sub(r"[\s\"'\\]", "", script.text[n.start : n.end]) for n in (a, b)]
            if texts[0] != texts[1]:
                found.append((first, second))
    pair = pick(rng, found)
    if not pair:
        return None
    a, b = pair
    return put(file, a[0], b[1], file.text[slice(*b)] + file.text[a[1] : b[0]] + file.text[slice(*a)])


@kind
def command_negated(rng: random.Random, file: Dockerfile) -> str | None:
    spots = [s.at(i.start) for _, s, n in _lists(file) for i in n.items if isinstance(i, Simple)]
    spot = pick(rng, spots)
    return spot and put(file, spot, spot, "! ")


@kind
def failure_ignored(rng: random.Random, file: Dockerfile) -> str | None:
    # behind a comment of the shell it would be part of it
    found = [i for i in of(file, Run) if i.form == "shell" and not i.heredocs and i.scripts and i.scripts[0].root]
    found = [i for i in found if "#" not in i.args[0].text]
    run = pick(rng, found)
    return run and put(file, run.args[0].end, run.args[0].end, " || true")


@kind
def redirect_dropped(rng: random.Random, file: Dockerfile) -> str | None:
    spans = [c.script.span(r.start, r.end) for c in commands(file) for r in c.simple.redirects]
    span = pick(rng, spans)
    return span and put(file, *span, "")


@kind
def redirect_appends(rng: random.Random, file: Dockerfile) -> str | None:
    spans = [
        c.script.at(r.target.start)
        for c in commands(file)
        for r in c.simple.redirects
        if r.operator == ">" and not r.fd
    ]
    spot = pick(rng, spans)
    if not spot:
        return None
    at = file.text.rindex(">", 0, spot)
    return put(file, at, at + 1, ">>")


@kind
def set_e_dropped(rng: random.Random, file: Dockerfile) -> str | None:
    words = [c.words[1] for c in commands(file) if c.name == "set" and len(c.words) > 1 and "e" in c.words[1].text]
    words = [w for w in words if w.text[:1] == "-"]
    word = pick(rng, words)
    return word and put(file, word.start, word.end, word.text.replace("e", "") if len(word.text) > 2 else "-u")


@kind
def cd_leaks(rng: random.Random, file: Dockerfile) -> str | None:
    """``RUN cd a && b`` and ``RUN c`` made one."""
    pairs = [
        (a, b)
        for a, b in neighbours(file, Run, Run)
        if a.form == b.form == "shell"
        and re.match(r"cd [\w/.-]+ && ", a.args[0].text)
        and not a.flags and not b.flags and not a.heredocs and not b.heredocs
        and not re.match(r"cd /|\[|rm ", b.args[0].text)
    ]  # fmt: skip
    found = pick(rng, pairs)
    return found and put(file, found[0].args[0].end, found[1].args[0].start, " && ")


@kind
def cd_lost(rng: random.Random, file: Dockerfile) -> str | None:
    """``RUN cd a && b`` made two."""
    spans = []
    for run, script, node in _lists(file):
        first = node.items[0]
        name = first.words[0].value if isinstance(first, Simple) and first.words else None
        pure = run.form == "shell" and all(o.text == "&&" for o in node.operators)
        if name in ("cd", "export", "set", ".") and pure and script.text[: node.start].strip() == "":
            spans.append(script.span(node.operators[0].start, node.items[1].start))
    span = pick(rng, spans)
    return span and put(file, *span, "\nRUN ")


@kind
def run_merged_by_semicolon(rng: random.Random, file: Dockerfile) -> str | None:
    pairs = [
        (a, b)
        for a, b in neighbours(file, Run, Run)
        if a.form == b.form == "shell" and not a.flags and not b.flags and not a.heredocs and not b.heredocs
    ]
    found = pick(rng, pairs)
    return found and put(file, found[0].args[0].end, found[1].args[0].start, " ; ")


@kind
def runs_exchanged(rng: random.Random, file: Dockerfile) -> str | None:
    pairs = [(a, b) for a, b in neighbours(file, Run, Run) if a.args and b.args and squeezed(a) != squeezed(b)]
    found = pick(rng, pairs)
    return found and swapped(file, *found)


def squeezed(instruction: Instruction) -> str:
    return re.sub(r"[\s\"'\\]", "", instruction.syntax.map.text)


@kind
def run_dropped(rng: random.Random, file: Dockerfile) -> str | None:
    run = pick(rng, of(file, Run))
    return run and without(file, run)


@kind
def run_doubled(rng: random.Random, file: Dockerfile) -> str | None:
    run = pick(rng, of(file, Run))
    if not run:
        return None
    start, end = whole(file, run)
    text = file.text[start:end]
    return put(file, end, end, text if text.endswith("\n") else "\n" + text)


@kind
def run_flag_added(rng: random.Random, file: Dockerfile) -> str | None:
    flag = rng.choice(["--network=none", "--security=insecure", "--mount=type=tmpfs,target=/tmp"])
    run = pick(rng, [r for r in of(file, Run) if flag not in r.text and not any(f.name == flag[2:9] for f in r.flags)])
    return run and put(file, run.name.end, run.name.end, " " + flag)


@kind
def flag_dropped(rng: random.Random, file: Dockerfile) -> str | None:
    flags = [
        f
        for i in of(file, Run, Copy, Add, Healthcheck, From)
        for f in i.flags
        if f.value is not None and f.value.value.lower() not in ("", "false", "default", "sandbox")
    ]
    flag = pick(rng, flags)
    return flag and put(file, flag.start, flag.end, "")


@kind
def made_exec_form(rng: random.Random, file: Dockerfile) -> str | None:
    """A script that needs its shell as words."""
    found = [
        i
        for i in of(file, Run, Cmd, Entrypoint)
        if i.form == "shell"
        and i.args
        and not i.heredocs
        and re.search(r"[$;&|*]", i.args[0].text)
        and last_of(file, i)
    ]
    found = [i for i in found if not re.search(r"[\"\\\n]", i.args[0].text + i.text)]
    instruction = pick(rng, found)
    if not instruction:
        return None
    words = ", ".join(f'"{word}"' for word in instruction.args[0].text.split())
    return put(file, instruction.args[0].start, instruction.args[0].end, f"[{words}]")


def last_of(file: Dockerfile, instruction: Instruction) -> bool:
    """True if no later instruction of its kind in its stage takes its place."""
    if isinstance(instruction, Run):
        return True
    stage = instruction.stage
    assert stage is not None
    return [i for i in stage.instructions if type(i) is type(instruction)][-1] is instruction


@kind
def heredoc_byte_changed(rng: random.Random, file: Dockerfile) -> str | None:
    spots = [
        at
        for i in of(file, Run, Copy, Add)
        for h in i.heredocs
        if h.terminated
        for at in range(h.start, h.end)
        if file.text[at].isalnum()
    ]
    spot = pick(rng, spots)
    return spot and put(file, spot, spot + 1, "Q" if file.text[spot] != "Q" else "R")


@kind
def heredoc_blank_added(rng: random.Random, file: Dockerfile) -> str | None:
    spots = [
        at
        for i in of(file, Run, Copy, Add)
        for h in i.heredocs
        if h.terminated
        for at in range(h.start, h.end)
        if file.text[at] == "\n"
    ]
    spot = pick(rng, spots)
    return spot and put(file, spot, spot, " ")


# -- instructions that act on others -----------------------------------------------------------------------------------


@kind
def user_dropped(rng: random.Random, file: Dockerfile) -> str | None:
    found = [
        i
        for i in of(file, User)
        if i.args and last_effective(file, i) and user_before(file, i) != i.args[0].text and "$" not in i.text
    ]
    user = pick(rng, found)
    return user and without(file, user)


def last_effective(file: Dockerfile, user: Instruction) -> bool:
    """True if a RUN follows before the next USER, or none does at all."""
    assert user.stage is not None
    for other in user.stage.instructions:
        if other.index > user.index:
            if isinstance(other, (Run, Workdir)):
                return True
            if isinstance(other, User):
                return False
    return True


@kind
def user_moved(rng: random.Random, file: Dockerfile) -> str | None:
    pairs = [(a, b) for a, b in neighbours(file, User, Run) if a.args and user_before(file, a) != a.args[0].text]
    pairs += [(a, b) for a, b in neighbours(file, Run, User) if b.args and user_before(file, b) != b.args[0].text]
    # what a variable holds may be what was in force
    found = pick(rng, [p for p in pairs if not any("$" in i.text for i in p if isinstance(i, User))])
    return found and swapped(file, *found)


@kind
def user_added(rng: random.Random, file: Dockerfile) -> str | None:
    run = pick(rng, [r for r in of(file, Run) if user_before(file, r) != "nobody:nogroup"])
    start = run and file.source.line_start(run.start)
    return run and put(file, start, start, "USER nobody:nogroup\n")


@kind
def workdir_dropped(rng: random.Random, file: Dockerfile) -> str | None:
    found = pick(rng, of(file, Workdir))
    return found and without(file, found)


@kind
def workdir_changed(rng: random.Random, file: Dockerfile) -> str | None:
    found = pick(rng, [i for i in of(file, Workdir) if i.args and re.fullmatch(r"[\w/]*\w", i.args[0].text)])
    return found and put(file, found.args[0].end, found.args[0].end, "x")


@kind
def workdir_moved(rng: random.Random, file: Dockerfile) -> str | None:
    found = pick(rng, neighbours(file, Workdir, Run) + neighbours(file, Run, Workdir))
    return found and swapped(file, *found)


def lone(file: Dockerfile, instruction: Instruction) -> bool:
    """True if nothing else in the file sets what *instruction* sets."""
    keys = [p.key.value for p in instruction.syntax.pairs]
    others = [p.key.value for i in file.instructions if i is not instruction for p in i.syntax.pairs]
    return len(set(keys)) == len(keys) > 0 and not set(keys) & set(others)


@kind
def env_dropped(rng: random.Random, file: Dockerfile) -> str | None:
    found = pick(rng, [i for i in of(file, Env) if lone(file, i)])
    return found and without(file, found)


@kind
def env_changed(rng: random.Random, file: Dockerfile) -> str | None:
    pairs = [
        p for i in of(file, Env) if lone(file, i) for p in i.syntax.pairs if p.value and p.value.text[-1:].isalnum()
    ]
    pair = pick(rng, pairs)
    return pair and put(file, pair.value.end, pair.value.end, "x")


@kind
def env_moved(rng: random.Random, file: Dockerfile) -> str | None:
    pairs = [(a, b) for a, b in neighbours(file, Env, Run) if lone(file, a)]
    pairs += [(a, b) for a, b in neighbours(file, Run, Env) if lone(file, b)]
    found = pick(rng, pairs)
    return found and swapped(file, *found)


@kind
def env_unquoted(rng: random.Random, file: Dockerfile) -> str | None:
    """Single quotes in a value made double ones, around a variable."""
    pairs = [
        p
        for i in of(file, Env)
        for p in i.syntax.pairs
        if p.value and re.fullmatch(r'"[^"\'\\`]*\$\w[^"\'\\`]*"', p.value.text) and lone(file, i)
    ]
    pair = pick(rng, pairs)
    return pair and put(file, pair.value.start, pair.value.end, f"'{pair.value.text[1:-1]}'")


@kind
def arg_default_changed(rng: random.Random, file: Dockerfile) -> str | None:
    found = [i for i in file.instructions if isinstance(i, Arg) and i.form == "pairs"]
    pairs = [p for i in found for p in i.syntax.pairs if p.value and p.value.text[-1:].isalnum()]
    pairs = [p for p in pairs if sum(q.key.value == p.key.value for i in found for q in i.syntax.pairs) == 1]
    pair = pick(rng, pairs)
    return pair and put(file, pair.value.end, pair.value.end, "x")


@kind
def arg_dropped(rng: random.Random, file: Dockerfile) -> str | None:
    found = [i for i in file.instructions if isinstance(i, Arg) and i.form == "pairs" and lone(file, i)]
    arg = pick(rng, found)
    return arg and without(file, arg)


@kind
def arg_moved(rng: random.Random, file: Dockerfile) -> str | None:
    found = pick(rng, [(a, b) for a, b in neighbours(file, Arg, Run) if lone(file, a)])
    return found and swapped(file, *found)


@kind
def shell_dropped(rng: random.Random, file: Dockerfile) -> str | None:
    found = [i for i in of(file, Shell) if i.args and file.facts.shell(i) != tuple(t.value for t in i.args)]
    found = [i for i in found if sum(isinstance(j, Shell) for j in i.stage.instructions) == 1]
    shell = pick(rng, found)
    return shell and without(file, shell)


@kind
def shell_moved(rng: random.Random, file: Dockerfile) -> str | None:
    found = [
        (a, b)
        for a, b in neighbours(file, Shell, Run)
        if b.form == "shell" and b.args and file.facts.shell(a) != tuple(t.value for t in a.args)
    ]
    pair = pick(rng, found)
    return pair and swapped(file, *pair)


# -- files -------------------------------------------------------------------------------------------------------------


@kind
def chown_lost(rng: random.Random, file: Dockerfile) -> str | None:
    flags = [f for i in of(file, Copy, Add) for f in i.flags if f.name == "chown"]
    flag = pick(rng, flags)
    return flag and put(file, flag.start, flag.end, "")


@kind
def chown_added(rng: random.Random, file: Dockerfile) -> str | None:
    copy = pick(rng, [i for i in of(file, Copy, Add) if i.flag("chown") is None])
    return copy and put(file, copy.name.end, copy.name.end, " --chown=app:app")


@kind
def source_changed(rng: random.Random, file: Dockerfile) -> str | None:
    tokens = [t for i in of(file, Copy, Add) if i.form == "words" for t in i.args[:-1] if t.text[-1:].isalnum()]
    token = pick(rng, tokens)
    return token and put(file, token.end, token.end, "x")


@kind
def sources_swapped(rng: random.Random, file: Dockerfile) -> str | None:
    pairs = [
        (i.args[0], i.args[1])
        for i in of(file, Copy, Add)
        if i.form == "words" and len(i.args) > 2 and i.args[0].text != i.args[1].text and "<<" not in i.text
    ]
    pair = pick(rng, pairs)
    if not pair:
        return None
    a, b = pair
    return put(file, a.start, b.end, b.text + file.text[a.end : b.start] + a.text)


@kind
def destination_changed(rng: random.Random, file: Dockerfile) -> str | None:
    tokens = [i.args[-1] for i in of(file, Copy, Add) if i.form == "words" and len(i.args) > 1]
    token = pick(rng, [t for t in tokens if re.fullmatch(r"[\w/.-]*\w/?", t.text)])
    if not token:
        return None
    return put(file, token.end - 1, token.end, "") if token.text[-1] == "/" else put(file, token.end, token.end, "x")


@kind
def copy_made_add(rng: random.Random, file: Dockerfile) -> str | None:
    copy = pick(rng, of(file, Copy))
    return copy and put(file, copy.name.start, copy.name.end, "ADD")


@kind
def add_made_copy(rng: random.Random, file: Dockerfile) -> str | None:
    add = pick(rng, of(file, Add))
    return add and put(file, add.name.start, add.name.end, "COPY")


@kind
def copy_moved(rng: random.Random, file: Dockerfile) -> str | None:
    found = pick(rng, neighbours(file, Copy, Run) + neighbours(file, Run, Copy) + neighbours(file, Run, Add))
    return found and swapped(file, *found)


@kind
def copies_exchanged(rng: random.Random, file: Dockerfile) -> str | None:
    pairs = [(a, b) for a, b in neighbours(file, Copy, Copy) if squeezed(a) != squeezed(b)]
    found = pick(rng, pairs)
    return found and swapped(file, *found)


@kind
def origin_changed(rng: random.Random, file: Dockerfile) -> str | None:
    """COPY --from another stage."""
    found = []
    for copy in of(file, Copy):
        flag = copy.flag("from")
        stage = copy.stage
        if flag is not None and flag.value is not None and stage is not None and stage.index > 1:
            others = [
                s
                for s in file.stages[: stage.index]
                if str(s.index) != flag.value.value and s.name != flag.value.value.lower()
            ]
            found += [(flag, str(s.index)) for s in others]
    pair = pick(rng, found)
    return pair and put(file, pair[0].start, pair[0].end, f"--from={pair[1]}")


# -- stages ------------------------------------------------------------------------------------------------------------


@kind
def base_changed(rng: random.Random, file: Dockerfile) -> str | None:
    tokens = [s.base.image for s in file.stages if s.base.image is not None and s.base.image.text[-1:].isalnum()]
    token = pick(rng, tokens)
    return token and put(file, token.end, token.end, "x")


@kind
def stage_renamed(rng: random.Random, file: Dockerfile) -> str | None:
    tokens = [s.base.alias for s in file.stages if s.base.alias is not None]
    token = pick(rng, tokens)
    return token and put(file, token.end, token.end, "x")


@kind
def stage_dropped(rng: random.Random, file: Dockerfile) -> str | None:
    if len(file.stages) < 2:
        return None
    stage = pick(rng, file.stages)
    assert isinstance(stage, Stage)
    start = file.source.line_start(stage.base.start)
    return put(file, start, stage.instructions[-1].syntax.close, "")


@kind
def platform_added(rng: random.Random, file: Dockerfile) -> str | None:
    base = pick(rng, [s.base for s in file.stages if s.base.flag("platform") is None])
    return base and put(file, base.name.end, base.name.end, " --platform=linux/s390x")


# -- config ------------------------------------------------------------------------------------------------------------


@kind
def label_changed(rng: random.Random, file: Dockerfile) -> str | None:
    pairs = [
        p for i in of(file, Label) if lone(file, i) for p in i.syntax.pairs if p.value and p.value.text[-1:].isalnum()
    ]
    pair = pick(rng, pairs)
    return pair and put(file, pair.value.end, pair.value.end, "x")


@kind
def label_dropped(rng: random.Random, file: Dockerfile) -> str | None:
    label = pick(rng, [i for i in of(file, Label) if lone(file, i)])
    return label and without(file, label)


@kind
def port_dropped(rng: random.Random, file: Dockerfile) -> str | None:
    found = []
    for expose in of(file, Expose):
        for token in expose.args:
            number = re.sub(r"/tcp$", "", token.text, flags=re.I)
            others = [t.text for i in expose.stage.of(Expose) for t in i.args if t is not token]
            known = [re.sub(r"/tcp$", "", o, flags=re.I) for o in others]
            # two words, one of them a variable, may be the same port
            if number.isdigit() and number not in known and "$" not in "".join(others):
                found.append((expose, token))
    pair = pick(rng, found)
    if not pair:
        return None
    expose, token = pair
    return without(file, expose) if len(expose.args) == 1 else put(file, token.start, token.end, "")


@kind
def protocol_changed(rng: random.Random, file: Dockerfile) -> str | None:
    tokens = [t for i in of(file, Expose) for t in i.args if t.text.isdigit() and f"{t.text}/udp" not in file.text]
    token = pick(rng, tokens)
    return token and put(file, token.end, token.end, "/udp")


@kind
def volume_dropped(rng: random.Random, file: Dockerfile) -> str | None:
    volume = pick(rng, [i for i in of(file, Volume) if i.args])
    return volume and without(file, volume)


@kind
def command_changed(rng: random.Random, file: Dockerfile) -> str | None:
    found = [i for i in of(file, Cmd, Entrypoint) if i.args and last_of(file, i)]
    words = [w for i in found for c in i.commands for w in c.words if w.text[-1:].isalpha() and w.value is not None]
    word = pick(rng, [w for w in words if file.text[w.end - 1].isalpha()])
    return word and put(file, word.end - 1, word.end, "x" if file.text[word.end - 1] != "x" else "y")


@kind
def command_lost(rng: random.Random, file: Dockerfile) -> str | None:
    found = [i for i in of(file, Cmd, Entrypoint, Healthcheck) if last_of(file, i) and first_of(i) and i.args]
    instruction = pick(rng, found)
    return instruction and without(file, instruction)


def first_of(instruction: Instruction) -> bool:
    assert instruction.stage is not None
    return sum(type(i) is type(instruction) for i in instruction.stage.instructions) == 1


@kind
def entrypoint_made_command(rng: random.Random, file: Dockerfile) -> str | None:
    found = [i for i in of(file, Entrypoint) if i.args and last_of(file, i)]
    instruction = pick(rng, found)
    return instruction and put(file, instruction.name.start, instruction.name.end, "CMD")


@kind
def health_options_changed(rng: random.Random, file: Dockerfile) -> str | None:
    found = [i for i in of(file, Healthcheck) if last_of(file, i) and i.kind and i.kind.text.lower() == "cmd"]
    found = [i for i in found if i.flag("start-interval") is None]
    check = pick(rng, found)
    return check and put(file, check.name.end, check.name.end, " --start-interval=7s")


@kind
def signal_changed(rng: random.Random, file: Dockerfile) -> str | None:
    found = [i for i in of(file, Stopsignal) if i.args and last_of(file, i) and i.args[0].text != "SIGUSR2"]
    signal = pick(rng, found)
    return signal and put(file, signal.args[0].start, signal.args[0].end, "SIGUSR2")


@kind
def trigger_run_now(rng: random.Random, file: Dockerfile) -> str | None:
    found = [i for i in of(file, Onbuild) if i.inner is not None]
    found = [i for i in file.instructions if isinstance(i, Onbuild) and i.inner is not None and i.stage]
    trigger = pick(rng, [i for i in found if isinstance(i.inner, (Run, Copy, Add, Workdir)) and i.inner.args])
    return trigger and put(file, trigger.start, trigger.inner.start, "")


@kind
def instruction_commented_out(rng: random.Random, file: Dockerfile) -> str | None:
    found = [i for i in of(file, Run, Copy, Add, Workdir) if i.line == i.syntax.last_line and i.args]
    instruction = pick(rng, found)
    return instruction and put(file, instruction.start, instruction.start, "# ")


# -- layout that means something ---------------------------------------------------------------------------------------


@kind
def next_line_swallowed(rng: random.Random, file: Dockerfile) -> str | None:
    """A continuation behind an instruction makes the next one part of it."""
    found = [
        a
        for a, b in zip(file.instructions, file.instructions[1:], strict=False)
        if isinstance(a, (Run, Copy, Workdir)) and a.args and not a.heredocs and a.form != "json"
        and not isinstance(b, (Label, Expose)) and file.text[a.end - 1] != file.escape
        and "\n" in file.text[a.end : a.syntax.close] and a.stage is b.stage
    ]  # fmt: skip
    instruction = pick(rng, found)
    return instruction and put(file, instruction.end, instruction.end, " " + file.escape)


@kind
def continuation_lost(rng: random.Random, file: Dockerfile) -> str | None:
    found = []
    for run in of(file, Run, Copy, Env):
        text = file.text[run.start : run.end]
        for match in re.finditer(re.escape(file.escape) + r"[ \t]*\r?\n", text):
            rest = text[match.end() :].lstrip()
            line = text[: match.start()].rpartition("\n")[2].strip()
            # a line of nothing else may be blank as well, and a comment does not need one
            if line and line[0] != "#" and rest and rest[0] not in "#\r\n" and not run.heredocs:
                found.append((run.start + match.start(), run.start + match.start() + 1))
    span = pick(rng, found)
    return span and put(file, *span, "")


@kind
def escape_changed(rng: random.Random, file: Dockerfile) -> str | None:
    if any(d.name.value == "escape" for d in file.directives) or not file.stages or file.text.startswith("\ufeff"):
        return None
    return f"# escape={'`' if file.escape != '`' else chr(92)}\n" + file.text


@kind
def check_swallowed(rng: random.Random, file: Dockerfile) -> str | None:
    """A blank line above the directives makes them comments."""
    if not file.directives or file.text.startswith("\ufeff") or all(d.name.value == "escape" for d in file.directives):
        return None
    if any(d.start != file.source.line_start(d.start) for d in file.directives):
        return None
    return "\n" + file.text


@kind
def syntax_changed(rng: random.Random, file: Dockerfile) -> str | None:
    found = [d for d in file.directives if d.name.value in ("syntax", "check")]
    found = [d for d in found if file.source.line_start(d.start) == d.start]
    directive = pick(rng, found)
    return directive and put(file, directive.value.end, directive.value.end, "x")
