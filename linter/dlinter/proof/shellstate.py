"""What one command of a script leaves to the next, and so where a RUN may be divided.

``a && b`` in one RUN is the same as ``a`` in one and ``b`` in the next only if nothing of the shell, and nothing of
the container that ends with the RUN, goes from one to the other.
"""

from __future__ import annotations

from dlinter.proof.calls import Call
from dlinter.proof.normal import (
    ANDOR,
    ARRAY,
    BODY,
    CMD,
    GROUP,
    LITERAL,
    MATH,
    PIPE,
    RAW,
    SCRIPT,
    SUBSTITUTION,
    VARIABLE,
)
from dlinter.proof.state import bound
from dlinter.proof.tables import listed
from dlinter.proof.words import text_of
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from dlinter.proof.normal import Form
    from dlinter.proof.state import Effect

#: builtins that change the shell that runs them (POSIX.1-2017 XCU 2.14, bash(1), dash(1))
CHANGING = listed(
    "cd pushd popd set shopt export unset readonly declare typeset local alias unalias umask ulimit trap exec exit "
    "return eval source . read getopts shift wait hash enable mapfile readarray let disown jobs fg bg suspend "
    "logout break continue builtin command history fc dirs bind complete compgen compopt caller times coproc"
)
#: programs that leave something behind that ends with the container of the RUN: processes, mounts, kernel settings
LEAVING = listed(
    "service systemctl rc-service start-stop-daemon invoke-rc.d initctl supervisord supervisorctl mount umount "
    "sysctl hostname losetup swapon ip ifconfig iptables route modprobe nohup setsid screen tmux daemonize at batch "
    "crond cron Xvfb dbus-launch dbus-daemon ssh-agent gpg-agent pg_ctl pg_ctlcluster mysqld mysqld_safe mariadbd "
    "mongod redis-server rabbitmq-server nginx apachectl apache2ctl httpd dockerd sshd slapd memcached "
    "elasticsearch rngd haveged postgres postmaster docker-entrypoint.sh"
)
#: sub-commands of systemctl that write links and start nothing (systemctl(1))
_LASTING = listed("enable disable mask unmask preset preset-all set-default")
#: what every RUN reads anew as it begins: programs that put another shell into its place, and that change who is in
#: which group, for whom the container is started (group(5))
_SHELLS = frozenset({"sh", "bash", "dash", "ash", "busybox"})
_REPLACING = listed("ln mv cp rm install unlink update-alternatives alternatives dpkg-divert dpkg-reconfigure")
_GROUPING = listed("usermod gpasswd adduser addgroup groupmod groupdel deluser delgroup userdel")
_EDITING = listed("sed tee cp mv ln rm install patch perl awk ed ex")
#: with the home of the user (passwd(5))
_ACCOUNTS = re.compile(r"/etc/(?:passwd|group)\b")
#: variables in which a command finds what an earlier one of the same shell did
_READING = frozenset(
    {"_", "!", "PIPESTATUS", "BASH_REMATCH", "OLDPWD", "DIRSTACK", "COPROC", "SECONDS", "MAPFILE", "REPLY"}
)
#: what a value may hold that is put in without quotes, to stay one word
PLAIN = re.compile(r"[\w.@%+,:/-]+")
_ASSIGNING = re.compile(r"=|\+\+|--")
#: programs that nothing installs elsewhere while a build goes on
_FIXED = listed(
    "apt apt-get apt-cache apt-mark apt-key dpkg apk yum dnf microdnf rpm zypper pacman rm cp mv ln mkdir rmdir "
    "chmod chown chgrp touch cat echo printf true false test [ sed grep find xargs sort head tail tr cut install "
    "tee groupadd useradd usermod groupmod addgroup adduser passwd chpasswd getent id ldconfig locale-gen sh bash "
    "tar gzip gunzip bzip2 xz unzip sudo env ls du wc uname date sleep basename dirname readlink sha256sum"
)


#: by official image: programs in the folder in which they install what they install
SETTLED = {"python": frozenset({"pip", "pip3"}), "node": frozenset({"npm"})}
#: options that install elsewhere
_ELSEWHERE = ("--user", "--prefix", "--target", "--root", "-t")
#: ``pip3`` and ``pip3.11`` are pip
_VERSION = "0123456789."


