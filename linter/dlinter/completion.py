"""Completion scripts for bash, zsh and fish, made from what the commands take. They start nothing but for rules."""

from __future__ import annotations

from dlinter.usage import Usage, usages, value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.options import Option

SHELLS = ("bash", "fish", "zsh")
_HEAD = "Completion of dlint for {shell}. Generated from its options: python -m dlinter.generate"
#: codes and names of all rules, those of plugins too
_LIST = "dlint rules 2>/dev/null | awk '/^[A-Z]+[0-9]+ / {print $1; print $2}'"


def script(shell: str) -> str:
    """The script for one of :data:`SHELLS`."""
    return {"bash": _bash, "fish": _fish, "zsh": _zsh}[shell](usages())


def _words(option: Option) -> list[str]:
    return [f"--{option.long}", *([f"-{option.short}"] if option.short else [])]


def _names(commands: list[Usage]) -> list[str]:
    return [usage.name for usage in commands if usage.name]


# -- bash -------------------------------------------------------------------------------------------------------------

_BASH = """\
# {head}
# shellcheck disable=SC2207  # no word that is offered has blanks

_dlint_files() {{
    local word
    while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen "$1" -- "$cur")
}}

_dlint() {{
    local cur=${{COMP_WORDS[COMP_CWORD]}} before="" command="" words=""
    ((COMP_CWORD > 0)) && before=${{COMP_WORDS[COMP_CWORD - 1]}}
    # --format=json comes as three words
    if [[ $cur == "=" ]]; then
        cur=""
    elif [[ $before == "=" && $COMP_CWORD -gt 1 ]]; then
        before=${{COMP_WORDS[COMP_CWORD - 2]}}
    fi
    if ((COMP_CWORD > 1)); then
        case ${{COMP_WORDS[1]}} in
            {names}) command=${{COMP_WORDS[1]}} ;;
        esac
    fi
    COMPREPLY=()
    case "$command $before" in
{values}
    esac
    case $command in
{options}
    esac
    if [[ $cur == -* ]]; then
        COMPREPLY=($(compgen -W "$words" -- "$cur"))
        return
    fi
    case $command in
{arguments}
        "")
            ((COMP_CWORD == 1)) && COMPREPLY=($(compgen -W "{commands}" -- "$cur"))
            _dlint_files -f
            ;;
        *) _dlint_files -f ;;
    esac
}}

complete -o filenames -F _dlint dlint
"""
_RULES_BASH = f'COMPREPLY=($(compgen -W "$({_LIST})" -- "$cur"))'


def _bash(commands: list[Usage]) -> str:
    cases: dict[str, list[str]] = {}
    options: list[str] = []
    arguments: list[str] = []
    for usage in commands:
        words = [word for option in usage.options for word in _words(option)]
        options.append(f'        "{usage.name}") words="{" ".join([*words, "--help"])}" ;;')
        for option in usage.options:
            act = _bash_value(value(option), option.choices)
            if act:
                cases.setdefault(act, []).extend(f'"{usage.name} {word}"' for word in _words(option))
        for argument in usage.arguments[:1]:
            kind = value(argument)
            if usage.name and kind in ("rule", "choice", "folder"):
                arguments.append(f'        "{usage.name}") {_bash_value(kind, argument.choices)} ;;')
    values = [f"        {' | '.join(words)})\n            {act}\n            return\n            ;;"
              for act, words in cases.items()]  # fmt: skip
    return _BASH.format(
        head=_HEAD.format(shell="bash"), names=" | ".join(_names(commands)), commands=" ".join(_names(commands)),
        values="\n".join(values), options="\n".join(options), arguments="\n".join(arguments),
    )  # fmt: skip


def _bash_value(kind: str, choices: tuple[str, ...]) -> str:
    texts = {
        "choice": f'COMPREPLY=($(compgen -W "{" ".join(choices)}" -- "$cur"))',
        "rule": _RULES_BASH, "file": "_dlint_files -f", "folder": "_dlint_files -d", "text": ":",
    }  # fmt: skip
    return texts.get(kind, "")


# -- fish -------------------------------------------------------------------------------------------------------------

_FISH = """\
# {head}

function __dlint_command
    set -l words (commandline -opc)
    if contains -- "$words[2]" {names}
        echo $words[2]
    else
        echo lint
    end
end

function __dlint_rules
    {rules}
end

{lines}
"""


