"""apk, the package manager of Alpine."""

from __future__ import annotations

from dlinter import SAFE, UNSAFE, Command, Edit, Findings, Fix, Run, Severity, report, rule
from dlinter.shell_edits import chain, command_of, insert_words, remove_element
from dlinter_rules.proven import accepted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.edits import Safety

_CACHES = ("/var/cache/apk", "/etc/apk/cache")


@rule(
    "DL3019",
    "apk-add-cache",
    on=Run,
    mentions=("apk",),
    severity=Severity.INFO,
    profiles=("default", "hadolint"),
    aliases=("hadolint:DL3019",),
)
def apk_add_cache(run: Run, *, cleaned: bool = True) -> Findings:
    r"""Install with apk add --no-cache

    Without it the package index stays in the layer; nothing reads it again.

    ```dockerfile bad
    FROM alpine:3.20
    RUN apk add curl
    ```
    ```dockerfile fixed
    FROM alpine:3.20
    RUN apk add --no-cache curl
    ```
    An update before it is of no use any more, as --no-cache fetches the index by itself:
    ```dockerfile bad
    FROM alpine:3.20
    RUN apk update \
        && apk add \
            # certificates for the client
            ca-certificates \
            curl \
        && echo done
    ```
    ```dockerfile fixed
    FROM alpine:3.20
    RUN apk add --no-cache \
            # certificates for the client
            ca-certificates \
            curl \
        && echo done
    ```
    An upgrade needs the index that the update fetched:
    ```dockerfile bad
    FROM alpine:3.20
    RUN apk update && apk upgrade && apk add curl
    ```
    ```dockerfile fixed
    FROM alpine:3.20
    RUN apk update && apk upgrade && apk add --no-cache curl
    ```
    apk knows the option since Alpine 3.3:
    ```dockerfile good
    FROM alpine:3.2
    RUN apk add curl
    ```
    With it nothing is left to remove. The default profile sets the option `cleaned` to false, which is content with
    the removal:
    ```dockerfile bad
    FROM alpine:3.20
    RUN apk add --update curl && rm -rf /var/cache/apk/* && curl --version
    ```
    ```dockerfile fixed
    FROM alpine:3.20
    RUN apk add --no-cache --update curl && curl --version
    ```
    ```dockerfile bad
    FROM alpine:3.20
    RUN apk upgrade -U && apk add curl && rm -rf /var/cache/apk/*
    ```
    ```dockerfile fixed
    FROM alpine:3.20
    RUN apk upgrade -U && apk add --no-cache curl && rm -rf /var/cache/apk/*
    ```
    ```dockerfile bad
    FROM alpine:3.20
    RUN apk update \
        && apk add git \
        && apk add -t deps gcc \
        && make && apk del deps && rm /var/cache/apk/*
    ```
    ```dockerfile fixed
    FROM alpine:3.20
    RUN apk add --no-cache git \
        && apk add --no-cache -t deps gcc \
        && make && apk del deps
    ```
    Without -f the removal fails where nothing is, and after an upgrade there is something:
    ```dockerfile bad
    FROM alpine:3.20
    RUN apk add curl; rm /var/cache/apk/*
    ```
    ```dockerfile bad
    FROM alpine:3.20
    RUN apk upgrade -U && apk add curl && rm /var/cache/apk/*
    ```
    ```dockerfile good
    FROM alpine:3.20
    RUN apk --no-cache add curl
    RUN apk add curl && apk cache clean
    RUN --mount=type=cache,target=/etc/apk/cache apk add curl
    ```
    """
    if run.stage is None or not run.file.facts.ships(run.stage) or _too_old(run):
        return
    if any(cache == target or cache.startswith(f"{target}/") for cache in _CACHES for target in run.scratch_mounts):
        return
    calls = [command for command in run.commands if command.name == "apk"]
    adds = [command for command in calls if _sub(command) == "add"]
    wanting = [command for command in adds if command.option("--no-cache") is None and not _other_cache(command)]
    removals = [command for command in run.commands if _removes_index(command)]
    if not wanting or (removals and (not cleaned or any(c.name != "rm" for c in removals))):
        return
    superfluous = _superfluous_update(run, calls, adds) if not run.in_onbuild else None
    for number, command in enumerate(wanting):
        add = command.operand("add")
        if add is None:
            continue
        fix = None
        if not run.in_onbuild:
            safety = UNSAFE if _reads_cache(run, calls) else SAFE
            fix = Fix([insert_words(add, "--no-cache")], safety, "Add --no-cache", ("package-cache-off",))
            if number == 0 and superfluous is not None and len(wanting) == 1:
                fix = fix + Fix([superfluous], SAFE, "", ("package-cache-off",))
            if removals:
                # what is removed once is left behind by none
                whole = _all_of(wanting, safety, superfluous)
                fix = _with_removal(run, whole, removals, superfluous) if number == 0 else None
        if fix is not None and fix.safety is SAFE and "/var/cache" in run.file.text:
            # another step may want it there
            fix = fix if accepted(run.file, list(fix.edits), fix.neutral) else None
        yield report(add, fix=fix)