def stateless(form: Form, plain: Collection[str] = ()) -> bool:
    """True if nothing of the shell that runs *form* is different afterwards (design of the proof, 2.4).

    The variables *plain* are known to hold one word each.
    """
    kind = form[0]
    if kind == CMD:
        _, assigned, words, redirects = form
        if not words or _expansion_sets(words) or _expansion_sets(assigned):
            return False
        if any(fd.startswith("{") for fd, *_ in redirects):
            return False
        name = words[0]
        if type(name) is not str:
            return _is_path(name, plain)
        return name not in CHANGING and not (name == "printf" and "-v" in words)
    if kind == PIPE:
        # every part of a real pipeline runs in a subshell; lastpipe needs shopt, which is not stateless
        return (len(form[3]) > 1 or all(stateless(item, plain) for item in form[3])) and not _expansion_sets(form[3])
    if kind == ANDOR:
        return all(stateless(item, plain) for item in form[1])
    if kind == SCRIPT:
        return all(not background and stateless(node, plain) for node, background in form[1])
    if kind == GROUP:
        if form[1] == "subshell":
            return not _has_background(form)
        if form[1] in ("brace", "if"):
            return all(stateless(part[1], plain) for part in form[2] if part[:1] == (BODY,))
    return False


def _is_path(name: Form, plain: Collection[str]) -> bool:
    """True for a program that is named by its path, in a folder that is one of *plain* or stands in quotes."""
    if not any(part[0] == LITERAL and "/" in part[1] for part in name):
        return False
    return all(
        part[0] == LITERAL or (part[0] == VARIABLE and not part[3] and (part[1] or part[2] in plain)) for part in name
    )


def _expansion_sets(form: object) -> bool:
    """True if an expansion in *form* assigns (``${a:=b}``, ``$((a++))``) or reads what another command left."""
    if type(form) is not tuple or not form:
        return False
    kind = form[0]
    if kind == VARIABLE:
        if form[2] in _READING or "=" in form[3] or form[2] == "":
            return True
        if _ASSIGNING.search(form[4]) or "((" in form[4]:
            return True
    if kind == MATH and _ASSIGNING.search(form[2]):
        return True
    if kind == SUBSTITUTION or kind == ARRAY:
        return False
    return any(_expansion_sets(part) for part in form)


def _has_background(form: Form) -> bool:
    if form[:1] == (SCRIPT,) and any(background for _, background in form[1]):
        return True
    return any(_has_background(part) for part in form if type(part) is tuple)


def leaves_behind(form: Form) -> bool:
    """True if *form* may leave processes, mounts or the like that end with the container of the RUN."""
    if type(form) is not tuple or not form:
        return False
    if form[0] == SCRIPT and any(background for _, background in form[1]):
        return True
    if form[0] == RAW and form[1] == "coproc":
        return True
    if form[0] == CMD and form[2]:
        call = Call(form[2])
        lasting = call.name == "systemctl" and call.sub in _LASTING and "--now" not in form[2]
        if (
            (call.name in LEAVING and not lasting)
            or call.program.startswith("/etc/init.d/")
            or "nohup" in call.wrappers
        ):
            return True
        if any(type(w) is str and re.match(r"--?(daemon|daemonize|background|detach|bg)\b", w) for w in form[2]):
            return True
        if any(type(w) is str and "/dev/shm" in w for w in (*form[2], *(to for _, _, to, _ in form[3]))):
            return True
    return any(leaves_behind(part) for part in form if type(part) is tuple)


def renews(form: Form) -> bool:
    """True if *form* changes what a RUN begins with: the shell itself, or groups and home of the user."""
    if type(form) is not tuple or not form:
        return False
    if form[0] == CMD and form[2]:
        call = Call(form[2])
        texts = [word for word in form[2][call.at + 1 :] if type(word) is str]
        if call.name in _REPLACING and any(text.rpartition("/")[2] in _SHELLS for text in texts):
            return True
        if call.name in _GROUPING and (call.wrappers or "root" in texts):
            return True
        if call.name not in _EDITING:
            texts = [to for _, operator, to, _ in form[3] if operator[:1] == ">" and type(to) is str]
        if any(_ACCOUNTS.search(text) for text in texts):
            return True
    return any(renews(part) for part in form if type(part) is tuple)


def names(form: Form) -> set[str]:
    """The programs that *form* looks up by name."""
    found: set[str] = set()
    stack = [form]
    while stack:
        top = stack.pop()
        if top and top[0] == CMD and top[2] and type(top[2][0]) is str and "/" not in top[2][0]:
            found.add(top[2][0])
        stack += [part for part in top if type(part) is tuple]
    return found


