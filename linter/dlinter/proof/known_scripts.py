"""Scripts and programs that everybody knows: which call no package manager of the system, and which refresh its lists.

Sources: the scripts themselves, for those of NodeSource all versions in the history of nodesource/distributions, where
nothing of apt comes before its update.
"""

from __future__ import annotations

from dlinter.proof.calls import Call
from dlinter.proof.normal import ANDOR, BODY, CMD, GROUP, PIPE, SCRIPT
from dlinter.proof.tables import listed
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter.proof.body import Body
    from dlinter.proof.normal import Form

#: scripts for an interpreter, by name
_SCRIPTS = listed("setup.py manage.py get-pip.py ez_setup.py composer-setup.php")
#: what a shell reads to set variables and functions
_SET_UP = listed("os-release lsb-release activate nvm.sh sdkman-init.sh rvm.sh envvars bash_completion")
#: archives that unpack themselves (conda's installers)
_INSTALLERS = re.compile(r"(?:Mini|Ana)conda[23]?-[\w.-]*\.sh|(?:Mini|Mamba)forge[\w.-]*\.sh")
#: package managers of languages, which are themselves in every folder
_PROGRAMS = listed("pip conda mamba micromamba npm yarn pnpm gem bundle bower java javac")
#: an installer that begins with ``apt-get update``
_REFRESHING = re.compile(r"https?://deb\.nodesource\.com/setup(?:_[\w.]+)?/?")
#: installers that unpack an archive or check out a repository
_QUIET = re.compile(
    r"https?://(?:raw\.githubusercontent\.com/(?:creationix|nvm-sh)/nvm/[\w.]+/install\.sh|sh\.rustup\.rs/?|cpanmin\.us/?)"
)


def harmless(call: Call) -> bool:
    """True for a script or program that is known to call no package manager of the system."""
    script = call.sub.rpartition("/")[2]
    if call.program.startswith("/etc/init.d/") or (call.name in _PROGRAMS and not call.program.endswith(".sh")):
        return True
    if call.program in (".", "source"):
        return script in _SET_UP or (call.sub.startswith("/opt/ros/") and script == "setup.bash")
    if re.match(r"(?:python|pypy|php)[\d.]*\Z", call.name):
        return script in _SCRIPTS
    if call.program.rpartition("/")[2] in ("sh", "bash"):
        return _INSTALLERS.fullmatch(script) is not None
    return _INSTALLERS.fullmatch(call.name) is not None


def fetched(body: Body) -> Iterator[tuple[Form, bool]]:
    """The shells of *body* that run a known script from the net, each with whether it begins with ``apt-get update``.

    Those run whenever what stands before them succeeds, and a script that could not be fetched ends the build.
    """
    strict = "pipefail" in (body.shell or ()) or re.match(r"\s*set\s+-\w*o\s+pipefail\b", body.text) is not None
    for pipe in _pipes(body.form):
        getting, running = pipe[3]
        call, shell = Call(getting[2]), Call(running[2])
        if call.name not in ("curl", "wget") or shell.name not in ("sh", "bash") or shell.sub not in ("", "-"):
            continue
        words = [word for word in call.operands if type(word) is str]
        urls = [word for word in words if "://" in word]
        if len(urls) != 1 or len(words) != len(call.operands) or getting[3] or not _to_output(call.name, words):
            continue
        # without -f curl hands on the page of the error, which is no script
        silent = call.name == "wget" or any(w[:1] == "-" and w[:2] != "--" and "f" in w for w in words)
        silent = silent or "--fail" in words
        refreshing = _REFRESHING.fullmatch(urls[0]) is not None
        if (refreshing and (strict or not silent)) or _QUIET.fullmatch(urls[0]):
            yield running, refreshing


def _to_output(program: str, words: list[str]) -> bool:
    """True if curl or wget with *words* writes what it gets to its output."""
    if program == "wget":
        return re.search(r"(?:^|\s)-\w*O\s?-(?:\s|$)", " ".join(words)) is not None
    return not any("--output" in w or "--head" in w or (w[:1] == "-" != w[1:2] and set(w) & set("oOI")) for w in words)


def _pipes(form: Form) -> Iterator[Form]:
    """The pipelines of two commands that run whenever what stands before them succeeds."""
    if form[0] == PIPE:
        if not form[1] and len(form[3]) == 2 and all(item[0] == CMD and item[2] for item in form[3]):
            yield form
    elif form[0] == ANDOR:
        if "||" not in form[2]:
            for item in form[1]:
                yield from _pipes(item)
    elif form[0] == SCRIPT:
        for node, background in form[1]:
            if not background:
                yield from _pipes(node)
    elif form[0] == GROUP and form[1] in ("brace", "subshell"):
        for part in form[2]:
            if part[:1] == (BODY,):
                yield from _pipes(part[1])