def _all_of(wanting: list[Command], safety: Safety, superfluous: Edit | None) -> Fix:
    """``--no-cache`` for all of *wanting*, and the update that is of no use then taken out."""
    adds = [add for command in wanting if (add := command.operand("add")) is not None]
    edits = [insert_words(add, "--no-cache") for add in adds]
    return Fix(edits + [e for e in (superfluous,) if e is not None], safety, "Add --no-cache", ("package-cache-off",))


def _with_removal(run: Run, fix: Fix, removals: list[Command], superfluous: Edit | None) -> Fix | None:
    """*fix*, and the only removal of the index taken out of a pure and-list; None where it might fail then."""
    script = run.scripts[0]
    elements = chain(script)
    if len(removals) == 1 and elements is not None and len(run.scripts) == 1:
        removal = removals[0]
        at = next((n for n, element in enumerate(elements) if command_of(script, element) is removal), None)
        operands = [word.text for word in removal.args if word.text[:1] != "-"]
        # an upgrade leaves its index there as well
        subs = ("add", "del", "update" if superfluous is not None else "")
        alone = all(_sub(command) in subs for command in run.commands if command.name == "apk")
        if at is not None and operands == ["/var/cache/apk/*"] and not removal.wrappers and alone:
            edit = remove_element(script, elements, at)
            if edit is not None and not any(edit.clashes(other) for other in fix.edits):
                return fix + Fix([edit], SAFE, "", ("package-cache-off",))
    forced = all(any(w.text[:1] == "-" and "f" in w.text for w in removal.args) for removal in removals)
    return fix if forced else None


def _too_old(run: Run) -> bool:
    """True for Alpine before 3.3, whose apk has no ``--no-cache`` (apk-tools 2.6.4)."""
    assert run.stage is not None
    base = run.file.facts.base(run.stage)
    if base is None or base.path.rsplit("/", 1)[-1] != "alpine" or not base.tag:
        return False
    numbers = base.tag.lstrip("v").split(".")
    return numbers[0] == "2" or (numbers[0] == "3" and len(numbers) > 1 and numbers[1] in ("0", "1", "2"))


def _sub(command: Command) -> str | None:
    word = command.operand()
    return word.value if word is not None else None


def _other_cache(command: Command) -> bool:
    return command.option("--cache-dir", "--root", "-p") is not None


def _removes_index(command: Command) -> bool:
    if command.name == "apk" and _sub(command) == "cache":
        return command.operand() is not None and any(word.text in ("clean", "purge") for word in command.args)
    if command.name not in ("rm", "find"):
        return False
    return any("/var/cache" in word.text or "/etc/apk/cache" in word.text for word in command.args)


def _reads_cache(run: Run, calls: list[Command]) -> bool:
    """True if a command of the RUN may miss the index, or a cache that it deletes."""
    if any(_sub(call) not in ("add", "del", "update", "upgrade", "fix", None) for call in calls):
        return True
    return any(
        command.name == "rm" and command.option("-f", "--force") is None and ".cache" in word.text
        for command in run.commands
        for word in command.args
    )


def _superfluous_update(run: Run, calls: list[Command], adds: list[Command]) -> Edit | None:
    """The removal of an ``apk update`` that only serves ``apk add``, out of a pure and-list."""
    others = [command for command in calls if command not in adds and _sub(command) != "del"]
    if len(others) != 1 or _sub(others[0]) != "update" or len(run.scripts) != 1:
        return None
    script = run.scripts[0]
    elements = chain(script)
    if elements is None or script.quoting not in ("", "heredoc") or others[0].simple is None:
        return None
    if others[0].simple.redirects or others[0].wrappers or len(others[0].args) != 1:
        return None
    for index, element in enumerate(elements):
        if command_of(script, element) is others[0]:
            return remove_element(script, elements, index)
    return None
