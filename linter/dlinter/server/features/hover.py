"""What is known of the thing at the cursor."""

from __future__ import annotations

from dlinter.server.features import Hover, about_images, about_names
from dlinter.server.features.links import images_of
from dlinter.server.features.names import locate
from dlinter.server.features.navigation import stage_mention_at, variable_mention_at
from dlinter.server.features.places import clamp, comment_at, covers, instruction_at
from dlinter.server.features.prose import checks, directives, flags, instructions, mounts, values
from dlinter.server.features.rules import described, rule_called
from dlinter.tree import Expose, Healthcheck, Label, Stopsignal, User, Workdir

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.tree import Directive, Dockerfile, Flag, Instruction, Token


def hover(file: Dockerfile, offset: int, today: str | None = None) -> Hover | None:
    """What is known of what *offset* is in or at the end of; None if that is nothing.

    *today* (ISO 8601, the current day by default) decides whether a release has reached its end of life.
    """
    offset = clamp(file, offset)
    for directive in file.directives:
        if directive.start <= offset <= directive.end:
            return _directive(directive, offset, today)
    comment = comment_at(file, offset)
    if comment is not None:
        found = _comment(comment.start, comment.text, offset)
        if found is not None:
            return found
    names = _stage(file, offset) or _variable(file, offset)
    if names is not None:
        return names
    instruction = instruction_at(file, offset)
    if instruction is None or comment is not None:
        return None
    return _keyword(instruction, offset) or _flag(instruction, offset, today) or _argument(instruction, offset, today)


# -- comments ----------------------------------------------------------------------------------------------------------


def _directive(directive: Directive, offset: int, today: str | None) -> Hover | None:
    name, value = directive.name, directive.value
    if name.start <= offset <= name.end:
        text = directives.DIRECTIVES[name.value]
        return Hover(name.start, name.end, f"{text}\n\n[{name.value}]({directives.url(name.value)})")
    if not value.start <= offset <= value.end:
        return None
    if name.value == "check":
        return _check(value.start, value.text, offset)
    if name.value == "syntax":
        from dlinter.images import Reference

        image = value.text.split(" ", 1)[0]
        if offset > value.start + len(image):
            return None
        return Hover(value.start, value.start + len(image), about_images.about(Reference(image), today))
    meaning = directives.VALUES["escape"].get(value.text)
    return Hover(value.start, value.end, meaning) if meaning else None


def _check(start: int, text: str, offset: int) -> Hover | None:
    """The word at *offset* of a check directive whose value begins at *start*."""
    first, end = _word(text, offset - start, "=;, ")
    word = text[first:end]
    if word in checks.CHECKS:
        about = f"{checks.CHECKS[word]}\n\n[{word}]({checks.url(word)})"
        info = rule_called(word)
        if info is not None:
            about += f" · dlint: [{info.code}]({info.url})"
        return Hover(start + first, start + end, about)
    if word in directives.CHECK_OPTIONS:
        return Hover(start + first, start + end, directives.CHECK_OPTIONS[word])
    return None


def _comment(start: int, text: str, offset: int) -> Hover | None:
    """What a comment for dlint, hadolint or BuildKit says at *offset*."""
    lower = text.lower()
    if "check" in lower and "=" in text:
        found = _check(start, text, offset)
        if found is not None:
            return found
    if "lint" not in lower:
        return None
    first, end = _word(text, offset - start, ",= \t:#")
    word = text[first:end]
    info = rule_called(word) if first > lower.index("lint") else None
    if info is not None:
        return Hover(start + first, start + end, described(info))
    if word.lower() in ("ignore", "shell"):
        scope = next((scope for scope in ("stage", "global") if f" {scope} " in lower[:first]), "")
        about = directives.PRAGMAS[f"{scope} {word.lower()}".strip() if word.lower() == "ignore" else "shell"]
        return Hover(start + first, start + end, about)
    return None


def _word(text: str, at: int, ends: str) -> tuple[int, int]:
    """The range of the word that *at* is in or at the end of."""
    start = end = min(max(at, 0), len(text))
    while start > 0 and text[start - 1] not in ends:
        start -= 1
    while end < len(text) and text[end] not in ends:
        end += 1
    return start, end


# -- names -------------------------------------------------------------------------------------------------------------


def _stage(file: Dockerfile, offset: int) -> Hover | None:
    mention = stage_mention_at(file, offset)
    return None if mention is None else Hover(mention.start, mention.end, about_names.about_stage(mention.stage))


def _variable(file: Dockerfile, offset: int) -> Hover | None:
    mention = variable_mention_at(file, offset)
    if mention is None:
        return None
    # the cursor may be at the $ before the name
    return Hover(min(mention.start, offset), mention.end, about_names.about_variable(mention))


# -- instructions ------------------------------------------------------------------------------------------------------


def _keyword(instruction: Instruction, offset: int) -> Hover | None:
    name = instruction.name
    if not covers(name, offset):
        return None
    found = instructions.INSTRUCTIONS.get(instruction.keyword)
    if found is None:
        return None
    forms = "\n".join(form.label for form in found.forms)
    keyword = instruction.keyword.upper()
    text = f"```dockerfile\n{forms}\n```\n\n{found.text}\n\n[{keyword}]({found.url})"
    return Hover(name.start, name.end, text)


