"""Each neutral change: what it admits, and what it does not."""

from __future__ import annotations

import pytest
from proof_helpers import differs, same

from dlinter.proof import NEUTRAL, prove
from dlinter.proof.context import Copied, Step

YES = "answer-yes"
BORDER = "layer-border"
LISTS = "package-lists-removed"
CACHE = "package-cache-off"
RM = "rm -rf /var/lib/apt/lists/*"
GET = "RUN apt-get update && apt-get install -y a"

ADMITTED = [
    (BORDER, "RUN a && b\n", "RUN a\nRUN b\n"),
    (BORDER, "RUN a\nRUN b && c\n", "RUN a && b\nRUN c\n"),
    (BORDER, "RUN a | b && (cd c; d) && { e; f; }\n", "RUN a | b\nRUN (cd c; d)\nRUN { e; f; }\n"),
    (BORDER, "RUN a && cd b && c\n", "RUN a\nRUN cd b && c\n"),
    (BORDER, "RUN if a; then b; fi && c\n", "RUN if a; then b; fi\nRUN c\n"),
    (BORDER, "RUN pip install a && pip install b\n", "RUN pip install a\nRUN pip install b\n"),
    (YES, "RUN apt-get install a\n", "RUN apt-get install -y a\n"),
    (YES, "RUN sudo apt-get -qq install a b\n", "RUN sudo apt-get -qq install a b --yes\n"),
    (YES, "RUN set -e; yum install a; b\n", "RUN set -e; yum install -y a; b\n"),
    (YES, "RUN a; dnf update\n", "RUN a; dnf update -y\n"),
    (YES, 'RUN ["apt-get", "install", "a"]\n', 'RUN ["apt-get", "install", "-y", "a"]\n'),
    (YES, "RUN zypper install a\n", "RUN zypper -n install a\n"),
    (YES, "RUN cat a | xargs apt-get install\n", "RUN cat a | xargs apt-get install -y\n"),
    (YES, "RUN sh -c 'apt-get install a'\n", "RUN sh -c 'apt-get install -y a'\n"),
    (YES, "RUN bash --login -c 'apt-get install a'\n", "RUN bash --login -c 'apt-get install -y a'\n"),
    (YES, "ONBUILD RUN apt-get install a\n", "ONBUILD RUN apt-get install -y a\n"),
    (YES, "RUN <<EOF\nset -e\napt-get install a\nEOF\n", "RUN <<EOF\nset -e\napt-get install -y a\nEOF\n"),
    (YES, "RUN if a; then apt-get install b; fi\n", "RUN if a; then apt-get install -y b; fi\n"),
    (LISTS, f"{GET}\n", f"{GET} && {RM}\n"),
    (
        LISTS,
        "RUN set -x; apt-get update; apt-get install -y a\n",
        f"RUN set -x; apt-get update; apt-get install -y a && {RM}\n",
    ),
    (LISTS, "RUN sudo apt-get update\n", f"RUN sudo apt-get update && sudo {RM}\n"),
    (
        LISTS,
        f"{GET}\nRUN apt-get update && apt-get install b\n",
        f"{GET} && {RM}\nRUN apt-get update && apt-get install b\n",
    ),
    (LISTS, f"{GET}\nRUN curl a | tar x\nCOPY b c\n", f"{GET} && {RM}\nRUN curl a | tar x\nCOPY b c\n"),
    (LISTS, f"{GET}\nFROM x\nRUN apt-get install b\n", f"{GET} && {RM}\nFROM x\nRUN apt-get install b\n"),
    (LISTS, "RUN apk add a\n", "RUN apk add a && rm -rf /var/cache/apk/*\n"),
    (
        LISTS,
        f"{GET}\nRUN apt-get update\nRUN apt-get install b && make\n",
        f"{GET} && {RM}\nRUN apt-get update\nRUN apt-get install b && make\n",
    ),
    (LISTS, f"{GET}\nRUN bash -c 'tree'\nCMD bash\n", f"{GET} && {RM}\nRUN bash -c 'tree'\nCMD bash\n"),
    ("add-is-copy", "ADD --chown=a:b . /b/\n", "COPY --chown=a:b . /b/\n"),
    ("add-is-copy", "ADD ./ /\nADD / /b\n", "COPY ./ /\nCOPY / /b\n"),
    (CACHE, "RUN apk add a\n", "RUN apk add --no-cache a\n"),
    (CACHE, "RUN apk update && apk add a\n", "RUN apk add --no-cache a\n"),
    (CACHE, "RUN apk add -U a && rm -rf /var/cache/apk/*\n", "RUN apk add --no-cache a\n"),
    (CACHE, "RUN pip3 install -r a\n", "RUN pip3 install --no-cache-dir -r a\n"),
    (CACHE, "RUN /v/bin/pip install a\n", "RUN /v/bin/pip install a --no-cache-dir\n"),
    (CACHE, "RUN python3 -m pip install a\n", "RUN python3 -m pip install --no-cache-dir a\n"),
    (CACHE, "RUN yum install -y a\n", "RUN yum install -y a && yum clean all\n"),
    (CACHE, "RUN yum install -y a\n", "RUN yum install -y a && yum clean all && rm -rf /var/cache/yum\n"),
    (CACHE, "RUN apt-get install -y a\n", "RUN apt-get install -y a && apt-get clean\n"),
    (CACHE, "RUN npm ci\n", "RUN npm ci && npm cache clean --force\n"),
    (CACHE, "RUN npm ci && npm cache clean\n", "RUN npm ci && npm cache clean --force\n"),
    (
        CACHE,
        "RUN yum install -y a-$V.rpm && rm a-$V.rpm\n",
        "RUN yum install -y a-$V.rpm && rm a-$V.rpm && yum clean all\n",
    ),
    (
        CACHE,
        "RUN npm ci && rm npm-debug.log /tmp/*\n",
        "RUN npm ci && rm npm-debug.log /tmp/* && npm cache clean --force\n",
    ),
    (CACHE, "RUN php composer.phar install\n", "RUN php composer.phar install && php composer.phar clear-cache\n"),
    (
        "lists-refreshed-together",
        "RUN apt-get update\nLABEL a=b\nRUN apt-get install -y a\n",
        "LABEL a=b\nRUN apt-get update && apt-get install -y a\n",
    ),
    (
        "lists-refreshed-together",
        "RUN apt-get update\nCOPY a /b/\nWORKDIR /c\nRUN apt-get install -y a && cd d\n",
        "COPY a /b/\nWORKDIR /c\nRUN apt-get update && apt-get install -y a && cd d\n",
    ),
    ("log-noise", "RUN wget -O a b\n", "RUN wget --progress=dot:giga -O a b\n"),
    ("log-noise", "RUN wget -O - b | tar x\n", "RUN wget -q -O - b | tar x\n"),
    ("log-noise", "RUN curl -L a\n", "RUN curl -sS -L a\n"),
    ("same-tool", "RUN apt update && apt install -y a\n", "RUN apt-get update && apt-get install -y a\n"),
    ("same-tool", "RUN apt upgrade -y\n", "RUN apt-get upgrade --with-new-pkgs -y\n"),
    ("same-tool", "RUN apt full-upgrade\n", "RUN apt-get dist-upgrade\n"),
    ("key-renamed", "MAINTAINER a <b@c>\n", 'LABEL maintainer="a <b@c>"\n'),
    ("key-renamed", 'MAINTAINER "a"\n', "LABEL org.opencontainers.image.authors=a\n"),
    ("direct-pid1", "CMD a -b 'c d'\n", 'CMD ["a", "-b", "c d"]\n'),
    ("deleted-in-place", "RUN cd /a && make\nRUN rm -rf /a/src\n", "RUN cd /a && make && rm -rf /a/src\n"),
    ("deleted-in-place", "RUN a; b\nRUN rm /c\n", "RUN a; b && rm /c\n"),
    ("same-directory", "WORKDIR /a\nWORKDIR b\nRUN c\n", "WORKDIR /a\nWORKDIR /a/b\nRUN c\n"),
    ("same-directory", "WORKDIR a\nRUN b\n", "WORKDIR /a\nRUN b\n"),
    ("same-directory", "RUN cd /b && c\nCOPY d .\n", "WORKDIR /b\nRUN c\nWORKDIR /\nCOPY d .\n"),
    (
        "same-directory",
        "WORKDIR /a\nRUN cd /b && c && d\nCOPY e .\n",
        "WORKDIR /a\nWORKDIR /b\nRUN c && d\nWORKDIR /a\nCOPY e .\n",
    ),
    ("cache-mount", "RUN pip install a\n", "RUN --mount=type=cache,target=/root/.cache/pip pip install a\n"),
]


