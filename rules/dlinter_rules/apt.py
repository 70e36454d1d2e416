"""apt, apt-get and aptitude."""

from __future__ import annotations

from dlinter import SAFE, UNSAFE, Command, Findings, Fix, Run, report, rule
from dlinter.packages import package_call
from dlinter.shell_edits import append_command, insert_words
from dlinter_rules.apt_lists import fetched_by_each, fetches_lists, removes_lists
from dlinter_rules.common import APT, LISTS, answered_elsewhere, certainly_runs, failure_ends, traps


@rule(
    "DL3014",
    "apt-install-without-yes",
    on=Command,
    named=APT,
    profiles=("default", "hadolint", "cis"),
    aliases=("hadolint:DL3014",),
)
def apt_install_without_yes(command: Command) -> Findings:
    r"""Answer apt's question beforehand with -y

    A build has nobody to answer "Do you want to continue?", so apt stops there.

    ```dockerfile bad
    FROM debian:12
    RUN apt-get update && apt-get install \
          # for the health check
          curl && rm -rf /var/lib/apt/lists/*
    ```
    ```dockerfile fixed
    FROM debian:12
    RUN apt-get update && apt-get install -y \
          # for the health check
          curl && rm -rf /var/lib/apt/lists/*
    ```
    ```dockerfile bad
    FROM debian:12
    RUN ["apt-get", "install", "curl"]
    ```
    ```dockerfile fixed
    FROM debian:12
    RUN ["apt-get", "install", "-y", "curl"]
    ```
    ```dockerfile good
    FROM debian:12
    RUN apt-get -qqy install curl
    RUN apt-get -qq install curl && apt-get -q=2 install wget
    RUN yes | apt-get install nano
    RUN apt-get -o APT::Get::Assume-Yes=true install jq
    ```
    A configuration written earlier counts too:
    ```dockerfile good
    FROM debian:12
    RUN echo 'APT::Get::Assume-Yes "true";' > /etc/apt/apt.conf.d/90yes
    RUN apt-get install curl
    ```
    ```dockerfile bad
    FROM debian:12
    RUN apt-get -o Acquire::Retries=3 upgrade
    ```
    ```dockerfile fixed
    FROM debian:12
    RUN apt-get -o Acquire::Retries=3 upgrade -y
    ```
    Nothing is asked when nothing is done:
    ```dockerfile good
    FROM debian:12
    RUN apt-get install --dry-run curl
    ```
    Options in a variable may hold the answer:
    ```dockerfile bad
    FROM debian:12
    RUN apt-get $OPTIONS install curl
    ```
    """
    call = package_call(command)
    if call is None or not call.asks or not call.words or _answered(command):
        return
    asking = next(word for word in command.args if word is call.words[-1])
    safety = SAFE if failure_ends(command) else UNSAFE
    fix = Fix([insert_words(asking, "-y")], safety, f"Add -y to {command.name}", ("answer-yes",))
    hidden = any(word.value is None and word.start < asking.start for word in command.args)
    yield report(asking, fix=None if hidden else fix)


def _answered(command: Command) -> bool:
    if command.option("-y", "--yes", "--assume-yes", "--force-yes", "--assume-no", "-s", "--simulate", "--just-print"):
        return True
    if command.option("--dry-run", "--recon", "--no-act", "--print-uris", "-d", "--download-only", "-h", "--help"):
        return True
    quiet = 0
    for word in command.args:
        text = word.text
        if text.startswith("--q"):
            quiet += 1
        elif text.startswith("-q"):
            quiet += 2 if "=2" in text else text.split("=", 1)[0].count("q")
        elif text.startswith("-") and not text.startswith("--"):
            quiet += text.count("q")
    if quiet >= 2:
        return True
    if any("assume-yes" in word.text.lower() for word in command.args):
        return True
    return answered_elsewhere(command, "assume-yes")


