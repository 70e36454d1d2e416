# The command dlint in an image of its own:
#
#   docker build -t dlint .
#   docker run --rm -v "$PWD:/work" dlint
#   docker run --rm -v "$PWD:/work" --user "$(id -u):$(id -g)" dlint --fix

# build puts dlint and what it needs into one folder
FROM python:3.13-slim-bookworm AS build
COPY . /src
RUN python -m venv /opt/dlint && /opt/dlint/bin/pip install --no-cache-dir /src

FROM python:3.13-slim-bookworm
LABEL org.opencontainers.image.title="dlint" \
      org.opencontainers.image.description="A Dockerfile linter and optimizer whose fixes never break a build" \
      org.opencontainers.image.source="https://github.com/dlint-dev/dlint" \
      org.opencontainers.image.licenses="MIT"
COPY --from=build /opt/dlint /opt/dlint
ENV PATH="/opt/dlint/bin:$PATH"
WORKDIR /work
USER 65532:65532
# a command that ends has no health to be asked for
HEALTHCHECK NONE
ENTRYPOINT ["dlint"]
