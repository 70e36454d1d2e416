"""What CMD and ENTRYPOINT start."""

from __future__ import annotations

from dlinter import SAFE, UNSAFE, Cmd, Command, Edit, Entrypoint, Findings, Fix, Word, report, rule
from dlinter.shell_edits import chain, command_of, insert_words
from dlinter_rules.common import image_of, program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter import Instruction
    from dlinter.scripts import Script

#: what a shell does itself: nothing that could take its place
_BUILTINS = frozenset({
    ".", ":", "[", "alias", "bg", "break", "builtin", "case", "cd", "command", "continue", "declare", "dirs", "echo",
    "enable", "eval", "exec", "exit", "export", "false", "fc", "fg", "getopts", "hash", "help", "history", "jobs",
    "kill", "let", "local", "logout", "popd", "printf", "pushd", "pwd", "read", "readonly", "return", "set", "shift",
    "shopt", "source", "suspend", "test", "time", "times", "trap", "true", "type", "typeset", "ulimit", "umask",
    "unalias", "unset", "wait",
})  # fmt: skip


@rule("DL2110", "sh-c-without-exec", on=(Cmd, Entrypoint), mentions=('-c"', "\\u"))
def sh_c_without_exec(instruction: Cmd | Entrypoint) -> Findings:
    r"""Begin the script of sh -c with exec

    Without it the shell stays the first process, and a signal such as docker stop sends does not reach the program.

    ```dockerfile bad
    FROM eclipse-temurin:21
    ENTRYPOINT ["sh", "-c", "java $JAVA_OPTS -jar /app.jar"]
    ```
    ```dockerfile fixed
    FROM eclipse-temurin:21
    ENTRYPOINT ["sh", "-c", "exec java $JAVA_OPTS -jar /app.jar"]
    ```
    ```dockerfile bad
    FROM debian:12
    CMD ["/bin/sh", "-c", "PORT=80 /app/server --name \"$NAME\" > /dev/stdout"]
    ```
    ```dockerfile unsafe
    FROM debian:12
    CMD ["/bin/sh", "-c", "PORT=80 exec /app/server --name \"$NAME\" > /dev/stdout"]
    ```
    BusyBox and bash do it of themselves where a script is a single command:
    ```dockerfile good
    FROM alpine:3.20
    CMD ["sh", "-c", "java $JAVA_OPTS -jar /app.jar"]
    ```
    ```dockerfile good
    FROM debian:12
    CMD ["bash", "-c", "java $JAVA_OPTS -jar /app.jar"]
    CMD ["sh", "-c", "exec java -jar /app.jar"]
    CMD ["sh", "-c", "migrate && serve"]
    CMD ["sh", "-c", "echo $HOME"]
    CMD ["sh", "-c", "$COMMAND"]
    CMD ["sh", "-c", "serve | tee /log"]
    ```
    """
    if instruction.form != "json" or len(instruction.args) != 3 or instruction.args[1].value != "-c":
        return
    if instruction.args[0].value not in ("sh", "/bin/sh", "dash", "/bin/dash", "/usr/bin/sh"):
        return
    image = image_of(instruction.stage)
    if image is not None and image.sh not in (None, "dash"):
        return
    if not instruction.scripts:
        return
    script = instruction.scripts[0]
    elements = chain(script)
    command = command_of(script, elements[0]) if elements is not None and len(elements) == 1 else None
    if command is None or command.words[0].value is None or command.words[0].value in _BUILTINS:
        return
    if command.simple is None or any(redirect.body is not None for redirect in command.simple.redirects):
        return
    edits = [Edit(command.words[0].start, command.words[0].start, "exec ")]
    # with a variable in front of exec, shells differ in what they hand on
    safety, names = (UNSAFE, ["option-of-user"]) if command.assignments else (SAFE, ["shell-makes-way"])
    fix = None if instruction.in_onbuild else Fix(edits, safety, "Add exec", names)
    yield report(command.words[0], fix=fix)


#: programs that go into the background, with the words that keep them in the foreground
_DAEMONS = {
    "nginx": (("daemon off", "daemon=off"), ("-g", "daemon off;"), ("-t", "-v", "-V", "-T", "-s", "-h", "-?")),
    "sshd": (("-D", "-d"), ("-D",), ("-t", "-T")),
    "cron": (("-f", "-n"), ("-f",), ()),
    "vsftpd": (("background=NO",), (), ()),
    "apachectl": (("FOREGROUND", "-X"), ("-D", "FOREGROUND"), ("stop", "-t", "-v", "configtest", "-S", "-M")),
    "apache2ctl": (("FOREGROUND", "-X"), ("-D", "FOREGROUND"), ("stop", "-t", "-v", "configtest", "-S", "-M")),
}