@pytest.mark.parametrize(("name", "before", "after"), ADMITTED)
def test_admitted(name: str, before: str, after: str) -> None:
    same(before, after, name)
    differs(before, after)
    differs(before, after, *(NEUTRAL - {name, BORDER, "lists-refreshed-together", CACHE, LISTS, "deleted-in-place"}))


NOT_ADMITTED = [
    # layer-border: something of the shell or of the container goes over the border
    (BORDER, "RUN cd a && b\n", "RUN cd a\nRUN b\n"),
    (BORDER, "RUN export A=b && c\n", "RUN export A=b\nRUN c\n"),
    (BORDER, "RUN A=b && c $A\n", "RUN A=b\nRUN c $A\n"),
    (BORDER, "RUN set -e && b\n", "RUN set -e\nRUN b\n"),
    (BORDER, "RUN umask 077 && b\n", "RUN umask 077\nRUN b\n"),
    (BORDER, "RUN for i in a b; do c; done && d $i\n", "RUN for i in a b; do c; done\nRUN d $i\n"),
    (BORDER, "RUN f() { a; } && f\n", "RUN f() { a; }\nRUN f\n"),
    (BORDER, "RUN . a && b\n", "RUN . a\nRUN b\n"),
    (BORDER, "RUN echo ${A:=b} && c $A\n", "RUN echo ${A:=b}\nRUN c $A\n"),
    (BORDER, "RUN echo $((A=1)) && c $A\n", "RUN echo $((A=1))\nRUN c $A\n"),
    (BORDER, "RUN a && echo $_\n", "RUN a\nRUN echo $_\n"),
    (BORDER, "RUN { a & } && b\n", "RUN { a & }\nRUN b\n"),
    (BORDER, "RUN service x start && b\n", "RUN service x start\nRUN b\n"),
    (BORDER, "RUN redis-server --daemonize yes && b\n", "RUN redis-server --daemonize yes\nRUN b\n"),
    (BORDER, "RUN $A && b\n", "RUN $A\nRUN b\n"),
    (BORDER, "RUN a; b\n", "RUN a\nRUN b\n"),
    (BORDER, "RUN a || b\n", "RUN a\nRUN b\n"),
    (BORDER, "RUN a\nRUN b\n", "RUN a; b\n"),
    (BORDER, "RUN pip install -U pip\nRUN pip install a\n", "RUN pip install -U pip && pip install a\n"),
    (BORDER, "RUN pip3 install -U pip\nRUN pip3 install a\n", "RUN pip3 install -U pip && pip3 install a\n"),
    (BORDER, "RUN ln -sf bash /bin/sh\nRUN source a\n", "RUN ln -sf bash /bin/sh && source a\n"),
    (BORDER, "RUN rm /bin/sh && sudo cp a /bin/sh\nRUN b\n", "RUN rm /bin/sh && sudo cp a /bin/sh && b\n"),
    (BORDER, "RUN dpkg-reconfigure dash\nRUN b\n", "RUN dpkg-reconfigure dash && b\n"),
    (BORDER, "RUN gpasswd -a root a\nRUN id\n", "RUN gpasswd -a root a && id\n"),
    (BORDER, "RUN sudo usermod -aG a b\nRUN id\n", "RUN sudo usermod -aG a b && id\n"),
    (BORDER, "RUN a > /dev/shm/b\nRUN c\n", "RUN a > /dev/shm/b && c\n"),
    (BORDER, "RUN sed -i s,/root,/a, /etc/passwd\nRUN b\n", "RUN sed -i s,/root,/a, /etc/passwd && b\n"),
    (BORDER, "RUN echo a:x:5:root >> /etc/group\nRUN b\n", "RUN echo a:x:5:root >> /etc/group && b\n"),
    (BORDER, "RUN a\nUSER b\nRUN c\n", "USER b\nRUN a && c\n"),
    (BORDER, "RUN --network=none a\nRUN b\n", "RUN --network=none a && b\n"),
    (
        BORDER,
        "RUN --mount=type=tmpfs,target=/t a && b\n",
        "RUN --mount=type=tmpfs,target=/t a\nRUN --mount=type=tmpfs,target=/t b\n",
    ),
    (BORDER, "RUN a && b\n", "RUN b\nRUN a\n"),
    (BORDER, "RUN <<EOF\na\nEOF\nRUN b\n", "RUN a && b\n"),
    (BORDER, 'SHELL ["/bin/bash", "-lc"]\nRUN a && b\n', 'SHELL ["/bin/bash", "-lc"]\nRUN a\nRUN b\n'),
    (
        BORDER,
        'ENV BASH_ENV=a\nSHELL ["/bin/bash", "-c"]\nRUN a && b\n',
        'ENV BASH_ENV=a\nSHELL ["/bin/bash", "-c"]\nRUN a\nRUN b\n',
    ),
    # answer-yes: its failure was ignored, something answers already, or nothing is asked
    (YES, "RUN apt-get install a; b\n", "RUN apt-get install -y a; b\n"),
    (YES, "RUN apt-get install a || true\n", "RUN apt-get install -y a || true\n"),
    (YES, "RUN ! apt-get install a\n", "RUN ! apt-get install -y a\n"),
    (YES, "RUN set -e; apt-get install a && b; c\n", "RUN set -e; apt-get install -y a && b; c\n"),
    (YES, "RUN if apt-get install a; then b; fi\n", "RUN if apt-get install -y a; then b; fi\n"),
    (YES, "RUN for i in a b; do apt-get install $i; done\n", "RUN for i in a b; do apt-get install -y $i; done\n"),
    (YES, "RUN apt-get install a | b\n", "RUN apt-get install -y a | b\n"),
    (YES, "RUN apt-get install a &\n", "RUN apt-get install -y a &\n"),
    (YES, "RUN a $(apt-get install b)\n", "RUN a $(apt-get install -y b)\n"),
    (YES, "RUN echo n | apt-get install a\n", "RUN echo n | apt-get install -y a\n"),
    (YES, "RUN apt-get install a < b\n", "RUN apt-get install -y a < b\n"),
    (YES, "RUN { apt-get install a; } < b\n", "RUN { apt-get install -y a; } < b\n"),
    (YES, "RUN apt-get install --assume-no a\n", "RUN apt-get install -y --assume-no a\n"),
    (YES, "RUN apt-get install -t a b\n", "RUN apt-get install -t -y a b\n"),
    (YES, "RUN apt-get install -- a\n", "RUN apt-get install -- -y a\n"),
    (YES, "RUN apt-get install -y a\n", "RUN apt-get install a\n"),
    (YES, "RUN apt-get source a\n", "RUN apt-get source -y a\n"),
    (YES, "RUN foo install a\n", "RUN foo install -y a\n"),
    (YES, "RUN useradd -g users a\n", "RUN useradd -g -y users a\n"),
    # package-lists-removed: someone needs them, or may not remove them
    (LISTS, f"{GET}\nRUN apt-get install -y b\n", f"{GET} && {RM}\nRUN apt-get install -y b\n"),
    (LISTS, f"{GET}\nRUN apt-cache show b\n", f"{GET} && {RM}\nRUN apt-cache show b\n"),
    (LISTS, f"{GET}\nRUN sh /a.sh\n", f"{GET} && {RM}\nRUN sh /a.sh\n"),
    (LISTS, f"{GET}\nRUN /a\n", f"{GET} && {RM}\nRUN /a\n"),
    (LISTS, f"{GET}\nRUN curl a | bash\n", f"{GET} && {RM}\nRUN curl a | bash\n"),
    (LISTS, f"{GET}\nRUN make\n", f"{GET} && {RM}\nRUN make\n"),
    (
        LISTS,
        f"{GET}\nRUN if a; then apt-get update; fi; apt-get install b\n",
        f"{GET} && {RM}\nRUN if a; then apt-get update; fi; apt-get install b\n",
    ),
    (LISTS, f"{GET}\nONBUILD RUN apt-get install b\n", f"{GET} && {RM}\nONBUILD RUN apt-get install b\n"),
    (LISTS, f"{GET}\nCMD apt-get install b\n", f"{GET} && {RM}\nCMD apt-get install b\n"),
    (LISTS, f"{GET}\nFROM x\nCOPY --from=0 / /\n", f"{GET} && {RM}\nFROM x\nCOPY --from=0 / /\n"),
    (LISTS, f"{GET}\nFROM x\nCOPY --from=0 /var/* /\n", f"{GET} && {RM}\nFROM x\nCOPY --from=0 /var/* /\n"),
    (LISTS, f"{GET}\n", f"{RM} && {GET[4:]}\n".replace(RM, "RUN " + RM)),
    (LISTS, f"{GET}\n", f"{GET} && rm -rf /var/lib/apt\n"),
    (LISTS, f"{GET}\n", f"{GET} && rm -rf /var/lib/apt/lists/* /tmp/x\n"),
    (LISTS, f"{GET}\n", f"{GET} && rm /var/lib/apt/lists/*\n"),
    (LISTS, f"{GET}\n", f"{GET} && rm -rf '/var/lib/apt/lists/*'\n"),
    (LISTS, f"{GET}\n", f"{GET} && sudo {RM}\n"),
    (LISTS, "USER a\nRUN sudo apt-get update\n", f"USER a\nRUN sudo apt-get update && {RM}\n"),
    (LISTS, f"{GET} || a\n", f"{GET} || a; {RM}\n"),
    (LISTS, f"RUN trap 'a' EXIT; {GET[4:]}\n", f"RUN trap 'a' EXIT; {GET[4:]} && {RM}\n"),
    (LISTS, f"{GET}\n", f"{GET}\nRUN {RM}\n"),
    (
        LISTS,
        "RUN --mount=type=cache,target=/var/lib/apt apt-get update\n",
        f"RUN --mount=type=cache,target=/var/lib/apt apt-get update && {RM}\n",
    ),
    (LISTS, f"{GET} && {RM}\n", f"{GET}\n"),
    (LISTS, "RUN a\n", f"RUN a && {RM}\n"),
    (LISTS, f"{GET}\nFROM 0\n", f"{GET} && {RM} && foo\nFROM 0\n"),
    # package-cache-off
    (CACHE, "RUN apk add -t a b\n", "RUN apk add -t --no-cache a b\n"),
    (CACHE, "RUN pip install -r a\n", "RUN pip install -r --no-cache-dir a\n"),
    (CACHE, "RUN pip uninstall a\n", "RUN pip uninstall --no-cache-dir a\n"),
    (CACHE, "RUN pip install a && rm -r /root/.cache\n", "RUN pip install --no-cache-dir a && rm -r /root/.cache\n"),
    (
        CACHE,
        "RUN pip install a\nRUN cp -r /root/.cache/pip /b\n",
        "RUN pip install --no-cache-dir a\nRUN cp -r /root/.cache/pip /b\n",
    ),
    (
        CACHE,
        "RUN pip install a\nFROM x\nCOPY --from=0 /root/.cache /c\n",
        "RUN pip install --no-cache-dir a\nFROM x\nCOPY --from=0 /root/.cache /c\n",
    ),
    (
        CACHE,
        "RUN --mount=type=cache,target=/root/.cache pip install a\n",
        "RUN --mount=type=cache,target=/root/.cache pip install --no-cache-dir a\n",
    ),
    (CACHE, "RUN pip install --cache-dir=a b\n", "RUN pip install --no-cache-dir --cache-dir=a b\n"),
    (CACHE, "RUN pip install --no-cache-dir a\n", "RUN pip install a\n"),
    (CACHE, "RUN apk update && apk upgrade && apk add a\n", "RUN apk upgrade && apk add --no-cache a\n"),
    (CACHE, "RUN apk update && apk add a\nRUN apk search b\n", "RUN apk add --no-cache a\nRUN apk search b\n"),
    (CACHE, "RUN apk update && apk add a\n", "RUN apk add a\n"),
    (CACHE, "RUN apk add a && rm -rf /var/cache/apk/*\n", "RUN apk add a\n"),
    (
        CACHE,
        "RUN yum install -y a\nRUN yum -C install b\n",
        "RUN yum install -y a && yum clean all\nRUN yum -C install b\n",
    ),
    (CACHE, "RUN sudo yum install -y a\n", "RUN sudo yum install -y a && yum clean all\n"),
    (CACHE, "RUN go build\n", "RUN go build && go clean -modcache\n"),
    # lists-refreshed-together
    (CACHE, "RUN npm cache clean; a\n", "RUN npm cache clean --force; a\n"),
    (CACHE, "RUN npm ci && rm -rf $A\n", "RUN npm ci && rm -rf $A && npm cache clean --force\n"),
    (CACHE, "RUN yarn && apt-get purge -y yarn\n", "RUN yarn && apt-get purge -y yarn && yarn cache clean\n"),
    (CACHE, "RUN npm ci && apk del nodejs\n", "RUN npm ci && apk del nodejs && npm cache clean --force\n"),
    (CACHE, "RUN npm ci && rm -rf /opt/node\n", "RUN npm ci && rm -rf /opt/node && npm cache clean --force\n"),
    (
        CACHE,
        "RUN php composer.phar install && cd a\n",
        "RUN php composer.phar install && cd a && php composer.phar clear-cache\n",
    ),
    (
        CACHE,
        "RUN php composer.phar install && rm composer.phar\n",
        "RUN php composer.phar install && rm composer.phar && php composer.phar clear-cache\n",
    ),
    (
        LISTS,
        "RUN sudo apt-get update && sudo apt-get purge -y sudo\n",
        f"RUN sudo apt-get update && sudo apt-get purge -y sudo && sudo {RM}\n",
    ),
    (
        "lists-refreshed-together",
        "RUN apt-get update\nRUN apt-get install b\nRUN c\n",
        "RUN apt-get install -y b\nRUN c && d\n",
    ),
    (
        "lists-refreshed-together",
        "RUN apt-get update\nRUN apt-get install b\nRUN c d\n",
        "RUN apt-get install -y b\nRUN c 'd'\n",
    ),
    (
        "lists-refreshed-together",
        "RUN apt-get update\nRUN a\nRUN apt-get install b\n",
        "RUN a\nRUN apt-get update && apt-get install b\n",
    ),
    (
        "lists-refreshed-together",
        "RUN apt-get update\nCOPY a /etc/apt/\nRUN apt-get install b\n",
        "COPY a /etc/apt/\nRUN apt-get update && apt-get install b\n",
    ),
    (
        "lists-refreshed-together",
        "RUN apt-get update\nCOPY a /\nRUN apt-get install b\n",
        "COPY a /\nRUN apt-get update && apt-get install b\n",
    ),
    (
        "lists-refreshed-together",
        "RUN apt-get update\nUSER a\nRUN apt-get install b\n",
        "USER a\nRUN apt-get update && apt-get install b\n",
    ),
    (
        "lists-refreshed-together",
        "RUN apt-get update\nLABEL a=b\nRUN apt-get install b\n",
        "LABEL a=b\nRUN apt-get install b\n",
    ),
    (
        "lists-refreshed-together",
        "RUN apt-get update\nRUN apt-get install b; c\n",
        "RUN apt-get update && apt-get install b; c\n",
    ),
    # log-noise
    ("log-noise", "RUN wget -O a b 2>c\n", "RUN wget -q -O a b 2>c\n"),
    ("log-noise", "RUN wget -o log b\n", "RUN wget -q -o log b\n"),
    ("log-noise", "RUN apt-get install a | tee b\n", "RUN apt-get -q install a | tee b\n"),
    ("log-noise", "RUN a && wget b |& grep c\n", "RUN a && wget -q b |& grep c\n"),
    ("log-noise", "RUN wget -O b\n", "RUN wget -O -q b\n"),
    ("log-noise", "RUN apt-get install a\n", "RUN apt-get -qq install a\n"),
    # same-tool
    ("same-tool", "RUN apt list\n", "RUN apt-get list\n"),
    ("same-tool", "RUN apt upgrade\n", "RUN apt-get upgrade\n"),
    ("same-tool", "RUN apt-get upgrade\n", "RUN apt-get upgrade --with-new-pkgs\n"),
    ("same-tool", "RUN apt install 'a*'\n", "RUN apt-get install 'a*'\n"),
    ("same-tool", "RUN apt-get update\n", "RUN apt update\n"),
    ("same-tool", "RUN apt install a apt\n", "RUN apt install a apt-get\n"),
    # key-renamed
    ("key-renamed", "MAINTAINER a\n", "LABEL maintainer=b\n"),
    ("key-renamed", "MAINTAINER a\n", "LABEL x=a\n"),
    ("key-renamed", "LABEL maintainer=b\nMAINTAINER a\n", "LABEL maintainer=b\nLABEL maintainer=a\n"),
    ("key-renamed", "MAINTAINER a\nLABEL maintainer=b\n", "LABEL maintainer=a\nLABEL maintainer=b\n"),
    ("key-renamed", "MAINTAINER $A\n", 'LABEL maintainer="$A"\n'),
    # direct-pid1
    ("direct-pid1", "CMD a $B\n", 'CMD ["a", "$B"]\n'),
    ("direct-pid1", "CMD a *.js\n", 'CMD ["a", "*.js"]\n'),
    ("direct-pid1", "CMD a && b\n", 'CMD ["a", "&&", "b"]\n'),
    ("direct-pid1", "CMD exec a\n", 'CMD ["exec", "a"]\n'),
    ("direct-pid1", "CMD cd a\n", 'CMD ["cd", "a"]\n'),
    ("direct-pid1", "CMD A=b c\n", 'CMD ["A=b", "c"]\n'),
    ("direct-pid1", "CMD a > b\n", 'CMD ["a", ">", "b"]\n'),
    ("direct-pid1", "CMD ./a\n", 'CMD ["./a"]\n'),
    ("direct-pid1", "COPY a.sh /usr/bin/a\nCMD a\n", 'COPY a.sh /usr/bin/a\nCMD ["a"]\n'),
    ("direct-pid1", 'ENTRYPOINT ["x"]\nCMD a b\n', 'ENTRYPOINT ["x"]\nCMD ["a", "b"]\n'),
    ("direct-pid1", "ENTRYPOINT a b\n", 'ENTRYPOINT ["a", "b"]\n'),
    ("direct-pid1", 'SHELL ["/bin/bash", "-c"]\nCMD a\n', 'SHELL ["/bin/bash", "-c"]\nCMD ["a"]\n'),
    ("direct-pid1", "CMD a b\n", 'CMD ["/bin/sh", "-c", "a", "b"]\n'),
    ("direct-pid1", "HEALTHCHECK CMD a\n", 'HEALTHCHECK CMD ["a"]\n'),
    ("direct-pid1", "RUN a\n", 'RUN ["a"]\n'),
    # deleted-in-place
    ("deleted-in-place", "RUN cd /a && make\nRUN rm -rf b\n", "RUN cd /a && make && rm -rf b\n"),
    ("deleted-in-place", "RUN cd /a && make\nRUN b\nRUN rm -rf /c\n", "RUN cd /a && make && rm -rf /c\nRUN b\n"),
    ("deleted-in-place", "RUN a; exit 0\nRUN rm /b\n", "RUN a; exit 0 && rm /b\n"),
    ("deleted-in-place", "RUN a; exec b\nRUN rm /b\n", "RUN a; exec b && rm /b\n"),
    ("deleted-in-place", "RUN a; rm() { x; }\nRUN rm /b\n", "RUN a; rm() { x; } && rm /b\n"),
    ("deleted-in-place", "RUN cd a && b\nRUN rm -rf /c\n", "RUN rm -rf /c\nRUN cd a && b\n"),
    ("deleted-in-place", "RUN cd a && b\nUSER x\nRUN rm -rf /c\n", "RUN cd a && b && rm -rf /c\nUSER x\n"),
    ("deleted-in-place", "RUN a; b\nRUN rm /c\n", "RUN a; b || rm /c\n"),
    # same-directory
    ("same-directory", "WORKDIR /a\nWORKDIR b\nRUN c\n", "WORKDIR /a\nWORKDIR /b\nRUN c\n"),
    ("same-directory", "FROM x\nWORKDIR a\nRUN b\n", "FROM x\nWORKDIR /a\nRUN b\n"),
    ("same-directory", "FROM x\nRUN cd /b && c\n", "FROM x\nWORKDIR /b\nRUN c\nWORKDIR /\n"),
    ("same-directory", "RUN cd /b && c\n", "WORKDIR /b\nRUN c\nWORKDIR /a\n"),
    (
        "same-directory",
        "RUN --mount=type=bind,target=/b cd /b/c && d\n",
        "WORKDIR /b/c\nRUN --mount=type=bind,target=/b d\nWORKDIR /\n",
    ),
    ("same-directory", "RUN cd /b && $(pwd)/c\n", "WORKDIR /b\nRUN $(pwd)/c\nWORKDIR /\n"),
    ("same-directory", "ENV CDPATH=/c\nRUN cd b && c\n", "ENV CDPATH=/c\nWORKDIR /b\nRUN c\nWORKDIR /\n"),
    ("same-directory", "RUN cd /b && c\nRUN d\n", "WORKDIR /b\nRUN c\nRUN d\n"),
    ("same-directory", "RUN cd /b && c\n", "WORKDIR /b\nRUN c\n"),
    ("same-directory", "WORKDIR /a\nRUN cd /b && c $OLDPWD\n", "WORKDIR /a\nWORKDIR /b\nRUN c $OLDPWD\nWORKDIR /a\n"),
    ("same-directory", "WORKDIR /a\nRUN cd /b; c\n", "WORKDIR /a\nWORKDIR /b\nRUN c\nWORKDIR /a\n"),
    # cache-mount
    ("cache-mount", "RUN cargo build\n", "RUN --mount=type=cache,target=/src/target cargo build\n"),
    ("cache-mount", "USER a\nRUN npm ci\n", "USER a\nRUN --mount=type=cache,target=/root/.npm npm ci\n"),
    (
        "cache-mount",
        "RUN npm ci\nFROM x\nCOPY --from=0 /root /r\n",
        "RUN --mount=type=cache,target=/root/.npm npm ci\nFROM x\nCOPY --from=0 /root /r\n",
    ),
    ("cache-mount", "RUN a\n", "RUN --mount=type=cache,target=/root/.npm,from=x npm ci\n"),
    ("cache-mount", "RUN --mount=type=cache,target=/root/.npm npm ci\n", "RUN npm ci\n"),
    (
        LISTS,
        f"{GET}\nRUN a || apt-get update\nRUN apt-get install b\n",
        f"{GET} && {RM}\nRUN a || apt-get update\nRUN apt-get install b\n",
    ),
    # what only the files can tell
    ("add-is-copy", "ADD a /b\n", "COPY a /b\n"),
    ("add-is-copy", "ADD . a /b/\n", "COPY . a /b/\n"),
    ("add-is-copy", "ADD ./* /b/\n", "COPY ./* /b/\n"),
    ("add-is-copy", "ADD a/.. /b/\n", "COPY a /b/\n"),
    ("owner-in-copy", "COPY a /b\nRUN chown -R u:g /b\n", "COPY --chown=u:g a /b\n"),
    ("step-moved-up", "COPY a /b\nRUN c\n", "RUN c\nCOPY a /b\n"),
]


