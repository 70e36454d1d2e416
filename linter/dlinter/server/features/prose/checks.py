"""BuildKit's build checks (linter/ruleset.go)."""

from __future__ import annotations

import re

CHECKS: dict[str, str] = {
    "ConsistentInstructionCasing": "Keywords are to be all in upper case or all in lower case.",
    "CopyIgnoredFile": "A source of COPY or ADD is left out by `.dockerignore`.",
    "DuplicateStageName": "Two stages have the same name.",
    "ExposeInvalidFormat": "EXPOSE takes a port and a protocol, no address and no port of the host.",
    "ExposeProtoCasing": "The protocol of EXPOSE is to be in lower case.",
    "FromAsCasing": "`AS` is to be in the same case as `FROM`.",
    "FromPlatformFlagConstDisallowed": "`--platform` of FROM is a fixed value.",
    "InvalidBaseImagePlatform": "The base image is for another platform than the one that is built.",
    "InvalidDefaultArgInFrom": "With the defaults of its arguments FROM names no valid image.",
    "InvalidDefinitionDescription": "The comment above an ARG or a stage does not begin with its name.",
    "JSONArgsRecommended": "CMD and ENTRYPOINT in shell form do not pass signals on.",
    "LegacyKeyValueFormat": "`ENV key value` is the old form of `ENV key=value`.",
    "MaintainerDeprecated": "MAINTAINER is deprecated.",
    "MultipleInstructionsDisallowed": "An instruction of which only the last one counts stands more than once.",
    "NoEmptyContinuation": "An empty line stands within a continued instruction.",
    "RedundantTargetPlatform": "`--platform=$TARGETPLATFORM` is what FROM takes anyway.",
    "ReservedStageName": "A stage is called `scratch` or `context`.",
    "SecretsUsedInArgOrEnv": "An ARG or ENV looks like a secret, which would stay in the image.",
    "StageNameCasing": "Names of stages are to be in lower case.",
    "UndefinedArgInFrom": "FROM uses an argument that is not declared before it.",
    "UndefinedVar": "A variable is not declared before it is used.",
    "WorkdirRelativePath": "A relative WORKDIR depends on that of the base image.",
}


def url(name: str) -> str:
    """The page of the check *name*; of all where it has none."""
    if name == "InvalidBaseImagePlatform":
        return "https://docs.docker.com/reference/build-checks/"
    slug = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", name).lower()
    return f"https://docs.docker.com/reference/build-checks/{slug}/"
