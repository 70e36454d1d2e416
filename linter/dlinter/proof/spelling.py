"""Words that are spelt in another way and mean the same."""

from __future__ import annotations

from dlinter.proof.body import DEFAULT_SHELL, PLAIN_SHELL
from dlinter.proof.known import system_shell
from dlinter.proof.normal import GLOB, LITERAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.proof.neutral import Where
    from dlinter.proof.normal import Form, Word


def no_option(old: tuple[Word, ...], new: tuple[Word, ...], index: int, where: Where) -> bool:
    """True if ``*.x`` has become ``./*.x`` where no name that begins with a dash could have been an option.

    A full stop is no option of rm and chmod, alone or in a cluster, and ends no long one (rm(1), chmod(1)): such a name
    makes them fail, and with them the build. ``--reference=x.y`` makes chmod take its mode for a file.
    """
    x, y = old[index], new[index]
    if not where.fatal or where.before is None or type(x) is not tuple or type(y) is not tuple:
        return False
    if not x or x[0][0] != GLOB or x[0][1] not in ("*", "?") or y != ((LITERAL, "./", ""), *x):
        return False
    if any(part[0] not in (GLOB, LITERAL) for part in x):
        return False
    if not any(part[0] == LITERAL and "." in part[1] for part in x) or old[0] not in ("rm", "chmod"):
        return False
    fixed = [word for word in old[1:] if type(word) is str]
    if any(word.startswith("-") and set(word) & set("vc") for word in fixed):
        return False  # the names are printed
    fixed = fixed[: sum(type(word) is str for word in old[1:index])]
    if "--" in fixed or any(word.startswith("--") for word in fixed):
        return False
    return old[0] == "rm" or any(not word.startswith("-") for word in fixed[:2])


def dot_is_source(old: Form, new: Form, where: Where) -> bool:
    """True if ``source x`` has become ``. x`` where both are the same builtin.

    In bash they always are. In ash the failure of ``.`` ends the shell, which makes no difference where it fails the
    RUN anyway, and assignments before it stay.
    """
    run = where.before
    if old[2][:1] != ("source",) or new[2][:1] != (".",) or old[1] or len(old[2]) != 2 or run is None:
        return False
    if run.body is None or run.body.shell not in (DEFAULT_SHELL, PLAIN_SHELL) or run.body.alone or where.inner:
        return False
    shell = system_shell(run)
    return shell == "bash" or (shell == "ash" and where.fatal == 2)
