"""How package managers are called: sub-commands, options, the shape of a package.

One table per manager. Its keys, all optional, words separated by spaces:

- ``style``: how options are written: ``getopt`` (clusters, ``-xVALUE``, long options may be shortened), ``long``
  (clusters, no shortening), ``go`` (one dash, no clusters), ``java`` (``-pl LIST``, ``-Dkey``), ``pacman``.
- ``commands``: sub-commands, an alias as ``i=install``; two words joined by ``_`` where the first alone means nothing.
- ``flags`` and ``valued``: options without and with a value, for every sub-command; ``flags_in``, ``valued_in``: more
  for one sub-command. An option that is valued in one sub-command may be a flag elsewhere. ``optional``: options
  whose value stands in the same word or nowhere.
- ``default``: the sub-command if there is none. ``foreign``: sub-commands after which words belong to another program.
- ``install``, ``remove``, ``update`` (of the index), ``upgrade``, ``clean``: the sub-commands that do so.
- ``packages``: sub-commands with operands that are packages. ``shape``: how a package is written.
- ``requirements`` and ``editable``: options whose value is a list of packages, or a package.
- ``yes`` and ``quiet``: options that answer questions, and that silence it. ``asks``: the sub-commands that ask.

Sources: the manual page or ``--help`` of each program, named at each table.
"""

# ruff: noqa: E501
from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# apt-get(8), apt(8) of apt 2.6
_APT: dict[str, Any] = {
    "style": "getopt",
    "shape": "deb",
    "commands": "update upgrade dist-upgrade full-upgrade=dist-upgrade dselect-upgrade install reinstall remove purge"
    " autoremove auto-remove=autoremove autopurge clean autoclean auto-clean=autoclean build-dep source download check"
    " changelog indextargets list search show edit-sources satisfy moo help",
    "flags": "-d --download-only -f --fix-broken -m --ignore-missing --fix-missing --no-download -s --simulate --just-print"
    " --dry-run --recon --no-act -y --yes --assume-yes --assume-no --no-show-upgraded -V --verbose-versions"
    " --no-install-recommends --install-recommends --no-install-suggests --install-suggests --ignore-hold --with-new-pkgs"
    " --no-upgrade --only-upgrade --allow-downgrades --allow-remove-essential --allow-change-held-packages --force-yes"
    " --print-uris --purge --reinstall --list-cleanup --no-list-cleanup --trivial-only --mark-auto --no-remove"
    " --auto-remove --autoremove --no-auto-remove --only-source --diff-only --dsc-only --tar-only --arch-only --indep-only"
    " --allow-unauthenticated --no-allow-insecure-repositories --allow-insecure-repositories --allow-releaseinfo-change"
    " --show-progress -h --help -v --version -u --show-upgraded -b --compile --build --upgradeable --upgradable --installed"
    " -a --all-versions --no-allow-unauthenticated --no-purge --error-on=any --update -U --fix-policy --allow-weak-repositories"
    " --ignore-missing --allow-releaseinfo-change-suite --no-strict-pinning --full --names-only -n --no-force-yes",
    "valued": "-o --option -c --config-file -t --target-release --default-release -P --build-profiles --with-source"
    " --host-architecture --error-on --planner --solver",
    "optional": "-q --quiet --format",
    "install": "install reinstall build-dep satisfy",
    "remove": "remove purge autoremove autopurge",
    "update": "update",
    "upgrade": "upgrade dist-upgrade dselect-upgrade",
    "clean": "clean autoclean",
    "packages": "install reinstall remove purge build-dep source download autoremove changelog show",
    "yes": "-y --yes --assume-yes",
    "quiet": "-q --quiet",
    "asks": "install reinstall remove purge autoremove autopurge upgrade dist-upgrade dselect-upgrade build-dep satisfy",
}

# dnf(8) of dnf 4.14, yum(8) of yum 3.4, microdnf(8), tdnf(8)
_DNF: dict[str, Any] = {
    "style": "getopt",
    "shape": "rpm",
    "commands": "install in=install localinstall=install reinstall rei=reinstall remove rm=remove erase=remove"
    " autoremove autoerase=autoremove update=upgrade up=upgrade upgrade update-to=upgrade upgrade-to=upgrade"
    " localupdate=upgrade update-minimal=upgrade-minimal upgrade-minimal check-update check-upgrade=check-update"
    " distro-sync dsync=distro-sync distribution-synchronization=distro-sync downgrade dg=downgrade clean makecache mc=makecache groupinstall=group_install"
    " groupupdate=group_upgrade groupremove=group_remove grouplist=group_list group_install group_update=group_upgrade"
    " group_remove group_list group_upgrade groups_install=group_install groups_mark=group_mark group_mark module_enable module_disable module_install"
    " module_reset module_list config-manager builddep build-dep=builddep copr_enable copr_disable repolist list ls=list"
    " info search se=search provides whatprovides=provides history swap download repoquery versionlock shell check"
    " needs-restarting mark alias deplist help erase=remove updateinfo version load-transaction",
    "flags": "-y --assumeyes -q --quiet -v --verbose -b --best --nobest -C --cacheonly --nogpgcheck --no-gpgchecks --nogpg"
    " --skip-broken --allowerasing --nodocs --noplugins --refresh --showduplicates --obsoletes --nobest --downloadonly"
    " --assumeno --debugsolver --help -h --version -t --tolerant --security --bugfix --enhancement --newpackage --noautoremove"
    " --setopt-all --strict --save --dump --allow-vendor-change --noautoclean --add --resolve --alldeps --source"
    " --skip-unavailable --skip-if-unavailable --allow-downgrade --no-docs --no-best --urls --repofrompath-only --all"
    " --installed --installed --available --noenable --disable --enable --with-optional --enable-only --transient --set-enabled --set-disabled",
    "valued": "-c --config -d --debuglevel -e --errorlevel --rpmverbosity -R --randomwait -x --exclude --excludepkgs"
    " --installroot --enablerepo --disablerepo --enable-repo --disable-repo --repo --repoid --disableplugin --enableplugin"
    " --releasever --setopt --color --forcearch --repofrompath --disableexcludes --disableexcludepkgs --comment --advisory"
    " --destdir --downloaddir --cve --sec-severity --arch --archlist --advisories --rpmdefine --spec --srpm --add-repo"
    " --from-repo --use-host-config-value -D --define --timer --installsuggests",
    "flags_in": {
        "versionlock": "--raw",
        "repoquery": "-l --list -i --info --requires --provides --qf",
        "search": "--all",
    },
    "valued_in": {"repoquery": "--queryformat --whatprovides --latest-limit", "config-manager": "--add-repo --setopt"},
    "install": "install reinstall group_install module_install builddep swap",
    "remove": "remove autoremove group_remove",
    "update": "makecache check-update",
    "upgrade": "upgrade distro-sync upgrade-minimal group_upgrade",
    "clean": "clean",
    "packages": "install reinstall remove upgrade downgrade group_install module_install module_enable group_remove builddep"
    " download autoremove",
    "yes": "-y --assumeyes",
    "quiet": "-q --quiet",
    "asks": "install reinstall remove autoremove upgrade downgrade group_install group_remove group_upgrade module_install"
    " module_enable builddep distro-sync swap",
}

