"""Whether apt has package lists when a step begins."""

from __future__ import annotations

from dlinter.proof.body import VERBATIM
from dlinter.proof.calls import Call, calls_of, unconditional
from dlinter.proof.later import opaque
from dlinter.proof.mounts import mounted_over
from dlinter.proof.packages import packages_at
from dlinter.proof.tables import FAMILIES, listed
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.proof.build import Build
    from dlinter.proof.state import Effect

#: official images that come without package lists
_EMPTY = re.compile(r"(?:docker\.io/)?(?:library/)?(?:debian|ubuntu)(?::[\w.-]+)?(?:@sha256:[0-9a-f]+)?")
_LISTS = "/var/lib/apt/lists"
#: packages that these images have already, so that apt can be asked for them without lists
THERE = listed(
    "adduser apt base-files base-passwd bash bsdutils coreutils dash debconf debian-archive-keyring debianutils "
    "diffutils dpkg e2fsprogs findutils gcc-10-base gpgv grep gzip hostname init-system-helpers libc-bin libc6 "
    "login logsave lsb-base mawk mount ncurses-base ncurses-bin passwd perl-base procps sed sensible-utils "
    "sysvinit-utils tar tzdata ubuntu-keyring usrmerge util-linux zlib1g bzip2 lsb-release iproute2 iputils-ping "
    "inetutils-ping netbase readline-common ifupdown makedev initscripts upstart sudo vim-tiny net-tools locales cron "
    "rsyslog logrotate ureadahead udev module-init-tools less gnupg"
)


def fetched(build: Build, run: Effect, update: Call) -> bool:
    """True if *update*, which *run* has now, fetches lists without which an installation of *run* cannot succeed."""
    body = run.body
    if body is None or update.name not in ("apt-get", "apt") or update.operands != ("update",) or run.stage is None:
        return False
    if mounted_over(run, [_LISTS]):
        return False
    calls = [call for call, _ in calls_of(body)]
    at = next((n for n, call in enumerate(calls) if call.words == update.words), len(calls))
    if any(call.name in FAMILIES["apt"] or opaque(call) for call in calls[:at]):
        return False
    following = next((call for call in calls[at + 1 :] if call.name in FAMILIES["apt"]), None)
    packages = packages_at(following.words) if following is not None else None
    if following is None or not packages or following.words not in {call.words for call in unconditional(body)}:
        return False
    wanted = {re.split("[=/:]", name)[0] for name in packages.values()}
    new = [name for name in wanted if name not in THERE and name[:3] != "lib" and "*" not in name]
    return following.wrappers == update.wrappers and bool(new) and _nothing_before(run)


def _nothing_before(run: Effect) -> bool:
    assert run.stage is not None
    stages = list(run.stage.chain())
    image = run.stage.image
    if image is None or not _EMPTY.fullmatch(image):
        return False
    for stage in reversed(stages):
        effects = stage.effects[1 : run.position] if stage is run.stage else stage.effects[1:]
        for effect in effects:
            if effect.kind == "copy":
                path = effect.place
                if path is None or _LISTS.startswith(path.rstrip("/") + "/") or path.startswith("/var/lib/apt"):
                    return False
            elif effect.kind in ("unknown", "volume") or not _leaves_none(effect):
                return False
    return True


def _leaves_none(run: Effect) -> bool:
    """True if there are neither lists nor more packages after *run* than before."""
    body = run.body
    if body is None or run.kind != "run":
        return True
    if (body.shell is not None and body.form[0] == VERBATIM) or mounted_over(run, [_LISTS]):
        return False
    # what an earlier installation brought along can be asked for without lists
    return not any(call.name in FAMILIES["apt"] or call.name == "dpkg" or opaque(call) for call, _ in calls_of(body))