@pytest.mark.parametrize(("name", "before", "after"), NOT_ADMITTED)
def test_not_admitted(name: str, before: str, after: str) -> None:
    differs(before, after, name)
    differs(before, after, *NEUTRAL)


def test_bases_that_decide() -> None:
    for base, expected in (
        ("FROM alpine\n", False),
        ("FROM alpine\nRUN apk add wget\n", True),
        ("FROM python:3\n", True),
        ("FROM python:3-alpine\n", False),
        ("FROM a/b\n", False),
        ("FROM a/b:1-buster\n", True),
    ):
        before, after = f"{base}RUN wget a\n", f"{base}RUN wget --progress=dot:giga a\n"
        assert prove(before, after, ["log-noise"]).same is expected, base
    for base, expected in (("python:3.12", True), ("node:20", True), ("nginx:1", False), ("$A", False)):
        before, after = f"FROM {base}\nCMD a\n", f'FROM {base}\nCMD ["a"]\n'
        assert prove(before, after, ["direct-pid1"]).same is expected, base


ASSUMED = [
    ("add-is-copy", "ADD a b /c/\n", "COPY a b /c/\n", True),
    ("add-is-copy", "ADD https://a/b /c/\n", "COPY https://a/b /c/\n", False),
    ("add-is-copy", "ADD a.tar.gz /c/\n", "COPY a.tar.gz /c/\n", False),
    ("add-is-copy", "ADD $A /c/\n", "COPY $A /c/\n", False),
    ("add-is-copy", "ADD --chown=a b /c\n", "COPY b /c\n", False),
    ("add-is-copy", "ADD --checksum=sha256:1 b /c\n", "COPY --checksum=sha256:1 b /c\n", False),
    ("add-is-copy", "ONBUILD ADD a /b\n", "ONBUILD COPY a /b\n", True),
    ("direct-pid1", "ENTRYPOINT ./a b\n", 'ENTRYPOINT ["./a", "b"]\n', True),
    ("direct-pid1", 'ENTRYPOINT ["x"]\nCMD a\n', 'ENTRYPOINT ["x"]\nCMD ["a"]\n', True),
    ("direct-pid1", "CMD a $B\n", 'CMD ["a", "$B"]\n', False),
    (LISTS, f"{GET}\nRUN sh /a.sh\n", f"{GET} && {RM}\nRUN sh /a.sh\n", True),
    (LISTS, f"{GET}\nRUN apt-get install b\n", f"{GET} && {RM}\nRUN apt-get install b\n", False),
    (YES, "RUN apt-get install a; b\n", "RUN apt-get install -y a; b\n", True),
    (YES, "RUN echo n | apt-get install a\n", "RUN echo n | apt-get install -y a\n", False),
    ("key-renamed", "LABEL maintainer=b\nMAINTAINER a\n", "LABEL maintainer=b\nLABEL maintainer=a\n", True),
    ("owner-in-copy", "COPY a /b\nRUN chown -R u:g /b\n", "COPY --chown=u:g a /b\n", True),
    ("owner-in-copy", "COPY a /b\nRUN chown -R u /b\n", "COPY --chown=u a /b\n", False),
    ("owner-in-copy", "COPY a /b\nRUN chown -R u:g /c\n", "COPY --chown=u:g a /b\n", False),
    ("mode-in-copy", "COPY a /b\nRUN chmod 755 /b\n", "COPY --chmod=755 a /b\n", True),
    ("mode-in-copy", "COPY a /b\nRUN chmod +x /b\n", "COPY --chmod=+x a /b\n", False),
]