@rule("DL2109", "background-process-as-cmd", on=(Cmd, Entrypoint), mentions=(*_DAEMONS, "service", "/etc/init.d", "&"))
def background_process_as_cmd(instruction: Cmd | Entrypoint) -> Findings:
    r"""Start the program in the foreground

    The container ends with the process that it starts, so it stops at once if that goes into the background.

    ```dockerfile bad
    FROM debian:12
    CMD service apache2 start
    ```
    ```dockerfile bad
    FROM debian:12
    RUN apt-get update && apt-get install -y nginx
    CMD ["nginx"]
    ```
    ```dockerfile unsafe
    FROM debian:12
    RUN apt-get update && apt-get install -y nginx
    CMD ["nginx", "-g", "daemon off;"]
    ```
    ```dockerfile bad
    FROM debian:12
    CMD /opt/setup.sh && /usr/sbin/sshd
    ```
    ```dockerfile unsafe
    FROM debian:12
    CMD /opt/setup.sh && /usr/sbin/sshd -D
    ```
    ```dockerfile bad
    FROM debian:12
    CMD ["sh", "-c", "/opt/server --port 80 &"]
    ```
    ```dockerfile good
    FROM debian:12
    CMD service apache2 start && tail -f /var/log/apache2/access.log
    CMD nginx -g 'daemon off;'
    CMD ["/usr/sbin/sshd", "-D"]
    CMD apachectl -DFOREGROUND
    CMD /opt/a & /opt/b
    CMD /opt/a & wait
    ```
    The configuration may say that it stays:
    ```dockerfile good
    FROM debian:12
    RUN echo "daemon off;" >> /etc/nginx/nginx.conf
    CMD ["nginx"]
    ```
    ```dockerfile good
    FROM debian:12
    COPY nginx.conf /etc/nginx/nginx.conf
    CMD service php8.2-fpm start && nginx
    ```
    An entrypoint decides what to do with the words of CMD:
    ```dockerfile good
    FROM debian:12
    ENTRYPOINT ["/entrypoint.sh"]
    CMD ["nginx"]
    ```
    """
    if instruction.in_onbuild or instruction.stage is None:
        return
    facts = instruction.file.facts
    if isinstance(instruction, Cmd):
        if facts.cmd(instruction.stage) is not instruction or facts.entrypoint(instruction.stage) is not None:
            return
        image = image_of(instruction.stage)
        if image is not None and image.entrypoint and not image.wrapper:
            return
    script = instruction.scripts[0] if instruction.scripts else None
    if script is not None and script.root is not None and script.root.statements:
        last = script.root.statements[-1]
        if last.terminator is not None and last.terminator.text == "&":
            yield report(script.token(last.terminator), "Take out the &: the container ends at once")
            return
    command = _last(instruction, script)
    if command is None:
        return
    service = _service(command)
    if service is not None:
        yield report(program(command), f"Start {service} itself in the foreground: the container ends at once")
        return
    known = _DAEMONS.get(command.name)
    if known is None or command.wrappers not in ([], ["exec"]):
        return
    staying, wanted, asking = known
    texts = [word.value or word.text for word in command.args]
    if any(word in text for text in texts for word in staying) or any(text in asking for text in texts):
        return
    if command.name in ("apachectl", "apache2ctl") and "start" not in texts and texts:
        return
    if any(word.value is None for word in command.args) or _configured(instruction, command):
        return
    message = f"Start {command.name} in the foreground: the container ends at once"
    yield report(program(command), message, _stay(command, wanted))


def _last(instruction: Instruction, script: Script | None) -> Command | None:
    """The command with whose end the container ends: the last one of an and-list or of several statements."""
    if script is None:
        return instruction.commands[0] if instruction.form == "json" and instruction.commands else None
    if script.root is None or not script.root.statements:
        return None
    from dlinter_grammar.shell_nodes import AndOr

    if any(s.terminator is not None and s.terminator.text == "&" for s in script.root.statements):
        return None
    node = script.root.statements[-1].node
    if isinstance(node, AndOr):
        if any(operator.text != "&&" for operator in node.operators):
            return None
        node = node.items[-1]
    return command_of(script, node)


def _service(command: Command) -> str | None:
    """The service that ``service NAME start`` or ``/etc/init.d/NAME start`` starts."""
    words = [word.value for word in command.args]
    if command.name == "service" and len(words) == 2 and words[1] in ("start", "restart"):
        return words[0] or "the service"
    path = program(command).value or ""
    if path.startswith("/etc/init.d/") and words in (["start"], ["restart"]):
        return path.rpartition("/")[2]
    return None


def _configured(instruction: Instruction, command: Command) -> bool:
    """True if a configuration that cannot be seen here may keep the program in the foreground."""
    image = image_of(instruction.stage)
    if image is None and command.name == "nginx":
        return True
    assert instruction.stage is not None
    for stage in instruction.file.facts.chain(instruction.stage):
        for other in stage.instructions:
            text = other.syntax.map.text.lower() + "".join(heredoc.content for heredoc in other.heredocs).lower()
            if other is instruction or other is stage.base:
                continue
            if other.keyword in ("copy", "add"):
                place = (other.args[-1].value if other.args else "").lower()
                if command.name in text or "/etc" in place or place in ("/", "./", "."):
                    return True
            elif "daemon off" in text or "conf" in text or "git clone" in text or "sed " in text:
                return True
    return False


def _stay(command: Command, wanted: tuple[str, ...]) -> Fix | None:
    if not wanted:
        return None
    after: Word = command.words[-1]
    purpose = ("option-of-user",)
    if command.name in ("apachectl", "apache2ctl"):
        starts = [word for word in command.args if word.value == "start"]
        if len(starts) == 1:
            text = "-D FOREGROUND" if command.script is not None else '"-D", "FOREGROUND"'
            return Fix([Edit(starts[0].start, starts[0].end, text)], UNSAFE, "Stay in the foreground", purpose)
    if command.script is None:
        from dlinter.shell_edits import json_string

        text = "".join(f", {json_string(word)}" for word in wanted)
        return Fix([Edit(after.end, after.end, text)], UNSAFE, "Stay in the foreground", purpose)
    if command.script.quoting != "" or command.simple is None or command.simple.redirects:
        return None
    words = [f"'{word}'" if " " in word else word for word in wanted]
    return Fix([insert_words(after, *words)], UNSAFE, "Stay in the foreground", purpose)
