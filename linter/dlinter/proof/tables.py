"""Tables of programs: what their options and sub-commands do.

They are this proof's own: a mistake in those of a rule must not hide here. Sources: apt-get(8), apt(8), apk(8), dnf(8),
yum(8), microdnf(8), zypper(8), pip's, npm's and conda's ``--help``, sudo(8), env(1), xargs(1), wget(1).
"""

from __future__ import annotations


def listed(text: str) -> frozenset[str]:
    """The words of *text*."""
    return frozenset(text.split())


#: programs that run the program behind them, with those of their options that take the next word
WRAPPERS = {
    "sudo": "-u -g -h -p -C -c -D -R -r -t -T -U --user --group --host --prompt --chdir --chroot --role --type",
    "env": "-u -C -S --unset --chdir --split-string",
    "exec": "-a",
    "command": "",
    "nice": "-n --adjustment",
    "nohup": "",
    "time": "-f -o --format --output",
    "eatmydata": "",
    "xargs": "-a -d -E -I -L -n -P -s --arg-file --delimiter --max-args --max-procs --max-lines --replace",
}
_APT = (
    "-o -c -t -a -P --option --config-file --target-release --default-release --host-architecture --build-profiles "
    "--solver --planner"
)
_RPM = (
    "-c --config -d --debuglevel -e --errorlevel -x --exclude --enablerepo --disablerepo --repo --repoid --installroot "
    "--releasever --setopt --forcearch --rpmverbosity --disableplugin --enableplugin --advisory --color -R "
    "--randomwait "
    "--disableexcludes --comment --destdir --downloaddir --repofrompath --transformdb --enable --disable --cve "
    "--bz --bzs --cves --sec-severity --security-severity --advisories --noplugins="
)
_PIP = (
    "-r -c -e -t -i -f -b -d -w -C --requirement --constraint --editable --target --index-url --extra-index-url "
    "--find-links --prefix --root --src --platform --python-version --implementation --abi --global-option "
    "--install-option --build-option --config-settings --no-binary --only-binary --progress-bar --upgrade-strategy "
    "--cache-dir --timeout --retries --proxy --trusted-host --cert --client-cert --log --log-file --exists-action "
    "--build --report --use-feature --use-deprecated --root-user-action --python --keyring-provider --dest --group "
    "--wheel-dir --default-timeout --resume-retries"
)
#: options that take the next word as their value
VALUED: dict[str, frozenset[str]] = {
    name: listed(options)
    for names, options in (
        ("apt apt-get aptitude", _APT),
        (
            "apk",
            "-X --repository -p --root -t --virtual --arch --wait --keys-dir --repositories-file --cache-dir "
            "--cache-max-age --progress-fd --timeout",
        ),
        ("yum dnf dnf5 microdnf tdnf", _RPM),
        ("zypper", "-R --root -c --config -D --reposd-dir -C --cache-dir -p --plus-repo -r --repo --from -t --type"),
        ("pip", _PIP),
        (
            "conda mamba micromamba",
            "-n --name -p --prefix -c --channel --file -f --repodata-fn --solver --experimental",
        ),
        ("npm", "--prefix --registry --cache --loglevel --tag --workspace -w --userconfig --globalconfig -C --scope"),
        ("pacman", "-b --dbpath -r --root --config --cachedir --gpgdir --hookdir --arch --color --ignore --overwrite"),
    )
    for name in names.split()
}
_APT_ASKS = (
    "install upgrade dist-upgrade full-upgrade safe-upgrade remove purge autoremove auto-remove autopurge build-dep "
    "reinstall"
)
_RPM_ASKS = (
    "install in localinstall reinstall update upgrade up upgrade-minimal update-minimal downgrade remove erase rm "
    "autoremove swap distro-sync distribution-synchronization groupinstall group builddep module"
)
_CONDA_ASKS = "install create update upgrade remove uninstall clean"
#: sub-commands that ask before they act
ASKS: dict[str, frozenset[str]] = {
    name: listed(subs)
    for names, subs in (
        ("apt apt-get aptitude", _APT_ASKS),
        ("yum dnf dnf5 microdnf tdnf", _RPM_ASKS),
        (
            "zypper",
            "install in update up patch dist-upgrade dup remove rm install-new-recommends inr source-install si",
        ),
        ("conda mamba micromamba", _CONDA_ASKS),
        ("pip", "uninstall"),
    )
    for name in names.split()
}
#: options that answer yes; behind the sub-command
YES: dict[str, frozenset[str]] = {
    name: listed(options)
    for names, options in (
        ("apt apt-get", "-y --yes --assume-yes"),
        ("aptitude", "-y --assume-yes"),
        ("yum dnf dnf5 microdnf tdnf", "-y --assumeyes"),
        ("zypper", "-y --no-confirm"),
        ("conda mamba micromamba pip", "-y --yes"),
    )
    for name in names.split()
}
#: options with which nothing is done or asked, or that answer no
NOT_ASKING = listed(
    "-s --simulate --just-print --dry-run --recon --no-act --print-uris --assume-no --trivial-only -h --help --no "
    "--assumeno -D"
)
#: (program, option) -> the sub-commands with which it switches the program's own cache off
CACHE_OFF: dict[tuple[str, str], frozenset[str]] = {
    ("apk", "--no-cache"): frozenset({"add", "upgrade", "fix"}),
    ("pip", "--no-cache-dir"): frozenset({"install", "download", "wheel"}),
    ("poetry", "--no-cache"): frozenset({"install", "add", "update"}),
    ("composer", "--no-cache"): frozenset({"install", "update", "require", "create-project"}),
}
#: commands that empty a program's own cache and do nothing else
CLEANERS = frozenset(
    {
        ("apt-get", "clean"), ("apt", "clean"), ("aptitude", "clean"),
        ("yum", "clean", "all"), ("dnf", "clean", "all"), ("microdnf", "clean", "all"), ("tdnf", "clean", "all"),
        ("zypper", "clean"), ("zypper", "clean", "-a"), ("zypper", "clean", "--all"),
        ("npm", "cache", "clean", "--force"), ("yarn", "cache", "clean"),
        ("composer", "clear-cache"),
        ("composer", "clearcache"),
        ("conda", "clean", "-afy"), ("mamba", "clean", "-afy"), ("micromamba", "clean", "-afy"),
        ("conda", "clean", "-ay"), ("mamba", "clean", "-ay"), ("micromamba", "clean", "-ay"),
    }
)  # fmt: skip
#: what a removal may name, and whose it is
REMOVABLE = {
    "/var/lib/apt/lists/*": "apt",
    "/var/cache/apk/*": "apk",
    "/var/cache/yum": "rpm",
    "/var/cache/yum/*": "rpm",
    "/var/cache/dnf": "rpm",
    "/var/cache/dnf/*": "rpm",
    "/var/cache/zypp/*": "zypper",
}
FAMILIES = {
    "apt": frozenset({"apt", "apt-get", "aptitude"}),
    "apk": frozenset({"apk"}),
    "rpm": frozenset({"yum", "dnf", "dnf5", "microdnf", "tdnf"}),
    "zypper": frozenset({"zypper"}),
}
#: official images without a WORKDIR, so that they begin in / (their Dockerfiles in docker-library, 2026-11)
AT_ROOT = listed(
    "almalinux alpine amazonlinux archlinux buildpack-deps busybox centos clearlinux crux debian elixir erlang "
    "fedora gcc haskell java mariadb maven mysql neurodebian nginx node openjdk oraclelinux postgres pypy python "
    "rockylinux ruby rust swift ubuntu"
)
#: other official images, and where they begin (their Dockerfiles)
_BEGIN = {"golang": "/go", "tomcat": "/usr/local/tomcat", "redis": "/data", "httpd": "/usr/local/apache2"}
_HTML = ("apache", "fpm")