@pytest.mark.parametrize(("name", "before", "after", "expected"), ASSUMED)
def test_what_the_user_answers_for(name: str, before: str, after: str, expected: bool) -> None:
    if expected:
        same(before, after, name, assume=[name])
    else:
        differs(before, after, name, assume=[name])


PURPOSES = [
    (
        "package-option=--no-install-recommends",
        "RUN apt-get install -y a\n",
        "RUN apt-get install -y --no-install-recommends a\n",
        True,
    ),
    (
        "package-option=--no-install-recommends",
        "RUN apt-get install -y a\n",
        "RUN apt-get install -y --no-install-recommends b\n",
        False,
    ),
    (
        "package-option=--no-install-recommends",
        "RUN apt-get install -t a b\n",
        "RUN apt-get install -t --no-install-recommends a b\n",
        False,
    ),
    ("command-added=set -o pipefail", "RUN a | b\n", "RUN set -o pipefail && a | b\n", True),
    ("command-added=set -o pipefail", "RUN a | b\n", "RUN set -o pipefail && a\n", False),
    ("command-removed=yarn cache clean", "RUN a && yarn cache clean\n", "RUN a\n", True),
    ("words-removed=sudo -E", "RUN a | sudo -E bash -\n", "RUN a | bash -\n", True),
    ("words-removed=sudo", "RUN sudo -E bash -\n", "RUN bash -\n", False),
    ("words-added=-f", "RUN curl a\n", "RUN curl -f a\n", True),
    ("word=http://a=>https://a", "RUN curl http://a\n", "RUN curl https://a\n", True),
    ("word=http://a=>https://a", "RUN curl http://b\n", "RUN curl https://b\n", False),
    ("flag=--link", "COPY a b\n", "COPY --link a b\n", True),
    ("flag=--link", "COPY a b\n", "COPY --parents a b\n", False),
    ("flag=--chown=a:b", "COPY a b\n", "COPY --chown=a:b a b\n", True),
    ("flag=--mount=target=/x,type=cache", "RUN a\n", "RUN --mount=type=cache,target=/x a\n", True),
    ("same-user=a=>1", "USER root\nRUN b\n", "USER 0\nRUN b\n", False),
    ("same-user=a=>1", "USER a\nRUN b\nWORKDIR /c\n", "USER 1\nRUN b\nWORKDIR /c\n", True),
    ("same-user=a=>1", "USER a\nRUN b\n", "USER 2\nRUN b\n", False),
    ("same-user=a=>1", "USER b\nRUN b\n", "USER 1\nRUN b\n", False),
    ("shell=/bin/bash -c", "RUN a\nRUN b\n", 'RUN a\nSHELL ["/bin/bash", "-c"]\nRUN b\n', True),
    ("shell=/bin/bash -c", "RUN a\n", 'SHELL ["/bin/bash", "-ec"]\nRUN a\n', False),
    ("shell=/bin/bash -c", "RUN a\nCMD b\n", 'SHELL ["/bin/bash", "-c"]\nRUN a\nCMD b\n', False),
    ("shell=/bin/bash -c", "RUN a\n", 'SHELL ["/bin/bash", "-c"]\nRUN b\n', False),
    (
        "shell=/bin/bash -c",
        "RUN a\nCMD b\n",
        'SHELL ["/bin/bash", "-c"]\nRUN a\nSHELL ["/bin/sh", "-c"]\nCMD b\n',
        True,
    ),
    (
        "shell=/bin/bash -c",
        "RUN a\nCMD b\n",
        'SHELL ["/bin/bash", "-c"]\nRUN a\nSHELL ["/bin/sh", "-ec"]\nCMD b\n',
        False,
    ),
    (
        "shell=/bin/bash -c",
        'SHELL ["/bin/ash", "-c"]\nCMD b\n',
        'SHELL ["/bin/sh", "-c"]\nCMD b\n',
        False,
    ),
    ("user=app", "RUN a\nCMD b\n", "RUN a\nUSER app\nCMD b\n", True),
    ("user=app", "RUN a\nCMD b\n", "RUN a\nUSER root\nCMD b\n", False),
    ("instruction-added=HEALTHCHECK NONE", "CMD a\n", "HEALTHCHECK  NONE\nCMD a\n", True),
    ("instruction-removed=STOPSIGNAL 9", "STOPSIGNAL 9\nCMD a\n", "CMD a\n", True),
    ("instruction-removed=STOPSIGNAL 9", "STOPSIGNAL 9\nCMD a\n", "CMD b\n", False),
    ("directive=check=skip=A", "RUN a\n", "RUN a\n", None),
]


