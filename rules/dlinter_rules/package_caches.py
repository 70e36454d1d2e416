"""The caches of Composer and conda."""

from __future__ import annotations

from dlinter import SAFE, Command, Findings, Fix, Run, Severity, report, rule
from dlinter.packages import PackageCall, package_call
from dlinter_grammar import regex as re
from dlinter_rules.chains import follow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


#: options with which nothing is kept, or nothing done
_IDLE = ("--no-cache", "--dry-run", "--help", "-h", "--no-install")


def _uncleaned(
    run: Run, managers: tuple[str, ...], removed: Callable[[Command], bool]
) -> tuple[Command, PackageCall] | None:
    """The last installation after which the cache is not cleaned, in a stage whose layers ship."""
    if run.stage is None or not run.file.facts.ships(run.stage) or run.scratch_mounts:
        return None
    last: tuple[Command, PackageCall] | None = None
    for command in run.commands:
        call = package_call(command)
        if call is not None and call.manager in managers:
            if call.action == "clean":
                last = None
            elif call.action in ("install", "upgrade") and call.words and not call.has(*_IDLE):
                last = command, call
        elif last is not None and removed(command):
            last = None
    return last


@rule(
    "DL8201",
    "composer-cache-kept",
    on=Run,
    mentions=("composer",),
    severity=Severity.INFO,
    aliases=("S6587",),
)
def composer_cache_kept(run: Run) -> Findings:
    r"""Run composer clear-cache in the RUN that installs

    Composer keeps the archive of every package beside the installed files, and nothing reads it again.

    ```dockerfile bad
    FROM php:8.3
    COPY composer.json composer.lock ./
    RUN composer install --no-dev --no-interaction \
     && rm -rf tests
    ```
    ```dockerfile fixed
    FROM php:8.3
    COPY composer.json composer.lock ./
    RUN composer install --no-dev --no-interaction \
     && composer clear-cache \
     && rm -rf tests
    ```
    ```dockerfile bad
    FROM php:8.3
    RUN php /usr/bin/composer.phar global require phpunit/phpunit
    ```
    ```dockerfile fixed
    FROM php:8.3
    RUN php /usr/bin/composer.phar global require phpunit/phpunit && php /usr/bin/composer.phar clear-cache
    ```
    ```dockerfile good
    FROM php:8.3
    RUN composer install && composer clearcache
    RUN composer install && rm -rf /root/.composer/cache
    RUN composer install && rm -rf ~/.composer
    RUN composer install --no-cache
    RUN --mount=type=cache,target=/root/.composer/cache composer install
    RUN composer self-update && composer dump-autoload && COMPOSER_CACHE_DIR=/dev/null composer install
    ```
    ```dockerfile good
    FROM php:8.3
    ENV COMPOSER_CACHE_DIR=/dev/null
    RUN composer install
    ```
    The layers of a stage that only hands files on are thrown away:
    ```dockerfile good
    FROM composer:2 AS vendor
    RUN composer install
    FROM php:8.3
    COPY --from=vendor /app/vendor /app/vendor
    ```
    """
    last = _uncleaned(run, ("composer",), _removes_composer)
    if last is None or last[1].subcommand == "self-update":
        return
    command, call = last
    names = ("COMPOSER_CACHE_DIR", "COMPOSER_NO_CACHE", "COMPOSER_HOME", " HOME=")
    if any(name in run.file.facts.env(run) for name in names) or any(name in run.syntax.map.text for name in names):
        return
    words = [word for word in command.args if any(word is each for each in call.words)]
    program = command.words[: command.words.index(words[0])]
    program = program[len(command.wrappers) :]
    while program and program[-1].text[:1] == "-":
        program.pop()
    scoped = bool(program) and program[-1].text == "global"
    if scoped:
        program.pop()
    plain = program and all(word.value is not None for word in program) and program[-1].text[:1] != "-"
    text = " ".join(word.text for word in program)
    edit = follow(command, f"{text} clear-cache") if plain and _is_composer(text) else None
    fix = Fix([edit], SAFE, "Clear the cache", ("package-cache-off",)) if edit is not None else None
    yield report(words[-1], fix=fix)


def _is_composer(text: str) -> bool:
    words = text.split()
    name = words[-1].rpartition("/")[2]
    return name in ("composer", "composer.phar") and (len(words) == 1 or (len(words) == 2 and words[0] == "php"))


def _removes_composer(command: Command) -> bool:
    if command.name not in ("rm", "find"):
        return False
    texts = [word.text.strip("\"'").rstrip("/*") for word in command.args]
    return any("composer" in text or text in ("/root", "~", "$HOME", "/root/.cache", "~/.cache") for text in texts)


@rule(
    "DL8301",
    "conda-install-cache",
    on=Run,
    mentions=("conda", "mamba"),
    severity=Severity.INFO,
    aliases=("DF048", "DOK-P1006"),
)
def conda_cache_kept(run: Run) -> Findings:
    r"""Run conda clean in the RUN that installs

    conda keeps the archive of every package beside the installed files, hundreds of megabytes in the layer.

    ```dockerfile bad
    FROM continuumio/miniconda3
    RUN conda install -y numpy
    ```
    ```dockerfile fixed
    FROM continuumio/miniconda3
    RUN conda install -y numpy && conda clean -ay
    ```
    ```dockerfile bad
    FROM condaforge/miniforge3
    COPY environment.yml .
    RUN mamba env update -n base -f environment.yml && \
        rm environment.yml
    ```
    ```dockerfile fixed
    FROM condaforge/miniforge3
    COPY environment.yml .
    RUN mamba env update -n base -f environment.yml && \
        mamba clean -ay && \
        rm environment.yml
    ```
    ```dockerfile good
    FROM continuumio/miniconda3
    RUN conda install -y numpy && conda clean --all -f -y
    RUN conda install -y numpy && rm -rf /opt/conda/pkgs
    RUN --mount=type=cache,target=/opt/conda/pkgs conda install -y numpy
    RUN conda create -y -n a python=3.12 && conda clean -tipy
    RUN conda config --add channels conda-forge && conda info
    ```
    """
    last = _uncleaned(run, ("conda", "mamba", "micromamba"), _removes_conda)
    if last is None or "CONDA_PKGS_DIRS" in run.file.facts.env(run):
        return
    command, call = last
    words = [word for word in command.args if any(word is each for each in call.words)]
    name = command.words[len(command.wrappers)]
    edit = None
    plain = name.value is not None and name.value.rpartition("/")[2] == command.name
    if plain and not _OLD_CONDA.search(run.file.text):
        edit = follow(command, f"{name.text} clean -ay")
    fix = None
    if edit is not None:
        fix = Fix([edit], SAFE, "Clean the cache", ("package-cache-off",))
    yield report(words[-1], fix=fix)


#: conda before 4 does not know ``clean --all``
_OLD_CONDA = re.compile(r"conda\d?[-:]v?[1-3]\.")


def _removes_conda(command: Command) -> bool:
    return command.name in ("rm", "find") and any("/pkgs" in word.text for word in command.args)
