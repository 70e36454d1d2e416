"""Long files of one thing over and over: how what they cost grows with their length."""

from __future__ import annotations

from benchmarks.inputs import dockerfile

#: base image, step and the lines of a step
_SHAPES = {
    "apt, pip, ENV and COPY in turn": (
        "debian:12",
        "RUN apt-get update && apt-get install -y p{n}\nRUN pip install r{n}\nENV A{n}=x{n}\nCOPY f{n} /app/f{n}\n",
        4,
    ),
    "here-documents": ("debian:12", "RUN <<EOF\nset -e\napt-get update\napt-get install -y p{n}\nEOF\n", 5),
    "COPY --from": ("golang:1.22 AS b\nRUN make\nFROM debian:12", "COPY --from=b /o/a{n} /usr/b{n}\n", 1),
    "ENV of each other": ("alpine:3.20", "ENV A{n}=$A{m}/b PATH=/x{n}:$PATH\n", 1),
    "ARG and its use": ("alpine:3.20", "ARG A{n}={n}\nRUN echo $A{n}\n", 2),
    "comments": ("debian:12", "# comment {n} about nothing\n", 1),
    "mounts": ("golang:1.22", "RUN --mount=type=cache,target=/root/.cache/go-build go build -o /x{n} ./cmd/{n}\n", 1),
    "npm behind COPY": ("node:20", "COPY p{n}/package.json /a{n}/\nRUN cd /a{n} && npm install && npm run build\n", 2),
    "curl into tar": (
        "debian:12",
        "RUN curl -fsSL https://example.com/{n}.tgz | tar xz -C /opt/{n} && rm -rf /tmp/{n}\n",
        1,
    ),
}


def shapes(lines: int, first: int) -> dict[str, str]:
    """Files of about *lines* lines (of the last ones: commands), each of one thing over and over, counted from *first*.

    No two of their lines are alike, nor are two files whose numbers do not overlap.
    """
    numbers = range(first, first + lines)
    packages = " ".join(f"p{n}" for n in numbers)
    found = {
        "one RUN, a command a line": ["RUN true", *(f"    && mkdir /d{n} && apt-get install -y p{n}" for n in numbers)],
        "one RUN, a package a line": ["RUN apt-get install -y", *(f"    p{n}" for n in numbers)],
        "one RUN, comments within": ["RUN true", *(f"    # step {n}\n    && make t{n}" for n in numbers[::2])],
    }
    texts = {name: "FROM debian:12\n" + " \\\n".join(rows) + "\n" for name, rows in found.items()}
    for name, (base, step, height) in _SHAPES.items():
        texts[name] = f"FROM {base}\n" + "".join(step.format(n=n, m=max(n - 1, first)) for n in numbers[::height])
    texts["chain of stages"] = f"FROM debian:12 AS s{first - 1}\n" + "".join(
        f"FROM s{n - 1} AS s{n}\nRUN make t{n}\nWORKDIR d{n}\nENV X{n}=$X{n - 1}\n"
        for n in range(first, first + lines // 4)
    )
    texts["a mix"] = dockerfile(lines, first)
    texts["one line, many packages"] = f"FROM debian:12\nRUN apt-get install -y {packages}\n"
    texts["one line, many commands"] = "FROM debian:12\nRUN " + " && ".join(f"mkdir /d{n}" for n in numbers) + "\n"
    return texts
