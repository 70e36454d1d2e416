"""What ends up in an image's configuration, and how the file is written."""

from __future__ import annotations

from build_case import Case

SETTINGS = (
    Case(
        "env-without-equals",
        r"""
        FROM debian:bookworm-slim
        ENV PLAIN /opt/java
        ENV BLANKS -Xmx1g   -server # fast
        ENV ESCAPED a\ b\ c
        ENV SINGLE 'a $PLAIN "b"'
        ENV DOUBLE "a b" c "d"
        ENV INNER say "hello" twice
        ENV SIGN =
        ENV EQUALS -Dx=y -Dz
        ENV REFERENCE $PLAIN/bin:${PLAIN:-none}:\$PLAIN
        ENV UNQUOTED it\'s "me"
        ENV ENDS c:\
          ENV that goes on
        ENV TAB a	b
        RUN env | sort > /environment
        """,
        fixes=("legacy-key-value-format",),
        calls=(("sh", "-c", "env | grep -v HOSTNAME"),),
    ),
    Case(
        "env-over-several-lines",
        r"""
        FROM debian:bookworm-slim
        ENV DEPS \
                autoconf \
                # a compiler
                gcc \

                make
        ENV PATH \
            /opt/bin:$PATH
        RUN printf '%s|' "$DEPS" "$PATH" > /environment
        """,
        fixes=("legacy-key-value-format", "empty-continuation"),
        keeps=("# a compiler",),
    ),
    Case(
        "env-with-backtick-as-escape",
        r"""
        # escape=`
        FROM debian:bookworm-slim
        ENV FOLDER C:\app\bin `
            and more
        ENV QUOTE say `"hello`"
        RUN printf '%s|' "$FOLDER" "$QUOTE" > /environment
        """,
        fixes=("legacy-key-value-format",),
    ),
    Case(
        "label-without-equals",
        r"""
        FROM debian:bookworm-slim
        LABEL maintainer "Jo Doe <jo@example.com>"
        LABEL description A thing   that $does "things"
        LABEL org.example.path C:\\temp\ file
        LABEL version 1.0
        """,
        fixes=("legacy-key-value-format",),
    ),
    Case(
        "maintainer",
        """
        FROM debian:bookworm-slim
        MAINTAINER Jo Doe <jo@example.com>
        """,
        fixes=("maintainer-deprecated",),
    ),
    Case(
        "maintainer-with-signs",
        r"""
        FROM debian:bookworm-slim
        ENV Doe=changed
        MAINTAINER Jörg "$Doe" ${Doe} \o/ 'x' # not a comment
        """,
        fixes=("maintainer-deprecated",),
    ),
    Case(
        "maintainer-in-quotes",
        """
        FROM debian:bookworm-slim
        MAINTAINER "The Team, Inc."
        """,
        fixes=("maintainer-deprecated",),
    ),
    Case(
        "maintainer-with-label-there",
        """
        FROM debian:bookworm-slim
        LABEL org.opencontainers.image.authors="the team"
        MAINTAINER Jo Doe
        """,
        keeps=("MAINTAINER Jo Doe",),
        careless=(("MAINTAINER Jo Doe", 'LABEL org.opencontainers.image.authors="Jo Doe"'),),
    ),
    Case(
        "workdir-relative",
        """
        FROM debian:bookworm-slim AS base
        WORKDIR /srv
        WORKDIR app/public
        WORKDIR ../private
        RUN pwd > here
        FROM base
        WORKDIR "my files"
        RUN pwd > /there
        """,
        fixes=("workdir-relative",),
        calls=(("pwd",),),
    ),
    Case(
        "workdir-relative-to-the-root",
        """
        FROM debian:bookworm-slim
        WORKDIR app
        RUN pwd > here
        """,
        fixes=("workdir-relative",),
        calls=(("pwd",),),
    ),
    Case(
        "cd-as-workdir",
        """
        FROM debian:bookworm-slim
        RUN mkdir -p /opt/app && ln -s /opt/app /link
        RUN cd /opt/app && echo built > built && ls -a .. > here
        RUN cd link && touch touched && ls ../app > there
        RUN pwd > there
        CMD cat opt/app/built
        """,
        fixes=("run-cd-instead-of-workdir",),
        calls=((), ("pwd",)),
        settings=("Cmd",),
    ),
    Case(
        "steps-parted-at-cd",
        """
        FROM debian:bookworm-slim
        ENV PLACE=/opt/places
        WORKDIR /usr
        RUN mkdir -p /opt/a/b /srv/c
        RUN cd /opt/a && touch one && cd b && echo * > two && cd /srv/c && ls -a .. > three
        RUN set -eux && mkdir "$PLACE" && cd "$PLACE" && touch one && chmod 700 one
        RUN mkdir /tmp/made && cd /tmp && touch made/a && cp made/a /opt/copied && cd / && rm -rf /tmp/made
        RUN cd /opt/a && touch three
        RUN cd /opt/a/b && touch four
        RUN cd /usr && ls -a > /listed && cd /tmp
        RUN pwd > /where
        """,
        fixes=("run-cd-instead-of-workdir",),
        profile="hadolint",
        keeps=("WORKDIR /opt/a/b\n", "WORKDIR /srv/c\n", "WORKDIR $PLACE\nRUN set -eux && touch", "RUN ls -a >"),
        calls=(("pwd",), ("stat", "-c", "%n %A %u %g", "/opt/places", "/opt/places/one")),
    ),
    Case(
        "cd-that-cannot-fail",
        """
        FROM debian:bookworm-slim
        WORKDIR /usr
        RUN cd ~ && touch home && ls -a .. > above
        RUN cd /tmp; touch temp; ls > /listed
        RUN export A=b && \\
            # what is set stays
            cd /opt && touch $A
        RUN { cd /srv; } && touch braces && cd /usr && touch root
        RUN cd /none; touch here
        """,
        fixes=("run-cd-instead-of-workdir",),
        profile="hadolint",
        keeps=(
            "WORKDIR /root\n",
            "RUN touch temp; ls",
            "# what is set stays\n",
            "RUN cd /none; touch here",
        ),
        careless=(("braces && cd /usr", "braces"), ("RUN cd /none; touch", "WORKDIR /none\nRUN touch")),
        calls=(("pwd",),),
    ),
    Case(
        "directory-that-decides-who-owns-what-is-in-it",
        """
        FROM debian:bookworm-slim
        RUN mkdir -m 2775 /group && chgrp staff /group
        RUN mkdir /group/a && cd /group/a && touch b
        USER games
        RUN mkdir /tmp/mine && cd /tmp/mine && touch b
        """,
        careless=(("RUN mkdir /group/a && cd /group/a && touch b", "WORKDIR /group/a\nRUN touch b\nWORKDIR /"),),
        profile="hadolint",
    ),
    Case(
        "workdir-relative-to-a-variable",
        """
        FROM debian:bookworm-slim
        ENV HOME=/home/app
        WORKDIR $HOME
        WORKDIR src
        WORKDIR ${HOME}/lib/../bin
        WORKDIR x
        RUN pwd > here
        """,
        careless=(("WORKDIR src", "WORKDIR /src"),),
    ),
    Case(
        "casing",
        """
        from debian:bookworm-slim AS Builder
        run echo built > /built
        FROM debian:bookworm-slim as Final
        COPY --from=Builder /built /built
        Copy --from=BUILDER /built /again
        EXPOSE 80/TCP 53/Udp
        Cmd ["cat", "/built"]
        """,
        fixes=("instruction-casing", "from-as-casing", "stage-name-casing", "expose-protocol-casing"),
        calls=((),),
    ),
    Case(
        "casing-of-a-target",
        """
        FROM debian:bookworm-slim AS Dev
        run echo dev > /which
        FROM dev AS Prod
        RUN echo prod > /which
        """,
        fixes=("instruction-casing", "stage-name-casing"),
        target="dev",
    ),
    Case(
        "ports-of-the-host",
        """
        FROM debian:bookworm-slim
        EXPOSE 8080:80 127.0.0.1:5000:5000/tcp
        """,
        fixes=("expose-host-mapping",),
    ),
    Case(
        "blank-lines-in-instructions",
        """
        FROM debian:bookworm-slim
        RUN echo a \\

            # what follows

         && echo b > /b \\
            && cat <<EOF > /c
        first

        # not a comment
        last
        EOF
        """,
        keeps=("# what follows", "# not a comment", "first\n\n"),
    ),
    Case(
        "carriage-returns",
        "FROM debian:bookworm-slim\r\nMAINTAINER Jo Doe\r\nENV A b c\r\n"
        "RUN apt-get update && \\\r\n    apt-get install tree\r\nCMD tree --version\r\n",
        fixes=("maintainer-deprecated", "legacy-key-value-format", "apt-install-without-yes", "apt-lists-not-removed"),
        keeps=("&& \\\r\n    rm -rf",),
        calls=((),),
    ),
    Case(
        "platform-of-the-target",
        """
        FROM --platform=$TARGETPLATFORM debian:bookworm-slim
        RUN echo $TARGETPLATFORM > /platform
        """,
        fixes=("base-image-platform-redundant",),
    ),
    Case(
        "ignore-comments-without-use",
        """
        # dlint ignore=DL3008
        FROM debian:bookworm-slim
        # hadolint ignore=DL3025
        # dlint ignore=DL99999
        # dlint ignore DL3025
        RUN <<EOF
        # dlint ignore=DL3008
        echo '# dlint ignore=DL3008' > /a
        EOF
        """,
        fixes=("unused-ignore", "unknown-rule-in-ignore", "unused-hadolint-ignore"),
        keeps=("echo '# dlint ignore=DL3008' > /a",),
    ),
    Case(
        "blanks-at-ends-of-lines",
        "# what it is for  \nFROM debian:bookworm-slim   \n"
        "RUN echo a > /a && \\  \n    # why  \n    echo 'b  \\  \nc' > /b  \n"
        "COPY <<EOF /c\ntwo blanks:  \n\nEOF\nENV A=b   \n\n\n",
        fixes=("trailing-whitespace", "final-newline"),
        keeps=("two blanks:  \n\nEOF",),
    ),
    Case(
        "directives-in-capitals",
        """
        # Escape=`
        FROM debian:bookworm-slim
        ENV A="b `
            c"
        RUN echo "$A" \\ > /a
        """,
        fixes=("directive-casing",),
    ),
    Case(
        "labels-in-one",
        r"""
        FROM debian:bookworm-slim
        ENV A=b
        LABEL one="1" two='2 $A'
        LABEL three=$A
        LABEL one=again
        # of another kind
        LABEL org.example.path="c:\\ \"d\""
        RUN echo a > /a
        LABEL four=4
        """,
        fixes=("label-group",),
        keeps=("# of another kind",),
    ),
)