@pytest.mark.parametrize(("purpose", "before", "after", "expected"), PURPOSES)
def test_purposes_of_unsafe_fixes(purpose: str, before: str, after: str, expected: bool | None) -> None:
    name = f"option-of-user:{purpose}"
    if expected is None:
        assert prove(before, after, [name]).same
    elif expected:
        same(before, after, name)
        assert not prove("FROM debian:12\n" + before, "FROM debian:12\n" + after).same
    else:
        differs(before, after, name)


def test_purposes_outside_of_stages() -> None:
    assert prove("FROM a:1\nRUN b\n", "FROM a:2\nRUN b\n", ["option-of-user:base=a:2"]).same
    assert not prove("FROM a:1\nRUN b\n", "FROM a:3\nRUN b\n", ["option-of-user:base=a:2"]).same
    names = ["option-of-user:stage=a=>b"]
    assert prove("FROM x AS a\nFROM a\n", "FROM x AS b\nFROM b\n", names).same
    assert not prove("FROM x AS a\nFROM a\n", "FROM x AS b\nFROM a\n", names).same
    assert prove("FROM x\n", "# check=skip=A\nFROM x\n", ["option-of-user:directive=check=skip=A"]).same
    assert not prove("FROM x\n", "# check=skip=B\nFROM x\n", ["option-of-user:directive=check=skip=A"]).same