@rule(
    "DL3009",
    "apt-lists-not-removed",
    on=Run,
    reads="family",
    mentions=("apt",),
    profiles=("default", "hadolint"),
    aliases=("hadolint:DL3009",),
)
def apt_lists_not_removed(run: Run) -> Findings:
    r"""Delete apt's package lists in the RUN that fetched them

    The lists are 20 to 40 MB that every image built on this layer carries along, and nothing reads them.

    ```dockerfile bad
    FROM debian:12
    RUN apt-get update && apt-get install -y curl
    ```
    ```dockerfile fixed
    FROM debian:12
    RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
    ```
    ```dockerfile bad
    FROM debian:12
    RUN set -ex; \
        apt-get update \
     && apt-get install -y \
            # what the server links against
            libpq5 \
            curl
    ```
    ```dockerfile fixed
    FROM debian:12
    RUN set -ex; \
        apt-get update \
     && apt-get install -y \
            # what the server links against
            libpq5 \
            curl \
     && rm -rf /var/lib/apt/lists/*
    ```
    The removal has to be allowed to the user who runs it:
    ```dockerfile bad
    FROM jenkins/jenkins:lts
    USER jenkins
    RUN sudo apt-get update && sudo apt-get install -y make
    ```
    ```dockerfile fixed
    FROM jenkins/jenkins:lts
    USER jenkins
    RUN sudo apt-get update && sudo apt-get install -y make && sudo rm -rf /var/lib/apt/lists/*
    ```
    ```dockerfile bad
    FROM debian:12
    RUN apt-get -o Acquire::Retries=3 update
    ```
    ```dockerfile fixed
    FROM debian:12
    RUN apt-get -o Acquire::Retries=3 update && rm -rf /var/lib/apt/lists/*
    ```
    Removing something else is no removal of the lists:
    ```dockerfile bad
    FROM debian:12
    RUN apt-get update && apt-get install -y curl && rm -rf /tmp/x
    ```
    ```dockerfile fixed
    FROM debian:12
    RUN apt-get update && apt-get install -y curl && rm -rf /tmp/x && rm -rf /var/lib/apt/lists/*
    ```
    A later install that relies on the lists has to fetch them, and may find newer ones:
    ```dockerfile bad
    FROM debian:12
    RUN apt-get update
    RUN apt-get install -y curl && apt-get clean
    WORKDIR /a
    RUN make && DEBIAN_FRONTEND=noninteractive apt-get install -y git
    ```
    ```dockerfile unsafe
    FROM debian:12
    RUN apt-get update && apt-get install -y curl && apt-get clean && rm -rf /var/lib/apt/lists/*
    WORKDIR /a
    RUN make && apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y git && rm -rf /var/lib/apt/lists/*
    ```
    What looks at them later would find nothing:
    ```dockerfile bad
    FROM debian:12
    RUN apt-get update && apt-get install -y tree
    ENV A=b
    RUN ls /var/lib/apt/lists > /lists
    ```
    Steps directly behind it that read them become one with it, unless that would keep long ones together:
    ```dockerfile bad
    FROM debian:12
    RUN apt-get update && apt-get install -y curl
    # for the build
    RUN apt-get install -y make && apt-get clean
    RUN apt-get install -y git
    ```
    ```dockerfile fixed
    FROM debian:12
    RUN apt-get update && apt-get install -y curl \
        # for the build
        && apt-get install -y make && apt-get clean \
        && apt-get install -y git && rm -rf /var/lib/apt/lists/*
    ```
    ```dockerfile bad
    FROM debian:12
    RUN apt-get update && apt-get install -y make && make install
    RUN apt-get install -y git
    ```
    ```dockerfile unsafe
    FROM debian:12
    RUN apt-get update && apt-get install -y make && make install && rm -rf /var/lib/apt/lists/*
    RUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*
    ```
    Some scripts are known: that of NodeSource begins with an update, and those of Composer and conda need none.
    ```dockerfile bad
    FROM debian:12
    RUN apt-get update && apt-get install -y curl
    RUN php /tmp/composer-setup.php && . /etc/os-release && bash /tmp/Miniconda3-latest-Linux-x86_64.sh -b
    RUN curl -sL https://deb.nodesource.com/setup_20.x | bash -
    RUN apt-get install -y nodejs
    ```
    ```dockerfile fixed
    FROM debian:12
    RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
    RUN php /tmp/composer-setup.php && . /etc/os-release && bash /tmp/Miniconda3-latest-Linux-x86_64.sh -b
    RUN curl -sL https://deb.nodesource.com/setup_20.x | bash -
    RUN apt-get install -y nodejs
    ```
    But with `-f` a script that could not be fetched is none:
    ```dockerfile bad
    FROM debian:12
    RUN apt-get update && apt-get install -y curl
    RUN curl -fsSL https://deb.nodesource.com/setup_20.x | bash -
    COPY a /
    RUN apt-get install -y nodejs
    ```
    ```dockerfile unsafe
    FROM debian:12
    RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
    RUN curl -fsSL https://deb.nodesource.com/setup_20.x | bash -
    COPY a /
    RUN apt-get update && apt-get install -y nodejs && rm -rf /var/lib/apt/lists/*
    ```
    A program that was copied may be a script that installs:
    ```dockerfile bad
    FROM debian:12
    COPY add-package /usr/local/bin/
    RUN apt-get update && apt-get install -y tree
    RUN add-package hello
    ```
    ```dockerfile unsafe
    FROM debian:12
    COPY add-package /usr/local/bin/
    RUN apt-get update && apt-get install -y tree && rm -rf /var/lib/apt/lists/*
    RUN add-package hello
    ```
    The next update fetches them again, and an interactive shell and a script that can be read hide nothing:
    ```dockerfile bad
    FROM debian:12
    RUN apt-get update && apt-get install -y gnupg
    COPY keys /usr/share/keyrings
    RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
    RUN bash -c "curl https://example.com/a | tee /a" && apt-get install -y /a.deb
    CMD ["/bin/bash"]
    ```
    ```dockerfile fixed
    FROM debian:12
    RUN apt-get update && apt-get install -y gnupg && rm -rf /var/lib/apt/lists/*
    COPY keys /usr/share/keyrings
    RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
    RUN bash -c "curl https://example.com/a | tee /a" && apt-get install -y /a.deb
    CMD ["/bin/bash"]
    ```
    Where it is certain which folder the build context is, a script that the container starts with can be read:
    ```yaml context
    start.sh: "#!/bin/sh\nset -e\nmkdir -p /data\nexec \"$@\"\n"
    late.sh: "#!/bin/sh\n./setup.sh\nexec \"$@\"\n"
    ```
    ```dockerfile bad
    FROM debian:12
    RUN apt-get update && apt-get install -y curl
    COPY start.sh /usr/local/bin/
    ENTRYPOINT ["/usr/local/bin/start.sh"]
    ```
    ```dockerfile fixed
    FROM debian:12
    RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
    COPY start.sh /usr/local/bin/
    ENTRYPOINT ["/usr/local/bin/start.sh"]
    ```
    ```dockerfile bad
    FROM debian:12
    RUN apt-get update && apt-get install -y curl
    COPY late.sh /
    ENTRYPOINT ["sh", "/late.sh"]
    ```
    ```dockerfile unsafe
    FROM debian:12
    RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
    COPY late.sh /
    ENTRYPOINT ["sh", "/late.sh"]
    ```
    ```yaml context
    ```
    A script that runs later might rely on them:
    ```dockerfile bad
    FROM debian:12
    RUN apt-get update && apt-get install -y curl
    COPY setup.sh /
    RUN sh /setup.sh
    ```
    ```dockerfile unsafe
    FROM debian:12
    RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
    COPY setup.sh /
    RUN sh /setup.sh
    ```
    ```dockerfile good
    FROM debian:12
    RUN --mount=type=cache,target=/var/lib/apt apt-get update && apt-get install -y curl
    RUN apt-get update && apt-get install -y curl && rm -r -f /var/lib/apt/lists/*
    RUN apt-get update && apt-get install -y curl && find /var/lib/apt/lists -type f -delete
    RUN apt-get update && apt-get install -y curl && apt-get dist-clean
    ```
    The layers of a stage that only hands files on are thrown away:
    ```dockerfile good
    FROM golang:1.22 AS build
    RUN apt-get update && apt-get install -y protobuf-compiler
    RUN go build -o /app
    FROM scratch
    COPY --from=build /app /app
    ```
    """
    if run.stage is None or not run.file.facts.ships(run.stage):
        return
    if any(target == LISTS or LISTS.startswith(f"{target}/") for target in run.scratch_mounts):
        return
    last: Command | None = None
    for command in run.commands:
        if fetches_lists(command):
            last = command
        elif last is not None and removes_lists(command):
            last = None
    if last is not None:
        yield report(last, fix=_removal(run, last))


def _removal(run: Run, update: Command) -> Fix | None:
    if run.in_onbuild or run.form != "shell" or not run.scripts:
        return None
    from dlinter_rules.apt_later import later_use, removed_as_proven

    verdict = later_use(run)
    if not verdict and certainly_runs(update):
        fix = removed_as_proven(run, update)
        if fix is not None:
            return fix
    if verdict is None:
        return fetched_by_each(run, update)
    if not certainly_runs(update):
        return None
    script = run.scripts[0]
    prefix = "sudo " if "sudo" in update.wrappers else ""
    edit = append_command(script, f"{prefix}rm -rf {LISTS}/*")
    if edit is None:
        return None
    safety = SAFE if verdict and not traps(script) else UNSAFE
    return Fix([edit], safety, "Remove the lists at the end of this RUN", ("package-lists-removed",))