# pip 24.0 --help
_PIP: dict[str, Any] = {
    "style": "getopt",
    "shape": "pip",
    "commands": "install download uninstall freeze inspect list show check config_set config_get config_list config_edit"
    " config_unset search cache_purge cache_remove cache_info cache_list cache_dir index_versions wheel hash completion"
    " debug help lock",
    "flags": "-h --help --debug --isolated --require-virtualenv -v --verbose -V --version -q --quiet --no-input"
    " --no-cache-dir --disable-pip-version-check --no-color --no-python-version-warning --no-cache",
    "valued": "--python --log --log-file --local-log --keyring-provider --proxy --retries --timeout --default-timeout"
    " --exists-action --trusted-host --cert --client-cert --cache-dir --use-feature --use-deprecated",
    "flags_in": {
        "install": "--no-deps --no-dependencies --pre --dry-run --user --no-user -U --upgrade --force-reinstall"
        " --ignore-installed -I --ignore-requires-python --no-build-isolation --use-pep517 --no-use-pep517"
        " --check-build-dependencies --break-system-packages --compile --no-compile --no-warn-script-location"
        " --no-warn-conflicts --prefer-binary --require-hashes --no-clean --no-index --process-dependency-links --egg"
        " --use-wheel --no-use-wheel --use-mirrors --no-download --no-install --allow-all-external --system --yes -y"
        " --root-user-action=ignore",
        "download": "--no-deps --pre --require-hashes --no-build-isolation --no-index --prefer-binary --no-clean",
        "wheel": "--no-deps --pre --require-hashes --no-build-isolation --no-index --prefer-binary --no-clean --use-pep517"
        " --use-wheel --ignore-requires-python",
        "uninstall": "-y --yes --break-system-packages",
        "freeze": "-l --local --user --all --exclude-editable",
        "list": "-o --outdated -u --uptodate -e --editable -l --local --user --pre --not-required",
        "show": "-f --files",
    },
    "valued_in": {
        "install": "-r --requirement -c --constraint -e --editable -t --target --platform --python-version --implementation"
        " --abi --root --prefix -b --build --build-dir --src --source --source-dir --source-directory --upgrade-strategy"
        " --config-settings -C --install-option --global-option --no-binary --only-binary -i --index-url --pypi-url"
        " --extra-index-url -f --find-links --progress-bar --root-user-action --report --group --download -d --download-cache"
        " --allow-external --allow-unverified --build-option --download-directory --mirrors",
        "download": "-r --requirement -c --constraint -d --dest --destination-dir --destination-directory --platform"
        " --python-version --implementation --abi --no-binary --only-binary -i --index-url --extra-index-url -f --find-links"
        " --progress-bar --src --global-option",
        "wheel": "-r --requirement -c --constraint -w --wheel-dir -e --editable --no-binary --only-binary -i --index-url"
        " --extra-index-url -f --find-links --build-option --global-option --progress-bar --src -b --build --config-settings",
        "uninstall": "-r --requirement --root-user-action",
        "freeze": "-r --requirement --path --exclude",
        "list": "--path --format --exclude -i --index-url --extra-index-url -f --find-links",
        "index_versions": "-i --index-url --extra-index-url",
        "search": "-i --index",
    },
    "install": "install",
    "remove": "uninstall",
    "clean": "cache_purge",
    "packages": "install download uninstall wheel show",
    "requirements": "-r --requirement",
    "editable": "-e --editable",
    "yes": "-y --yes",
    "quiet": "-q --quiet",
    "asks": "uninstall",
}

# conda 24 --help, mamba, micromamba --help
_CONDA: dict[str, Any] = {
    "style": "getopt",
    "shape": "conda",
    "commands": "install create update upgrade=update remove uninstall=remove clean config info list search env_create"
    " env_update env_remove env_list env_export run activate deactivate init shell package build index self-update"
    " build_purge skeleton render convert develop notices rename shell_hook shell_init repoquery compare doctor",
    "flags": "-y --yes -q --quiet -v --verbose -h --help --version -V --json -d --dry-run --debug --no-rc --no-banner"
    " --insecure -k --offline --use-index-cache -C --copy --no-pin --no-deps --only-deps --freeze-installed"
    " --no-update-deps --update-deps --update-all --update-specs --strict-channel-priority --no-channel-priority"
    " --override-channels --use-local -S --satisfied-skip-solve -m --mkdir --download-only --force-reinstall -f --force"
    " --no-shortcuts --clobber --all --prune --experimental-solver --show-channel-urls --yes --always-yes --alt-hint"
    " --unlink -a -t -i -p -l -s --tarballs --packages --index-cache --tempfiles --force-pkgs-dirs --logfiles --no-default-packages"
    " --no-py-pin --trusted-packages --channel-priority=strict --copy --always-copy --always-softlink --no-allow-softlinks"
    " --safety-checks=disabled --verify --no-test --unknown --dev",
    "valued": "-n --name -p --prefix -c --channel --channel-priority --solver --repodata-fn -r --root-prefix --rc-file --log-level"
    " --file --subdir --platform --clone --revision --only-channel --retry-clean-cache --extra-safety-checks --category"
    " --safety-checks --experimental --no-env -np",
    "flags_in": {
        "config": "--system --env --show --show-sources --validate --describe --write-default --stdin --get",
        "clean": "-p -l -t -i -s -a -f -c --lock --source-cache",
        "info": "-a -e --envs -s --all --base",
        "list": "-e --export --explicit --md5 -f --full-name --no-pip -r --reverse",
        "run": "--no-capture-output --live-stream",
    },
    "valued_in": {
        "config": "--add --append --prepend --set --remove --remove-key --get --file",
        "env_create": "-f --file",
        "env_update": "-f --file",
        "install": "--file --revision",
        "create": "--file --clone",
        "build": "--python --output-folder --numpy --user --token",
        "shell_init": "-s --shell",
    },
    "install": "install create env_create env_update",
    "remove": "remove env_remove",
    "update": "",
    "upgrade": "update",
    "clean": "clean",
    "packages": "install create update remove",
    "foreign": "run shell_hook",
    "requirements": "--file",
    "yes": "-y --yes",
    "quiet": "-q --quiet",
    "asks": "install create update remove clean",
}

