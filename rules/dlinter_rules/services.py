"""Services and daemons in build steps."""

from __future__ import annotations

from dlinter import Command, Findings, report, rule
from dlinter_rules.common import certainly_runs, in_run, program

#: what starts daemons and nothing else: its sub-command decides
_STARTERS = {
    "systemctl": ("start", "restart", "reload", "enable-now"),
    "rc-service": ("start", "restart"),
    "initctl": ("start", "restart"),
    "supervisorctl": ("start", "restart", "reload"),
    "pg_ctlcluster": ("start", "restart"),
    "apachectl": ("start", "restart", "graceful"),
    "apache2ctl": ("start", "restart", "graceful"),
}


@rule("DL2124", "run-starts-service", on=Command, named=(*_STARTERS, "service", "rc-service"))
def run_starts_service(command: Command) -> Findings:
    r"""Start services in CMD or ENTRYPOINT, none of a build survives its step

    Processes end with the RUN that started them, so the container comes up without the service.

    ```dockerfile bad
    FROM debian:12
    RUN apt-get update && apt-get install -y nginx
    RUN service nginx start
    ```
    ```dockerfile bad
    FROM centos:7
    RUN yum install -y httpd && systemctl start httpd
    ```
    What follows in the same step can use it, and enabling one is something else:
    ```dockerfile good
    FROM debian:12
    RUN service postgresql start && su postgres -c 'createdb app'
    RUN systemctl enable nginx
    CMD service nginx start && tail -f /var/log/nginx/access.log
    ```
    ```dockerfile good
    FROM debian:12
    RUN apt-get install -y mysql-server && service mysql start; \
        mysql -e 'create database app'
    RUN service apache2 stop
    ```
    """
    if not in_run(command) or not certainly_runs(command) or command.script is None:
        return
    words = [word.value for word in command.args]
    if command.name == "service":
        starts = len(words) >= 2 and words[1] in ("start", "restart", "reload")
    else:
        starts = any(word in _STARTERS.get(command.name, ()) for word in words[:2])
    last = max((c.end for c in command.instruction.commands if c.script is command.script), default=0)
    if starts and command.end >= last:
        yield report(program(command), f"What {command.name} starts here ends with this RUN: start it in CMD")