def starts_in(image: str) -> str | None:
    """The directory in which the official image *image* begins; None for others, and where it is not known."""
    name, _, tag = image.partition("@")[0].removeprefix("docker.io/").removeprefix("library/").partition(":")
    if "onbuild" in tag:
        return None
    if name == "php":
        return "/var/www/html" if any(variant in tag for variant in _HTML) else "/" if tag else None
    return "/" if name in AT_ROOT else _BEGIN.get(name)


#: sub-commands that mean the same to apt and apt-get
SAME_TOOL = listed("install update upgrade dist-upgrade remove purge autoremove clean autoclean build-dep")
#: options that only make a program quieter; those of wget that BusyBox lacks are in :data:`GNU_ONLY`
QUIET: dict[str, frozenset[str]] = {
    "wget": frozenset({"-q", "-nv", "--no-verbose", "--quiet"}),
    "curl": frozenset({"-s", "-S", "-sS", "-Ss", "--silent", "--show-error"}),
    "apt-get": frozenset({"-q"}),
    "pip": frozenset({"-q", "--quiet"}),
    "npm": frozenset({"--no-progress"}),
    "composer": frozenset({"--no-progress"}),
    "git": frozenset({"-q", "--quiet"}),
    "unzip": frozenset({"-q"}),
}
GNU_ONLY = frozenset({"--progress=dot:giga", "--progress=dot:mega", "--progress=dot", "--no-verbose"})
#: variables that compilers and package managers read, and no program that they make
BUILD_VARIABLES = listed(
    "CARGO_BUILD_JOBS CARGO_HOME CARGO_INCREMENTAL CARGO_NET_GIT_FETCH_WITH_CLI CARGO_TARGET_DIR CARGO_TERM_COLOR CC "
    "CFLAGS CGO_CFLAGS CGO_ENABLED CGO_LDFLAGS CPPFLAGS CXX CXXFLAGS DEBIAN_FRONTEND DOTNET_CLI_TELEMETRY_OPTOUT "
    "DOTNET_NOLOGO GO111MODULE GOARCH GOARM GOBIN GOCACHE GOFLAGS GOMODCACHE GONOSUMDB GOOS GOPATH GOPRIVATE GOPROXY "
    "GOSUMDB GOTOOLCHAIN GRADLE_HOME GRADLE_OPTS GRADLE_USER_HOME LDFLAGS MAKEFLAGS MAVEN_CLI_OPTS MAVEN_CONFIG "
    "MAVEN_HOME MAVEN_OPTS NUGET_XMLDOC_MODE RUSTFLAGS RUSTUP_HOME RUST_MIN_STACK"
)

