"""EXPOSE."""

from __future__ import annotations

from dlinter import Expose, Findings, Fix, Severity, Token, replace, report, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


@rule("DL2018", "expose-protocol-casing", on=Expose, severity=Severity.STYLE, aliases=("ExposeProtoCasing",))
def expose_protocol_casing(expose: Expose) -> Findings:
    r"""Write the protocol of a port in lower case

    The image has it in lower case whatever stands here.

    ```dockerfile bad
    FROM nginx:1.27
    EXPOSE 80/TCP 443/tcp 5000-5010/Udp
    ```
    ```dockerfile fixed
    FROM nginx:1.27
    EXPOSE 80/tcp 443/tcp 5000-5010/udp
    ```
    ```dockerfile bad
    FROM nginx:1.27
    ARG PORT=53/UDP
    EXPOSE $PORT
    ```
    ```dockerfile good
    FROM nginx:1.27
    ARG PORT
    EXPOSE 80 443/tcp $PORT ${PORT}/udp
    ```
    """
    for token, word in _ports(expose):
        protocol = word.rpartition(":")[2].partition("/")[2]
        if protocol != protocol.lower() and protocol.lower() in ("tcp", "udp", "sctp"):
            lower = word[: len(word) - len(protocol)] + protocol.lower()
            fix = None
            if token.text == word and expose.file.text[token.start : token.end] == word:
                fix = Fix([replace(token, lower)], title=f"Write {lower}")
            yield report(token, f"Write {lower} instead of {word}", fix)


@rule(
    "DL2019",
    "expose-host-mapping",
    on=Expose,
    profiles=("default", "cis"),
    aliases=("ExposeInvalidFormat",),
)
def expose_host_mapping(expose: Expose) -> Findings:
    r"""Give EXPOSE the port of the container only

    Address and host port are ignored, a later version of BuildKit will refuse them; docker run -p maps ports.

    ```dockerfile bad
    FROM nginx:1.27
    EXPOSE 8080:80 127.0.0.1:8443:443/tcp
    ```
    ```dockerfile fixed
    FROM nginx:1.27
    EXPOSE 80 443/tcp
    ```
    ```dockerfile bad
    FROM nginx:1.27
    ARG PORT=80
    EXPOSE 8080:$PORT
    ```
    ```dockerfile good
    FROM nginx:1.27
    ARG PORT
    EXPOSE 80 443/tcp $PORT
    ```
    """
    from dlinter_grammar.values import port_fault

    for token, word in _ports(expose):
        host, colon, port = word.rpartition(":")
        if colon and host.strip(":"):
            fix = None
            if token.text == word and expose.file.text[token.start : token.end] == word and port_fault(word) is None:
                fix = Fix([replace(token, port)], title=f"Write {port}")
            yield report(token, f"Expose {port} instead of {word}: the rest has no effect", fix)


def _ports(expose: Expose) -> Iterator[tuple[Token, str]]:
    """The ports, variables expanded, each with the word that it comes from."""
    if expose.stage is None or expose.in_onbuild:
        return
    for expansion in expose.file.facts.expansions(expose):
        for word in expansion.result.words or ():
            yield expansion.token, word
