"""Values that a few instructions commonly get."""

from __future__ import annotations

SIGNALS: dict[str, str] = {
    "SIGTERM": "Asks to end; the default.",
    "SIGINT": "As from the keyboard; Node, Python and PostgreSQL (fast shutdown) react to it.",
    "SIGQUIT": "nginx and PHP-FPM finish their requests first.",
    "SIGKILL": "Ends at once, nothing can be tidied up.",
    "SIGHUP": "Often: read the configuration again.",
    "SIGUSR1": "As the program likes.",
    "SIGUSR2": "As the program likes.",
    "SIGWINCH": "Apache finishes its requests first.",
    "SIGRTMIN+3": "systemd shuts down.",
}
PORTS: dict[str, str] = {
    "80": "HTTP",
    "443": "HTTPS",
    "3000": "Node, Rails, Grafana",
    "3306": "MySQL, MariaDB",
    "5000": "Flask, registries",
    "5432": "PostgreSQL",
    "6379": "Redis",
    "8000": "Django, uvicorn",
    "8080": "HTTP without privileges, Tomcat, Spring",
    "9090": "Prometheus",
    "27017": "MongoDB",
}
#: opencontainers/image-spec, annotations.md
LABELS: dict[str, str] = {
    "org.opencontainers.image.authors": "Who is responsible for the image.",
    "org.opencontainers.image.base.digest": "The digest of the base image.",
    "org.opencontainers.image.base.name": "The reference of the base image.",
    "org.opencontainers.image.created": "When the image was built, RFC 3339.",
    "org.opencontainers.image.description": "What is in the image, in a sentence.",
    "org.opencontainers.image.documentation": "The URL of the documentation.",
    "org.opencontainers.image.licenses": "The licences, an SPDX expression.",
    "org.opencontainers.image.ref.name": "The name of the reference, such as a tag.",
    "org.opencontainers.image.revision": "The commit that the image was built of.",
    "org.opencontainers.image.source": "The URL of the source; ghcr.io links the image to its repository by it.",
    "org.opencontainers.image.title": "A name for people.",
    "org.opencontainers.image.url": "The URL of more about the image.",
    "org.opencontainers.image.vendor": "The organization that publishes it.",
    "org.opencontainers.image.version": "The version of the packaged software.",
}
USERS: dict[str, str] = {
    "nobody": "An account without rights that nearly every image has.",
    "nonroot": "The account of distroless and Chainguard images.",
    "1000:1000": "Numbers let Kubernetes see that it is not root.",
    "root": "",
}
SHELLS: dict[str, str] = {
    '["/bin/bash", "-o", "pipefail", "-c"]': "bash; a failing command within a pipe counts",
    '["/bin/bash", "-euo", "pipefail", "-c"]': "bash; unset variables and failures end the script",
    '["/bin/ash", "-eo", "pipefail", "-c"]': "Alpine; a failing command within a pipe counts",
    '["/bin/sh", "-c"]': "The default on Linux.",
    '["powershell", "-Command", "$ErrorActionPreference = \'Stop\';"]': "Windows",
    '["cmd", "/S", "/C"]': "The default on Windows.",
}