# npm 10 help; docs.npmjs.com/cli, «config» and each command's page
_NPM: dict[str, Any] = {
    "style": "npm",
    "shape": "npm",
    "commands": "install i=install in=install ins=install inst=install insta=install instal=install isnt=install"
    " isnta=install isntal=install isntall=install add=install ci clean-install=ci ic=ci install-clean=ci isntall-clean=ci"
    " install-test it=install-test install-ci-test cit=install-ci-test uninstall un=uninstall unlink=uninstall remove=uninstall"
    " rm=uninstall r=uninstall update up=update upgrade=update udpate=update run run-script=run rum=run urn=run test t=test"
    " tst=test start restart stop exec x=exec cache_clean cache_clear=cache_clean cache_rm=cache_clean cache_add cache_verify"
    " cache_ls config_set config_get config_delete config_rm=config_delete config_list config_ls=config_list config_edit"
    " c_set=config_set set get rebuild rb=rebuild link ln=link dedupe ddp=dedupe prune audit init create=init innit=init"
    " publish pack version view info=view show=view v=view list ls=list la=list ll=list login adduser=login add-user=login"
    " logout whoami outdated root prefix bin shrinkwrap doctor fund token owner tag dist-tag search help edit explain"
    " explore repo bugs docs home ping profile access pkg set-script completion deprecate diff query star team",
    "flags": "-g --global --location=global --production --prod --only-production --save -S --save-dev -D --save-optional -O --save-prod -P"
    " --save-peer --save-exact -E --save-bundle -B --no-save --no-optional --optional --no-bin-links --no-package-lock"
    " --package-lock --package-lock-only --no-shrinkwrap --ignore-scripts --no-audit --audit --no-fund --fund --force -f"
    " --legacy-peer-deps --strict-peer-deps --legacy-bundling --global-style --prefer-offline --prefer-online --offline"
    " --unsafe-perm --silent -s --quiet -q --verbose -d -dd -ddd --no-progress --progress --no-color --color --yes -y"
    " --json --dry-run --if-present --workspaces --include-workspace-root --foreground-scripts --allow-root --no-cache"
    " --no-update-notifier --version -v --help -h --dev --production=true --engine-strict --link --parseable -p --long -l"
    " --all -a --no-engine-strict --no-strict-ssl --strict-ssl --no-production --no-dev --build-from-source"
    " --no-git-tag-version --install-links --access --unsafe --always-auth --no-update-binary --update-binary --no-optional"
    " --prefer-dedupe --no-registry --no-verify --no-save-dev --cpp --no-spin --spin --dd --python2 --no-shrink-wrap",
    "valued": "--registry --prefix -C --loglevel --only --omit --include --also --depth --cache --cache-min --cache-max --userconfig --globalconfig"
    " --location --workspace -w --tag --otp --scope --fetch-retries --fetch-retry-maxtimeout --fetch-retry-mintimeout"
    " --fetch-timeout --maxsockets --proxy --https-proxy --python --arch --target --target_arch --runtime --dist-url --cwd"
    " --script-shell --jobs --user --install-strategy --audit-level --network-timeout --ca --cafile --noproxy --before"
    " --disturl --node-options --save-prefix --shell --umask --logs-max --package --call -c --sqlite --nodedir --allow-scripts",
    "flags_in": {},
    "valued_in": {},
    "foreign": "run test start restart stop exec init set config_set pkg explore version",
    "install": "install ci install-test install-ci-test",
    "remove": "uninstall",
    "upgrade": "update",
    "clean": "cache_clean",
    "packages": "install uninstall update install-test link view",
    "yes": "-y --yes",
    "quiet": "-q --quiet -s --silent",
}