def test_unknown_names() -> None:
    with pytest.raises(ValueError, match="unknown neutral"):
        prove("FROM a\n", "FROM b\n", ["foo"])
    with pytest.raises(ValueError, match="unknown purpose"):
        prove("FROM a\n", "FROM b\n", ["option-of-user:foo=bar"])
    assert not prove("FROM a\n", "FROM b\n", ["option-of-user"]).same, "a purpose that names nothing admits nothing"


class Files:
    """A context that knows all of its files."""

    def plain(self, source: str) -> bool:
        return source != "archive"

    def file(self, source: str) -> bool:
        return source.endswith(".sh")

    def covered(self, early: Copied, again: Copied) -> bool:
        return early.destination == again.destination and again.sources == (".",)

    def disjoint(self, copy: Copied, other: Copied) -> bool:
        return False

    def independent(self, step: Step, copies: tuple[Copied, ...], early: tuple[Copied, ...]) -> bool:
        return [each.sources for each in early] == [("requirements.txt",)]


CONTEXT = [
    (("add-is-copy",), "ADD a b /c/\n", "COPY a b /c/\n", True),
    (("add-is-copy",), "ADD archive /c/\n", "COPY archive /c/\n", False),
    (("owner-in-copy",), "COPY a.sh /b\nRUN chown u:g /b\n", "COPY --chown=u:g a.sh /b\n", True),
    (("owner-in-copy",), "COPY a /b\nRUN chown u:g /b\n", "COPY --chown=u:g a /b\n", False),
    (("mode-in-copy",), "COPY a.sh /b\nRUN chmod 0755 /b\n", "COPY --chmod=0755 a.sh /b\n", True),
    (("mode-in-copy",), "COPY a.sh /b/\nRUN chmod 0755 /b\n", "COPY --chmod=0755 a.sh /b/\n", False),
    (
        ("copied-again", "step-moved-up"),
        "WORKDIR /a\nCOPY . .\nRUN pip install -r requirements.txt\n",
        "WORKDIR /a\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\n",
        True,
    ),
    (
        ("copied-again", "step-moved-up"),
        "WORKDIR /a\nCOPY . .\nRUN pip install -r requirements.txt\n",
        "WORKDIR /a\nRUN pip install -r requirements.txt\nCOPY . .\n",
        False,
    ),
    (
        ("copied-again", "step-moved-up"),
        "WORKDIR /a\nCOPY . .\nRUN pip install -r requirements.txt\n",
        "WORKDIR /a\nCOPY --chown=u requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\n",
        False,
    ),
]


@pytest.mark.parametrize(("names", "before", "after", "expected"), CONTEXT)
def test_what_the_context_tells(names: tuple[str, ...], before: str, after: str, expected: bool) -> None:
    if expected:
        same(before, after, *names, context=Files())
        differs(before, after, *names)
    else:
        differs(before, after, *names, context=Files())


def test_a_removal_of_its_own_is_joined_not_lost() -> None:
    before = "RUN apk add a\nRUN rm -rf /var/cache/apk/*\n"
    same(before, "RUN apk add --no-cache a && rm -rf /var/cache/apk/*\n", CACHE, BORDER)


def test_several_at_once() -> None:
    before = "MAINTAINER a\nRUN apt-get update\nRUN apt install b\nCMD c\n"
    after = f'LABEL maintainer=a\nRUN apt-get update && apt-get install -y b && {RM}\nCMD ["c"]\n'
    same(before, after, "key-renamed", BORDER, "same-tool", YES, LISTS, "direct-pid1")
