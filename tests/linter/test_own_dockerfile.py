"""What the project says of Dockerfiles holds for its own."""

from __future__ import annotations

from test_cli import ROOT, dlint


def test_the_projects_dockerfile_is_clean_under_the_strict_profile() -> None:
    done = dlint("--profile", "strict", "Dockerfile", cwd=ROOT)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout
    assert dlint("--diff", "--unsafe-fixes", "--profile", "strict", "Dockerfile", cwd=ROOT).stdout == ""