def mentions(form: Form, name: str) -> bool:
    """True if a word of *form* other than a program's name speaks of *name*, as when it is installed."""
    pattern = re.compile(rf"(?:^|[^\w.-]){re.escape(name)}(?!://|@)(?:$|[^\w-])").search
    stack: list[tuple[object, bool]] = [(form, False)]
    while stack:
        top, operand = stack.pop()
        if type(top) is str:
            if operand and pattern(top):
                return True
        elif type(top) is tuple:
            if top and top[0] == CMD:
                stack += [(part, True) for part in top[2][1:]] + [(part, True) for part in (top[1], top[3])]
            else:
                stack += [(part, operand) for part in top]
    return False


def divisible(effect: Effect, elements: tuple[Form, ...], at: int) -> str | None:
    """Why the RUN *effect*, an and-list of *elements*, may not be divided before element *at*, or None."""
    body = effect.body
    assert body is not None
    if body.shell is None or body.alone:
        return "it is no script in shell form"
    for mount in effect.fields["mounts"]:  # type: ignore[attr-defined]
        kind = dict(mount).get("type", ("bind",)) if mount[:1] != ("\0text",) else ()
        if kind not in (("cache",), ("secret",), ("ssh",)) and not (
            kind == ("bind",) and dict(mount).get("readonly", ("true",)) == ("true",)
        ):
            return "what is written to one of its mounts ends with the RUN"
    shell = " ".join(body.shell)
    if re.search(r" (-[a-z]*[li]|--login|--rcfile|--init-file)", shell):
        return "its shell reads start-up files"
    stage = effect.stage
    if "bash" in shell and stage is not None and "BASH_ENV" in stage.scope.bindings:
        return "its shell reads start-up files"
    return crossing(elements[:at], elements[at:], _plain_variables(effect), _settled(effect))


def _plain_variables(effect: Effect) -> frozenset[str]:
    """The variables that ENV gives a value of one word without wildcards."""
    if effect.stage is None or effect.body is None or "$" not in effect.body.text:
        return frozenset()
    values = {name: text_of(value) for name, (kind, value) in bound(effect.stage, effect.seen).items() if kind == "ENV"}
    return frozenset(name for name, text in values.items() if text is not None and PLAIN.fullmatch(text))


def _settled(effect: Effect) -> frozenset[str]:
    """The programs that upgrade themselves where they are: those of official images, for root with their own PATH."""
    assert effect.stage is not None
    image = effect.stage.image
    if image is None or "PATH" in effect.stage.scope.bindings or effect.fields["user"] not in (None, ("root",), ("0",)):
        return frozenset()
    return SETTLED.get(re.split("[:@]", image.removeprefix("docker.io/").removeprefix("library/"))[0], frozenset())


def crossing(
    head: Sequence[Form], tail: Sequence[Form], plain: Collection[str] = (), settled: Collection[str] = ()
) -> str | None:
    """What goes from the elements *head* of an and-list to the elements *tail* behind them, or None.

    The variables *plain* are known to hold one word each, the programs *settled* to stay where they are.
    """
    for element in head:
        if not stateless(element, plain):
            return "a command before it changes the shell that runs it"
        if leaves_behind(element):
            return "a command before it leaves something running"
        if renews(element):
            return "a command before it changes the shell or the groups that a RUN begins with"
    if any(_expansion_sets(element) and not stateless(element, plain) and _reads(element) for element in tail):
        return "a command after it looks at what the shell did before"
    before = set().union(*(names(element) for element in head))
    after = set().union(*(names(element) for element in tail))
    for name in (before & after) - _FIXED:
        # the shell remembers where it found a program; a new shell may find another one
        if name in settled and not any(mentions(element, option) for element in head for option in _ELSEWHERE):
            continue
        if any(mentions(element, name) or mentions(element, name.rstrip(_VERSION)) for element in head):
            return f"{name} may be another program after it was installed anew"
    return None


def _reads(form: object) -> bool:
    """True if *form* has a variable that tells what the shell did before."""
    if type(form) is not tuple or not form:
        return False
    if form[0] == VARIABLE and (form[2] in _READING or any(name in form[4] for name in _READING if len(name) > 1)):
        return True
    return any(_reads(part) for part in form)