_OS = "debian ubuntu alpine centos fedora"
_NGINX = "nginx nginx-full nginx-extras nginx-light"
#: a file, the packages of apt that bring it, and the official images that have it (conffiles of Debian's packages, what
#: their maintainer scripts write, docker-library), the same in every release with a package of that name
FILES: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    path: (listed(packages), listed(images))
    for path, packages, images in (
        ("/etc/apache2/apache2.conf", "apache2", ""),
        ("/etc/apache2/envvars", "apache2", ""),
        ("/etc/apache2/ports.conf", "apache2", ""),
        ("/etc/group", "", _OS),
        ("/etc/haproxy/haproxy.cfg", "haproxy", ""),
        ("/etc/nginx/conf.d/default.conf", "", "nginx"),
        ("/etc/nginx/mime.types", _NGINX, "nginx"),
        ("/etc/nginx/nginx.conf", _NGINX, "nginx"),
        ("/etc/passwd", "", _OS),
        ("/etc/php5/apache2/php.ini", "libapache2-mod-php5", ""),
        ("/etc/php5/cli/php.ini", "php5-cli", ""),
        ("/etc/php5/fpm/php-fpm.conf", "php5-fpm", ""),
        ("/etc/php5/fpm/php.ini", "php5-fpm", ""),
        ("/etc/php5/fpm/pool.d/www.conf", "php5-fpm", ""),
        ("/etc/profile", "", _OS),
        ("/etc/redis/redis.conf", "redis-server", ""),
        ("/etc/ssh/sshd_config", "openssh-server", ""),
        ("/etc/supervisor/supervisord.conf", "supervisor", ""),
        ("/etc/varnish/default.vcl", "varnish", ""),
        ("/root/.bashrc", "", "debian ubuntu"),
        ("/root/.profile", "", "debian ubuntu"),
        ("/usr/local/apache2/conf/httpd.conf", "", "httpd"),
        ("/usr/local/tomcat/conf/server.xml", "", "tomcat"),
        ("/usr/local/tomcat/conf/tomcat-users.xml", "", "tomcat"),
        ("/usr/share/nginx/html/index.html", "", "nginx"),
    )
}