def _flag(instruction: Instruction, offset: int, today: str | None) -> Hover | None:
    flag = next((each for each in instruction.flags if each.start <= offset <= each.end), None)
    about = flags.FLAGS.get(instruction.keyword, {}).get(flag.name) if flag is not None else None
    if flag is None or about is None:
        return None
    value = flag.value
    if value is not None and offset >= value.start:
        found = _flag_value(instruction, flag, value, about, offset, today)
        if found is not None:
            return found
    notes = [f"Default `{about.default}`."] if about.default else []
    if about.since:
        notes.append(f"Since Dockerfile {about.since}.")
    link = f"[{instruction.keyword.upper()} --{flag.name}]({about.url})"
    text = "\n\n".join(part for part in (about.text, " ".join(notes), link) if part)
    end = flag.end if value is None else max(value.start - 1, flag.start)
    return Hover(flag.start, end, text) if offset <= end else None


def _flag_value(
    instruction: Instruction, flag: Flag, value: Token, about: flags.Text, offset: int, today: str | None
) -> Hover | None:
    if flag.name == "mount":
        return _mount(instruction, value, offset, today)
    if about.values and about.values.get(value.value):
        return Hover(value.start, value.end, about.values[value.value])
    return _image(instruction, offset, today)


def _mount(instruction: Instruction, value: Token, offset: int, today: str | None) -> Hover | None:
    from dlinter_grammar.mounts import parse_mount

    mount = parse_mount(value.value, instruction.file.escape)
    for field in mount.fields:
        start, end = locate(instruction, value, field.text, field.start)
        if not start <= offset <= end or not field.text:
            continue
        middle = start + len(field.text.partition("=")[0])
        key = mounts.ALIASES.get(field.key, field.key)
        option = mounts.OPTIONS.get(key)
        if option is None:
            return None
        if offset > middle:
            kind = (field.value or "").lower()
            if key == "type" and kind in mounts.TYPES:
                return Hover(middle + 1, end, f"{mounts.TYPES[kind]}\n\n[--mount=type={kind}]({mounts.url(kind)})")
            found = _image(instruction, offset, today)
            return found or Hover(start, end, _option(key, option, mount.type))
        return Hover(start, middle, _option(key, option, mount.type))
    return None


def _option(key: str, option: mounts.Text, kind: str) -> str:
    default = option.default.get(kind, option.default.get("", ""))
    text = option.text + (f" Default: {default}." if default else "")
    if kind in mounts.TYPES and kind not in option.types:
        text += f" Not for `type={kind}`."
    return f"{text}\n\n[--mount=type={kind}, {key}]({mounts.url(kind)})"


def _image(instruction: Instruction, offset: int, today: str | None) -> Hover | None:
    for start, end, reference in images_of(instruction):
        if start <= offset <= end:
            return Hover(start, end, about_images.about(reference, today))
    return None


def _argument(instruction: Instruction, offset: int, today: str | None) -> Hover | None:
    found = _image(instruction, offset, today) or _heredoc(instruction, offset)
    if found is not None:
        return found
    if isinstance(instruction, Healthcheck) and instruction.kind is not None and covers(instruction.kind, offset):
        text = instructions.HEALTHCHECK_KINDS.get(instruction.kind.value.upper())
        return Hover(instruction.kind.start, instruction.kind.end, text) if text else None
    if isinstance(instruction, Label):
        for pair in instruction.pairs:
            text = values.LABELS.get(pair.key.value.strip("\"'"))
            if text and covers(pair.key, offset):
                return Hover(pair.key.start, pair.key.end, text)
        return None
    token = next((each for each in instruction.args if covers(each, offset)), None)
    return None if token is None else _known(instruction, token)


def _known(instruction: Instruction, token: Token) -> Hover | None:
    text = ""
    if isinstance(instruction, Expose):
        number, _, protocol = token.value.partition("/")
        known = values.PORTS.get(number)
        text = f"Port {number}/{protocol.lower() or 'tcp'}" + (f", commonly {known}." if known else ".")
    elif isinstance(instruction, Stopsignal):
        name = token.value.upper()
        text = values.SIGNALS.get(name if name.startswith("SIG") else f"SIG{name}", "")
    elif isinstance(instruction, Workdir):
        path = about_names.after_workdir(instruction)
        text = f"The directory from here on: `{path}`" if path else ""
    elif isinstance(instruction, User):
        text = values.USERS.get(token.value, "")
    return Hover(token.start, token.end, text) if text else None


def _heredoc(instruction: Instruction, offset: int) -> Hover | None:
    for heredoc in instruction.heredocs:
        if covers(heredoc.word, offset):
            lines = heredoc.content.count("\n")
            text = f"A heredoc of {lines} line{'' if lines == 1 else 's'}, up to the line `{heredoc.name}`."
            if instruction.keyword in ("copy", "add"):
                text += " Variables in it are expanded." if heredoc.expand else " Nothing in it is expanded."
            if heredoc.chomp:
                text += " Tabs at the beginning of its lines are cut."
            if not heredoc.terminated:
                text += " **The line that ends it is missing.**"
            return Hover(heredoc.word.start, heredoc.word.end, text)
    return None