MANAGERS: dict[str, dict[str, Any]] = {
    "apt-get": _APT,
    "apt": _APT,
    # aptitude(8)
    "aptitude": {
        **_APT,
        "commands": "install remove purge hold unhold keep reinstall update upgrade=safe-upgrade safe-upgrade full-upgrade"
        " dist-upgrade=full-upgrade build-dep clean autoclean search show download markauto unmarkauto why versions",
        "flags": _APT["flags"] + " -R --without-recommends -r --with-recommends -D --show-deps -Z -v --safe-resolver"
        " --full-resolver --no-gui",
        "valued": _APT["valued"] + " -w --width -F --display-format -O --sort --add-user-tag --remove-user-tag",
        "packages": "install remove purge reinstall build-dep download hold markauto unmarkauto show",
        "upgrade": "safe-upgrade full-upgrade",
        "asks": "install remove purge reinstall safe-upgrade full-upgrade build-dep",
    },
    # apk(8) and apk-*(8) of apk-tools 2.14
    "apk": {
        "style": "getopt",
        "shape": "apk",
        "commands": "add del fix update upgrade cache_clean cache_download cache_sync cache_purge info list dot policy search"
        " fetch index manifest verify audit stats version",
        "flags": "-q --quiet -v --verbose -f --force -i --interactive -h --help -V --version -U --update-cache --update"
        " --progress --no-progress --no-cache --no-check-certificate --no-interactive --no-network --no-logfile"
        " --allow-untrusted --print-arch --purge --clean-protected --overlay-from-stdin --force-binary-stdout"
        " --force-broken-world --force-missing-repositories --force-no-chroot --force-non-repository --force-old-apk"
        " --force-overwrite --force-refresh --cache-predownload --no-scripts --no-commit-hooks --initramfs-diskless-boot"
        " -s --simulate --preserve-env --legacy-info --pretty-print --no-chown --root-tmpfs",
        "valued": "-p --root -X --repository --arch --cache-dir --cache-max-age --keys-dir --progress-fd --repositories-file"
        " --wait --timeout --cache-packages",
        "flags_in": {
            "add": "-u --upgrade -l --latest --initdb --usermode --no-chown",
            "del": "-r --rdepends",
            "upgrade": "-a --available -l --latest --ignore --no-self-upgrade --prune --self-upgrade-only",
            "info": "-e --installed -a --all -d --description -L --contents -R --depends -P --provides -r --rdepends -W"
            " --who-owns -s --size -w --webpage -t --triggers -I --install-if -i --replaces --license",
            "list": "-I --installed -a --available -o --orphaned -u --upgradable --upgradeable -P --providers -d --depends",
            "fetch": "-L --link -R --recursive -s --stdout --simulate --url",
            "search": "-a --all -d --description -e --exact --has-origin -o --origin -r --rdepends -x",
            "fix": "-d --depends -r --reinstall -u --upgrade -x --xattr --directory-permissions",
            "version": "-a --all -c --check -I --indexes -t --test",
            "index": "-d --description --rewrite-arch",
        },
        "valued_in": {
            "add": "-t --virtual",
            "fetch": "-o --output",
            "index": "-o --output -x --index",
            "version": "-l --limit",
        },
        "install": "add",
        "remove": "del",
        "update": "update",
        "upgrade": "upgrade fix",
        "clean": "cache_clean cache_purge",
        "packages": "add del fix fetch upgrade info",
        "yes": "",
        "quiet": "-q --quiet",
    },
    "dnf": _DNF,
    "yum": _DNF,
    "microdnf": _DNF,
    "tdnf": _DNF,
    # zypper(8)
    "zypper": {
        "style": "getopt",
        "shape": "zypper",
        "commands": "install in=install source-install si=source-install remove rm=remove verify ve=verify install-new-recommends"
        " inr=install-new-recommends update up=update patch list-updates lu=list-updates dist-upgrade dup=dist-upgrade"
        " addrepo ar=addrepo removerepo rr=removerepo renamerepo nr=renamerepo modifyrepo mr=modifyrepo refresh ref=refresh"
        " clean cc=clean repos lr=repos addlock al=addlock removelock rl=removelock search se=search info if=info packages"
        " pa=packages patterns pt=patterns what-provides wp=what-provides services ls=services addservice as=addservice"
        " refresh-services refs=refresh-services licenses ps download source-download help",
        "flags": "-h --help -V --version -q --quiet -v --verbose --no-color -n --non-interactive"
        " --non-interactive-include-reboot-patches -x --xmlout -i --ignore-unknown --no-cd --no-remote --no-refresh"
        " --gpg-auto-import-keys --no-gpg-checks --disable-repositories --disable-system-resolvables --disable-system-sources"
        " --no-abbrev -A --terse -s --releasever-all",
        "valued": "-c --config -D --reposd-dir -C --cache-dir --raw-cache-dir --solv-cache-dir --pkg-cache-dir -R --root --installroot"
        " -t --table-style -p --plus-repo --releasever --userdata --plus-content --color",
        "flags_in": {
            "install": "-y --no-confirm -l --auto-agree-with-licenses -D --dry-run -d --download-only -f --force --oldpackage"
            " --no-recommends --recommends -C --capability --details --force-resolution --no-force-resolution"
            " --replacefiles --allow-unsigned-rpm --allow-downgrade --no-allow-downgrade --allow-name-change --allow-vendor-change"
            " --no-allow-vendor-change --debug-solver --updatestack-only --no-confirm -n --name --solver-focus=Update -u"
            " --clean-deps --auto-agree-with-product-licenses --allow-arch-change --from-all --no-clean-deps",
            "remove": "-y --no-confirm -u --clean-deps -U --no-clean-deps -n --name -C --capability --details --force-resolution",
            "update": "-y --no-confirm -l --auto-agree-with-licenses --no-recommends --recommends --replacefiles --details -D"
            " --dry-run --best-effort --force-resolution --skip-interactive --with-interactive -d --allow-vendor-change",
            "patch": "-y --no-confirm -l --auto-agree-with-licenses --no-recommends --with-optional --with-update --details"
            " --skip-interactive --with-interactive --updatestack-only",
            "dist-upgrade": "-y --no-confirm -l --auto-agree-with-licenses --no-recommends --recommends --replacefiles"
            " --allow-vendor-change --no-allow-vendor-change --allow-downgrade --details -D --dry-run -d",
            "addrepo": "-c --check -C --no-check -k --keep-packages -K --no-keep-packages -f --refresh -F --no-refresh -g"
            " --gpgcheck -G --no-gpgcheck -d --disable -n -e --gpgcheck-allow-unsigned --default-gpgcheck",
            "refresh": "-f --force -b --force-build -d --force-download -B --build-only -D --download-only -s --services",
            "clean": "-a --all -m --metadata -M --raw-metadata",
            "search": "-s --details -i --installed-only -n --name -u --match-exact -x --match-substrings -C --case-sensitive",
            "modifyrepo": "-d --disable -e --enable -r --refresh -R --no-refresh -k -K -G --no-gpgcheck -g --gpgcheck -a --all"
            " -f --disable-autorefresh",
            "source-install": "-d --build-deps-only -D --no-build-deps -y --no-confirm",
            "repos": "-u --uri -d --details -p --priority -r --refresh -e -E -a",
        },
        "valued_in": {
            "install": "-t --type -r --repo --from --download --solver-focus",
            "remove": "-t --type -r --repo",
            "update": "-t --type -r --repo",
            "patch": "-r --repo --category -g --severity --cve --bugzilla -b --date",
            "dist-upgrade": "--from -r --repo",
            "addrepo": "-r --repo -n --name -p --priority -t --type -c --config",
            "refresh": "-r --repo",
            "search": "-t --type -r --repo",
            "modifyrepo": "-n --name -p --priority",
            "source-install": "-r --repo",
        },
        "install": "install source-install patch",
        "remove": "remove",
        "update": "refresh",
        "upgrade": "update dist-upgrade patch",
        "clean": "clean",
        "packages": "install source-install remove update",
        "yes": "-y --no-confirm -n --non-interactive",
        "quiet": "-q --quiet",
        "asks": "install remove update patch dist-upgrade source-install",
    },
    # pacman(8)
    "pacman": {
        "style": "pacman",
        "shape": "plain",
        "flags": "--noconfirm --confirm --needed --noprogressbar --disable-download-timeout --asdeps --asexplicit -y --refresh"
        " -u --sysupgrade -c --clean -w --downloadonly -q --quiet -v --verbose --debug -d --nodeps --noscriptlet --dbonly -p"
        " --print -s --search -i --info -l --list -g --groups -n --nosave --recursive --cascade --unneeded --deps --explicit"
        " -e -m --foreign -t --unrequired -o --owns -k --check -h --help --disable-sandbox -f --force",
        "valued": "-b --dbpath -r --root --arch --cachedir --color --config --gpgdir --hookdir --logfile --sysroot --ignore"
        " --ignoregroup --assume-installed --overwrite --print-format",
        "install": "install",
        "remove": "remove",
        "update": "update",
        "upgrade": "upgrade",
        "clean": "clean",
        "packages": "install remove query",
        "yes": "--noconfirm",
        "quiet": "-q --quiet --noprogressbar",
        "asks": "install remove upgrade clean",
    },
    "pip": _PIP,
    # uv 0.5 help
    "uv": {
        "style": "long",
        "shape": "pip",
        "commands": "add remove sync lock export tree run tool_install tool_run tool_uninstall tool_upgrade tool_update-shell"
        " tool_list tool_dir python_install python_list python_pin python_find python_uninstall pip_install pip_sync"
        " pip_compile pip_uninstall pip_freeze pip_list pip_check pip_show venv build publish init cache_clean cache_prune"
        " cache_dir self_update version help",
        "flags": "-q --quiet -v --verbose --no-color --native-tls --offline --no-progress --no-config --help -h --version -V"
        " -n --no-cache --no-cache-dir --no-python-downloads --managed-python --no-managed-python --system --frozen --locked"
        " --no-dev --dev --only-dev --all-extras --no-install-project --no-install-workspace --no-editable --all-groups"
        " --no-default-groups --inexact --exact --compile-bytecode --compile --no-compile-bytecode --no-compile --no-build"
        " --no-binary --no-index --no-build-isolation --require-hashes --no-deps --no-verify-hashes --break-system-packages"
        " --reinstall --refresh --upgrade -U --force --active --pre --all-packages --script --no-sync --isolated --strict"
        " --allow-existing --seed --relocatable --no-sources --user --all --raw --no-project --workspace --no-header"
        " --no-emit-project --no-hashes --universal --generate-hashes --emit-index-url --default --reinstall --dry-run --ci"
        " --no-annotate --clear --bare --no-editable --output-format=requirements-txt --unmanaged --editable-mode",
        "valued": "--directory --project --config-file --cache-dir --allow-insecure-host --color -p --python --python-preference"
        " --index --default-index -i --index-url --extra-index-url -f --find-links --index-strategy --keyring-provider"
        " --resolution --prerelease --fork-strategy -C --config-setting --exclude-newer --link-mode --extra --no-extra"
        " --group --no-group --only-group --package -P --upgrade-package --refresh-package --reinstall-package"
        " --no-install-package --no-binary-package --no-build-package --python-platform --python-version --trusted-host"
        " --no-build-isolation-package --torch-backend --with --with-requirements --with-editable --from --env-file -c"
        " --constraints --constraint --override --overrides -b --build-constraints --prefix --target -o --output-file --format"
        " --only-binary --prompt --tag --branch --rev --bounds --optional --install-dir -m --module --no-emit-package",
        "valued_in": {
            "pip_install": "-r --requirements --requirement -e --editable -t --no-binary --only-binary",
            "pip_sync": "--target",
            "pip_uninstall": "-r --requirements --requirement",
            "add": "-r --requirements --requirement --marker -m",
            "build": "-o --out-dir",
        },
        "foreign": "run tool_run",
        "install": "add sync pip_install pip_sync tool_install python_install",
        "remove": "remove pip_uninstall tool_uninstall",
        "upgrade": "tool_upgrade self_update",
        "clean": "cache_clean cache_prune",
        "packages": "add remove pip_install pip_uninstall tool_install tool_uninstall tool_upgrade",
        "requirements": "-r --requirements --requirement",
        "editable": "-e --editable",
        "quiet": "-q --quiet",
    },
    # poetry 1.8 help
    "poetry": {
        "style": "long",
        "shape": "npm",
        "commands": "install add remove update lock sync config export run shell build publish env_use env_info self_add"
        " self_update cache_clear check show version new init about plugin_add source_add self_install search",
        "flags": "-q --quiet -v -vv -vvv --verbose -n --no-interaction --ansi --no-ansi --no-plugins --no-cache -V --version -h"
        " --help --no-dev --dev -D --no-root --sync --all-extras --dry-run --remove-untracked --only-root --no-update --local"
        " --without-hashes --with-credentials --lock --editable -e --allow-prereleases --all --unset --regenerate --no-directory"
        " --compile --develop --all-groups",
        "valued": "-C --directory -P --project --with --without --only -E --extras -G --group --python --platform --source -f"
        " --format -o --output --optional --repository",
        "foreign": "run config",
        "install": "install add sync self_add plugin_add",
        "remove": "remove",
        "upgrade": "update self_update",
        "clean": "cache_clear",
        "packages": "add remove self_add update",
        "yes": "-n --no-interaction",
        "quiet": "-q --quiet",
    },
    # pipenv 2023 --help
    "pipenv": {
        "style": "long",
        "shape": "pip",
        "commands": "install uninstall sync lock update upgrade run shell check clean graph requirements verify scripts open",
        "flags": "--where --venv --py --envs --rm --bare --three --two --clear --verbose -v -q --quiet --site-packages --version -h"
        " --help --deploy --system --dev -d --ignore-pipfile --skip-lock --sequential --pre --keep-outdated --selective-upgrade"
        " --categories-only --all --all-dev -r --dev-only --outdated --extra-pip-args=--no-cache-dir",
        "valued": "--python --pypi-mirror -i --index -e --editable --categories --extra-pip-args",
        "valued_in": {"install": "-r --requirements -c --code"},
        "foreign": "run",
        "install": "install sync",
        "remove": "uninstall",
        "upgrade": "update upgrade",
        "clean": "",
        "packages": "install uninstall update",
        "requirements": "-r --requirements",
        "editable": "-e --editable",
        "quiet": "-q --quiet",
    },
    "conda": _CONDA,
    "mamba": _CONDA,
    "micromamba": {
        **_CONDA,
        "valued_in": {**_CONDA["valued_in"], "install": "-f --file", "create": "-f --file", "update": "-f --file"},
        "requirements": "-f --file",
    },
    "npm": _NPM,
    # classic.yarnpkg.com/docs/cli, yarnpkg.com/cli
    "yarn": {
        "style": "npm",
        "shape": "npm",
        "commands": "install add remove upgrade up=upgrade upgrade-interactive run exec dlx cache_clean cache_dir config_set"
        " config_get config_list config_delete set_version global_add global_remove global_upgrade global_bin global_list"
        " init create build test start why info list licenses link unlink outdated pack publish version versions"
        " workspace workspaces_focus workspaces_foreach workspaces_run workspaces_info autoclean audit check dedupe node"
        " plugin_import rebuild policies_set-version policies import install-types help bin generate-lock-entry patch",
        "flags": "--production --prod -P --frozen-lockfile --pure-lockfile --immutable --immutable-cache --check-cache --no-lockfile"
        " --force -f --offline --prefer-offline --non-interactive --ignore-engines --ignore-optional --ignore-scripts"
        " --ignore-platform --silent -s --quiet -q --verbose --no-progress --no-cache --no-bin-links --flat --har --json"
        " --strict-semver --no-node-version-check --check-files --link-duplicates --skip-integrity-check --focus -W"
        " --ignore-workspace-root-check --dev -D --peer --optional -O --exact -E --tilde -T --latest -L --caret -C --version"
        " -v --help -h --inline-builds --all -A --no-default-rc --update-checksums --disable-pnp --enable-pnp --pnp --emoji"
        " --no-emoji --skip-builds --production=true --prod=true --audit --non-interactive --ignore-workspace --yes -y --init"
        " --ignore-engine --global -g --unsafe-perm --allow-root --no-optional --save --save-dev --no-save --immutable-lockfile",
        "valued": "--cwd --modules-folder --cache-folder --network-timeout --network-concurrency --registry --mutex --global-folder"
        " --prefix --link-folder --preferred-cache-folder --use-yarnrc --https-proxy --proxy --mode --otp --tag"
        " --scripts-prepend-node-path --preinstall-jobs --cache-dir",
        "default": "install",
        "foreign": "run exec dlx create build test start node workspace workspaces_foreach workspaces_run config_set"
        " init policies policies_set-version",
        "install": "install add workspaces_focus",
        "remove": "remove",
        "upgrade": "upgrade",
        "clean": "cache_clean",
        "packages": "add remove upgrade",
        "scope": "global",
        "quiet": "-s --silent -q --quiet",
    },
    # pnpm.io/cli
    "pnpm": {
        **_NPM,
        "commands": "install i=install add remove rm=remove uninstall=remove un=remove update up=update upgrade=update fetch"
        " link ln=link unlink import rebuild rb=rebuild prune run run-script=run test t=test tst=test start exec dlx x=dlx"
        " create deploy store_prune store_path store_add setup config_set config_get config_delete config_list env_use"
        " env_add set publish pack list ls=list why audit outdated init patch build approve-builds dedupe root bin self-update",
        "flags": _NPM["flags"]
        + " --frozen-lockfile --no-frozen-lockfile --prefer-frozen-lockfile --lockfile-only --fix-lockfile -r"
        " --recursive --no-optional --shamefully-hoist --strict-peer-dependencies --no-strict-peer-dependencies -w"
        " --workspace-root --ignore-workspace-root-check --stream --aggregate-output --no-verify-store-integrity --ignore-pnpmfile"
        " --ignore-workspace --shared-workspace-lockfile --no-lockfile --side-effects-cache --hoist --no-hoist --legacy"
        " --merge-git-branch-lockfiles --latest -L --no-bail --parallel --ignore-scripts --prod",
        "valued": _NPM["valued"].replace(" --workspace -w ", " ")
        + " -F --filter --filter-prod --store-dir --virtual-store-dir"
        " --modules-dir --dir --reporter --child-concurrency --network-concurrency --lockfile-dir --node-linker"
        " --package-import-method --resolution-mode --allow-build",
        "foreign": "run test start exec dlx create config_set build set init",
        "install": "install add fetch",
        "remove": "remove",
        "clean": "store_prune",
        "packages": "add remove update install",
    },
    # bun.sh/docs/cli
    "bun": {
        "style": "npm",
        "shape": "npm",
        "commands": "install i=install add a=add remove rm=remove update run x build create init upgrade link unlink pm_cache"
        " pm test exec outdated patch publish audit info why",
        "flags": "-g --global --production -p --frozen-lockfile --no-save --save --dry-run -f --force --no-cache --silent --quiet"
        " --verbose --no-progress --no-summary --no-verify --ignore-scripts --trust --save-text-lockfile -d --dev -D --optional -E"
        " --exact --peer --lockfile-only --no-optional -y --yarn --version -v --help -h --bun -b --no-install",
        "valued": "--cwd --backend --registry --omit --linker --concurrent-scripts --network-concurrency --cache-dir --ca"
        " --cafile -c --config --filter -F",
        "foreign": "run x build create init test exec",
        "install": "install add",
        "remove": "remove",
        "upgrade": "update upgrade",
        "packages": "add remove update install",
        "quiet": "--silent --quiet",
    },
    # gem help install and so on, RubyGems 3.5
    "gem": {
        "style": "getopt",
        "shape": "gem",
        "commands": "install i=install inst=install update up=update uninstall cleanup clean=cleanup build push fetch list query"
        " search sources source=sources environment env=environment info specification pristine rdoc contents cert check"
        " dependency unpack which yank help outdated lock stale exec",
        "flags": "-h --help -V --verbose --no-verbose -q --quiet --silent --backtrace --debug --norc -f --force --no-force"
        " --no-document --no-doc -N --no-ri --no-rdoc --ri --rdoc --pre --prerelease --no-prerelease --user-install"
        " --no-user-install --conservative --minimal-deps --no-minimal-deps --ignore-dependencies --include-dependencies -y -E"
        " --env-shebang --no-env-shebang -w --wrappers --no-wrappers --development --development-all --explain --lock --no-lock"
        " --suggestions --no-suggestions --post-install-message --no-post-install-message --format-executable --format-exec"
        " --no-format-exec --no-format-executable --default --vendor -l --local -r --remote -b --both --clear-sources"
        " --backtrace --install-as-default --both --no-http-proxy --document --version --update-sources --no-update-sources",
        "valued": "--config-file -i --install-dir -n --bindir --build-root -P --trust-policy --platform -B --bulk-threshold -s"
        " --source -p --http-proxy -g --file",
        "optional": "--document",
        "flags_in": {
            "update": "",
            "uninstall": "-a --all --no-all -I -x --executables --no-executables -D --check-development --abort-on-dependent",
            "sources": "-c --clear-all -u --update -l --list",
            "list": "-i --installed -a --all -d --details --versions --no-versions -e --exact",
            "cleanup": "-n -d --dryrun --dry-run",
            "environment": "",
        },
        "valued_in": {
            "install": "-v --version",
            "fetch": "-v --version",
            "uninstall": "-v --version -i --install-dir -n --bindir",
            "list": "-v --version",
            "sources": "-a --add -r --remove",
            "build": "-o --output -C",
            "specification": "-v --version",
            "pristine": "-v --version",
        },
        "optional_in": {"update": "--system"},
        "install": "install",
        "remove": "uninstall",
        "upgrade": "update",
        "clean": "cleanup",
        "packages": "install update uninstall fetch",
        "quiet": "-q --quiet --silent",
    },
    # bundle(1) and bundle-*(1), Bundler 2.5
    "bundle": {
        "style": "long",
        "shape": "gem",
        "commands": "install i=install update exec e=exec ex=exec config_set config_get config_unset config_list config package"
        " pack=package cache clean check lock add remove show info list outdated binstubs binstub=binstubs init gem platform"
        " doctor env viz pristine open plugin console version help",
        "flags": "--no-color -V --verbose --no-verbose -r --help -h --version -v --quiet --deployment --no-deployment --frozen"
        " --system --no-cache --no-prune --clean --full-index --redownload --force --standalone --local --no-local --prefer-local"
        " --binstubs --all --all-platforms --no-install --global --delete --dry-run --patch --minor --major --strict --conservative"
        " --pre --print --bundler --ruby --parseable --no-path --skip-install --normalize-platforms",
        "valued": "-j --jobs --gemfile --path --without --with --retry --shebang --trust-policy --target-rbconfig --group -g"
        " --source -s --add-platform --remove-platform -v",
        "flags_in": {"install": "", "exec": "--keep-file-descriptors --gemfile"},
        "valued_in": {"install": "-r", "add": "--version"},
        "greedy": "--without --with",
        "default": "install",
        "foreign": "exec config config_set",
        "install": "install",
        "remove": "remove",
        "upgrade": "update",
        "clean": "clean",
        "packages": "add remove update",
        "quiet": "--quiet",
    },
    # go help build, go help get and so on, Go 1.22
    "go": {
        "style": "go",
        "shape": "go",
        "commands": "build install get test run generate vet fmt clean list env mod_download mod_tidy mod_vendor mod_init"
        " mod_edit mod_verify mod_graph mod_why work_sync work_init work_use work_vendor tool version doc bug fix help",
        "flags": "-a -n -race -msan -asan -cover -v -work -x -linkshared -modcacherw -trimpath -d -u -t -f -fix -insecure -i -s -c"
        " -json -short -failfast -bench -benchmem -cache -testcache -modcache -fuzzcache -r -m -e -deps -test -find -compiled"
        " -export -u=patch -json -buildvcs=false -w -h -help -version -list",
        "valued": "-C -p -covermode -coverpkg -asmflags -buildmode -buildvcs -compiler -gccgoflags -gcflags -installsuffix -ldflags"
        " -mod -modfile -overlay -pgo -pkgdir -tags -toolexec -o -exec -run -timeout -count -cpu -parallel -coverprofile"
        " -outputdir -vet -reuse -skip -go -require -replace -toolchain -dropreplace -droprequire -bench",
        "valued_in": {"list": "-f -m"},
        "flags_in": {"list": "-m", "mod_tidy": "-compat=1.17", "mod_vendor": "-o"},
        "foreign": "run tool env generate mod_edit",
        "install": "get install mod_download mod_vendor",
        "remove": "",
        "clean": "clean",
        "packages": "get install build test mod_download vet list",
    },
    # cargo help
    "cargo": {
        "style": "long",
        "shape": "cargo",
        "commands": "install build b=build test t=test check c=check run r=run fetch update add remove rm=remove uninstall clean"
        " new init doc d=doc bench fix fmt clippy publish package vendor metadata tree search login owner yank generate-lockfile"
        " locate-project rustc rustdoc help version chef_prepare chef_cook binstall lambda_build make deny audit component_build"
        " tarpaulin nextest_run leptos_build ndk auditable_build zigbuild",
        "flags": "-V --version --list -v --verbose -vv -q --quiet --locked --offline --frozen -h --help --release -r --all-features"
        " --no-default-features --workspace --all --lib --bins --examples --tests --benches --all-targets --keep-going"
        " --ignore-rust-version --no-track -f --force --no-run --no-fail-fast --timings --debug --list --dev --optional --no-deps"
        " --recursive --breaking --build-plan --unit-graph --no-confirm -y --zigbuild --recipe-only --no-dev-deps --bin",
        "valued": "-C --config --color --explain -Z -j --jobs --target --target-dir --manifest-path --features -F --profile"
        " --message-format -p --package --exclude --bin --example --test --bench --artifact-dir --out-dir --lockfile-path",
        "valued_in": {
            "install": "--version --vers --git --branch --tag --rev --path --root --registry --index",
            "add": "--git --branch --tag --rev --path --rename --registry",
            "update": "--precise --aggressive",
            "chef_prepare": "--recipe-path",
            "chef_cook": "--recipe-path",
            "uninstall": "--root",
            "fetch": "--target",
            "init": "--name --edition --vcs",
            "new": "--name --edition --vcs",
        },
        "flags_in": {"init": "--lib --bin", "new": "--lib --bin", "clean": "--doc"},
        "foreign": "run make vendor",
        "install": "install fetch add binstall",
        "remove": "uninstall remove",
        "upgrade": "update",
        "clean": "clean",
        "packages": "install add remove uninstall binstall",
        "quiet": "-q --quiet",
    },
    # composer help, Composer 2.7
    "composer": {
        "style": "long",
        "shape": "composer",
        "commands": "install i=install update u=update upgrade=update require r=require remove rm=remove create-project"
        " dump-autoload dumpautoload=dump-autoload dump-autoloader=dump-autoload run-script run=run-script exec config"
        " global_require=require global_install global_update global_config clear-cache clearcache=clear-cache cc=clear-cache"
        " self-update selfupdate=self-update diagnose validate show info=show outdated archive init licenses prohibits"
        " why-not=prohibits depends why=depends reinstall search status suggests check-platform-reqs bump audit about help list",
        "flags": "-h --help -q --quiet -V --version --ansi --no-ansi -n --no-interaction --profile --no-plugins --no-scripts"
        " --no-cache -v -vv -vvv --verbose --prefer-source --prefer-dist --dry-run --dev --no-dev --no-autoloader --no-progress"
        " --no-suggest --no-install --audit --no-audit --classmap-authoritative -a -o --optimize-autoloader --optimize"
        " --apcu-autoloader --apcu --ignore-platform-reqs --with-dependencies -w --with-all-dependencies -W --no-update"
        " --update-no-dev --update-with-dependencies --update-with-all-dependencies --prefer-stable --prefer-lowest"
        " --sort-packages --fixed --keep-vcs --no-custom-installers --remove-vcs --no-secure-http -g --global --unset --list -l"
        " --auth --absolute --preview --stable --snapshot --rollback -r --clean-backups --update-keys --set-channel-only --1 --2"
        " --2.2 --all --strict --no-check-all --no-check-publish --minimal-changes -m --lock --no-blocking --no-dev-scripts"
        " --root-reqs --ignore-exit-code --merge --json --no-security-blocking --apcu-autoloader-prefix-off --ask --no-lock"
        " --download-only --interactive --editor",
        "valued": "-d --working-dir --prefer-install --ignore-platform-req --apcu-autoloader-prefix -s --stability --repository"
        " --repository-url --file --bump-after-update --audit-format --install-dir --filename --cafile --format --timeout",
        "flags_in": {"install": "", "config": "-e --editor"},
        "valued_in": {"config": "-f --file"},
        "scope": "global",
        "foreign": "exec config run-script global_config",
        "install": "install require create-project global_install",
        "remove": "remove",
        "upgrade": "update self-update global_update",
        "clean": "clear-cache",
        "packages": "require remove create-project update",
        "yes": "-n --no-interaction",
        "quiet": "-q --quiet",
    },
    # mvn --help, Maven 3.9
    "maven": {
        "style": "java",
        "shape": "plain",
        "flags": "-am --also-make -amd --also-make-dependents -B --batch-mode -C --strict-checksums -c --lax-checksums -cpu"
        " --check-plugin-updates -e --errors -fae --fail-at-end -ff --fail-fast -fn --fail-never -h --help -itr -llr"
        " --legacy-local-repository -N --non-recursive -npr --no-plugin-registry -npu --no-plugin-updates -nsu"
        " --no-snapshot-updates -ntp --no-transfer-progress -o --offline -q --quiet -U --update-snapshots -up --update-plugins -v"
        " --version -V --show-version -X --debug -version -DskipTests",
        "valued": "-b --builder --color -D --define -emp --encrypt-master-password -ep --encrypt-password -f --file -gs"
        " --global-settings -gt --global-toolchains -l --log-file -P --activate-profiles -pl --projects -rf --resume-from -s"
        " --settings -t --toolchains -T --threads",
        "attached": "D P T",
        "tasks": "goals",
        "quiet": "-q --quiet",
    },
    # gradle --help, Gradle 8
    "gradle": {
        "style": "java",
        "shape": "plain",
        "flags": "-? -h --help -a --no-rebuild --build-cache --no-build-cache --configure-on-demand --no-configure-on-demand"
        " --configuration-cache --no-configuration-cache --continue --no-continue --continuous -t -d --debug --daemon --no-daemon"
        " --export-keys --foreground -i --info -m --dry-run --no-scan --scan --offline --parallel --no-parallel --profile -q"
        " --quiet --refresh-dependencies --refresh-keys --rerun-tasks --rerun -s --stacktrace -S --full-stacktrace --status --stop"
        " -u -U --no-search-upward -v --version -V --show-version --no-watch-fs --watch-fs -w --warn --write-locks --no-rerun",
        "valued": "-b --build-file -c --settings-file --configuration-cache-problems --console -D --system-prop -F"
        " --dependency-verification -g --gradle-user-home -I --init-script --include-build --max-workers -M"
        " --write-verification-metadata -P --project-prop -p --project-dir --priority --project-cache-dir --update-locks"
        " --warning-mode -x --exclude-task --tests --args --configuration --gradle-version --distribution-type --type --dsl",
        "attached": "D P",
        "tasks": "tasks",
        "quiet": "-q --quiet",
    },
    # dotnet --help, .NET SDK 8
    "dotnet": {
        "style": "dotnet",
        "shape": "dotnet",
        "commands": "restore build publish test pack run clean new sln add_package add_reference remove_package list_package"
        " tool_install tool_restore tool_update tool_uninstall tool_list tool_run nuget_add nuget_push nuget_locals nuget_list"
        " nuget_update nuget_enable nuget_disable nuget_remove workload_install workload_restore workload_update msbuild vstest"
        " exec ef watch dev-certs fsi format store migrate help build-server user-secrets sonarscanner package_add solution lambda"
        " script paket",
        "flags": "-h --help --info --list-runtimes --list-sdks --version -d --diagnostics --no-restore --no-build --no-dependencies"
        " --no-cache --no-incremental --force --ignore-failed-sources --disable-parallel --interactive --nologo -nologo /nologo"
        " --self-contained --no-self-contained --sc -g --global --local --use-lock-file --locked-mode --force-evaluate"
        " --include-symbols --include-source --clear -l --list --trust --ucr --use-current-runtime --disable-build-servers"
        " --skip-manifest-update --add-source-only --tl:off --no-launch-profile --blame --clean --no-logo --prerelease --verify"
        " --no-symbols --skip-duplicate --store-password-in-clear-text --in-root --check --all --clp:ErrorsOnly",
        "valued": "-c --configuration -f --framework -o --output -r --runtime -v --verbosity -s --source --packages --configfile"
        " --config-file --version-suffix --manifest --target -a --arch --os --lock-file-path --tool-path --version --add-source"
        " --artifacts-path --name -n -p --project --filter --logger --settings -l --results-directory --collect --api-key -k"
        " --username -u --password --package-directory --tool-manifest --test-adapter-path --launch-profile --language -lang"
        " --server.urls --urls --skip-tests --include --exclude --context --startup-project --temp-dir --framework-version -m",
        "flags_in": {
            "new": "-l --list",
            "nuget_locals": "-l --list -c --clear",
            "tool_install": "-g",
            "dev-certs": "-c -t",
        },
        "foreign": "run exec ef watch fsi new dev-certs user-secrets sonarscanner lambda script paket vstest msbuild",
        "install": "restore tool_install tool_restore add_package workload_install package_add",
        "remove": "tool_uninstall remove_package",
        "upgrade": "tool_update",
        "clean": "clean nuget_locals",
        "packages": "add_package tool_install tool_update tool_uninstall workload_install remove_package package_add",
        "quiet": "",
    },
}

#: program -> manager, where they differ
PROGRAMS = {
    "bundler": "bundle", "composer.phar": "composer", "mvn": "maven", "mvnw": "maven", "mvn.cmd": "maven",
    "mvnd": "maven", "gradlew": "gradle", "pip2": "pip", "pip3": "pip", "dnf5": "dnf", "dnf-3": "dnf",
    "dnf4": "dnf", "apk.static": "apk", "yarnpkg": "yarn", "aptitude-curses": "aptitude", "tdnf": "tdnf",
}  # fmt: skip
