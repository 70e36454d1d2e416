"""What there is to say about instructions, flags, mounts, directives, variables, checks and values: texts, no code.

The facts are those of BuildKit's reference (frontend/dockerfile/docs/reference.md), to which every text links.
"""

from __future__ import annotations

#: the reference of the Dockerfile language; what follows is the heading
REFERENCE = "https://docs.docker.com/reference/dockerfile/#"
