"""cargo and bundler: what their lockfiles say."""

from __future__ import annotations

from dlinter import UNSAFE, Command, Edit, Findings, Fix, Severity, report, rule
from dlinter_rules.common import program, ran_before
from dlinter_rules.lockfiles import following, unlocked


@rule("DL8501", "cargo-build-locked", on=Command, named=("cargo",), severity=Severity.INFO)
def cargo_build_locked(command: Command) -> Findings:
    r"""Build what the lockfile says with cargo build --locked

    Otherwise cargo changes a lockfile that does not fit the manifest, and nobody sees that two builds are not the same.

    ```yaml context
    Cargo.toml: "[package]\nname = 'app'"
    Cargo.lock: version = 4
    ```
    ```dockerfile bad
    FROM rust:1.88
    WORKDIR /app
    COPY . .
    RUN cargo build --release
    ```
    ```dockerfile unsafe
    FROM rust:1.88
    WORKDIR /app
    COPY . .
    RUN cargo build --locked --release
    ```
    ```dockerfile good
    FROM rust:1.88
    WORKDIR /app
    COPY . .
    RUN cargo build --locked --release && cargo install --path . --frozen && cargo install ripgrep
    FROM rust:1.88
    WORKDIR /app
    COPY Cargo.toml ./
    RUN cargo build --release
    ```
    """
    word = unlocked(command, "cargo", ("--locked", "--frozen", "--offline"))
    if word is not None:
        yield report(word, fix=following(word, "--locked"))


@rule("DL8601", "bundle-deployment", on=Command, named=("bundle", "bundler"), severity=Severity.INFO)
def bundle_deployment(command: Command) -> Findings:
    r"""Install what the lockfile says: BUNDLE_FROZEN=true, or BUNDLE_DEPLOYMENT

    Otherwise Bundler changes a lockfile that does not fit the Gemfile, and two builds are not the same.

    ```yaml context
    Gemfile: "source 'https://rubygems.org'\ngem 'rack'"
    Gemfile.lock: "GEM"
    ```
    ```dockerfile bad
    FROM ruby:3.4
    WORKDIR /app
    COPY Gemfile Gemfile.lock ./
    RUN bundle install --jobs 4
    ```
    ```dockerfile unsafe
    FROM ruby:3.4
    WORKDIR /app
    COPY Gemfile Gemfile.lock ./
    RUN BUNDLE_FROZEN=true bundle install --jobs 4
    ```
    ```dockerfile good
    FROM ruby:3.4
    ENV BUNDLE_DEPLOYMENT=1
    WORKDIR /app
    COPY Gemfile Gemfile.lock ./
    RUN bundle install
    FROM ruby:3.4
    WORKDIR /app
    COPY Gemfile Gemfile.lock ./
    RUN bundle config set --local deployment true && bundle install
    FROM ruby:3.4
    WORKDIR /app
    COPY Gemfile Gemfile.lock ./
    RUN bundle config --global frozen 1
    RUN bundle install
    ```
    ```dockerfile good
    FROM ruby:3.4
    WORKDIR /app
    COPY Gemfile ./
    RUN bundle install
    ```
    """
    instruction = command.instruction
    word = unlocked(command, "bundle", ("--deployment", "--frozen", "--local"))
    environment = instruction.file.facts.env(instruction)
    if word is None or "BUNDLE_DEPLOYMENT" in environment or "BUNDLE_FROZEN" in environment:
        return
    if ran_before(command, _freezes):
        return
    at = program(command)
    fix = None
    if command.script is not None and not command.wrappers:
        fix = Fix([Edit(at.start, at.start, "BUNDLE_FROZEN=true ")], UNSAFE, "Set BUNDLE_FROZEN", ("option-of-user",))
    yield report(word, fix=fix)


def _freezes(command: Command) -> bool:
    """True for a setting of bundler that keeps to the lockfile."""
    return command.name in ("bundle", "bundler") and any(
        each.value in ("deployment", "frozen") for each in command.args
    )