def _fish(commands: list[Usage]) -> str:
    lines: list[str] = []
    for usage in commands:
        if usage.name:
            first = '-n "test (count (commandline -opc)) -eq 1"'
            lines.append(f"complete -c dlint {first} -a {usage.name} -d {_single(_sentence(usage.help))}")
        where = f'-n "test (__dlint_command) = {usage.name or "lint"}"'
        for option in usage.options:
            short = f" -s {option.short}" if option.short else ""
            act = _fish_value(value(option), option.choices)
            lines.append(f"complete -c dlint {where} -l {option.long}{short}{act} -d {_single(option.help)}")
        lines.append(f"complete -c dlint {where} -l help -d 'Show the help.'")
        for argument in usage.arguments[:1]:
            act = _fish_value(value(argument), argument.choices)
            if usage.name and act:
                lines.append(f"complete -c dlint {where}{act.replace(' -r', '').replace(' -x', '')}")
    return _FISH.format(
        head=_HEAD.format(shell="fish"), names=" ".join(_names(commands)), rules=_LIST, lines="\n".join(lines)
    )


def _fish_value(kind: str, choices: tuple[str, ...]) -> str:
    texts = {
        "choice": f" -x -a {_single(' '.join(choices))}", "rule": " -x -a '(__dlint_rules)'", "file": " -r -F",
        "folder": " -x -a '(__fish_complete_directories)'", "text": " -x",
    }  # fmt: skip
    return texts.get(kind, "")


def _single(text: str) -> str:
    """*text* in single quotes, as fish reads them."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


# -- zsh --------------------------------------------------------------------------------------------------------------

_ZSH = """\
#compdef dlint
# {head}

_dlint_rules() {{
    local -a rules
    rules=(${{(f)"$({rules})"}})
    _sequence compadd - $rules
}}

_dlint_first() {{
    local -a commands
    commands=(
{commands}
    )
    _describe -t commands command commands
    _files
}}

_dlint() {{
    local command=""
    case $words[2] in
        {names}) (( CURRENT > 2 )) && command=$words[2] ;;
    esac
    if [[ -n $command ]]; then
        shift words
        (( CURRENT-- ))
    fi
    case $command in
{cases}
    esac
}}

_dlint "$@"
"""


def _zsh(commands: list[Usage]) -> str:
    described = [f"        {_zsh_quoted(f'{u.name}:{_sentence(u.help)}')}" for u in commands if u.name]
    cases: list[str] = []
    for usage in commands:
        specs = [_zsh_option(option) for option in usage.options]
        specs.append("'--help[Show the help.]'")
        if not usage.name:
            specs += ["'1: :_dlint_first'", "'*:file:_files'"]
        for argument in usage.arguments if usage.name else ():
            count = "*" if argument.metavar.endswith("...") else ""
            act = _zsh_value(value(argument), argument.choices)
            specs.append(_zsh_quoted(f"{count}:{argument.metavar.strip('[].').lower()}:{act}"))
        body = " \\\n".join(f"                {spec}" for spec in specs)
        name = usage.name or "''"
        cases.append(f"        {name})\n            _arguments -S \\\n{body}\n            ;;")
    return _ZSH.format(
        head=_HEAD.format(shell="zsh"), rules=_LIST, names="|".join(_names(commands)), commands="\n".join(described),
        cases="\n".join(cases),
    )  # fmt: skip


def _zsh_option(option: Option) -> str:
    kind = value(option)
    text = option.help.replace("[", "\\[").replace("]", "\\]")
    rest = f"[{text}]" + (
        f":{option.metavar.lower() or option.long}:{_zsh_value(kind, option.choices)}" if kind else ""
    )
    repeat = option.kind in ("list", "repeat")
    equals = "=" if kind else ""
    words = [f"--{option.long}{equals}", *([f"-{option.short}"] if option.short else [])]
    if repeat:
        return " ".join(_zsh_quoted(f"*{word}{rest}") for word in words)
    exclude = f"({' '.join(_words(option))})" if len(words) > 1 else ""
    return " ".join(_zsh_quoted(f"{exclude}{word}{rest}") for word in words)


def _zsh_value(kind: str, choices: tuple[str, ...]) -> str:
    texts = {"choice": f"({' '.join(choices)})", "rule": "_dlint_rules", "file": "_files", "folder": "_files -/"}
    return texts.get(kind, " ")


def _zsh_quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _sentence(text: str) -> str:
    """The first sentence of *text*, on one line, without its full stop."""
    return " ".join(text.split("\n\n")[0].split()).split(". ")[0].rstrip(".")
