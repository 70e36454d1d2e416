"""Bundler: the Gemfile, which is a program, and what it refers to (bundler.io/man/gemfile.5.html, bundle-install.1)."""

from __future__ import annotations

from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.context.installs import Access, Command, Place
    from dlinter.packages import PackageCall

#: lines of a Gemfile that read no other file
_PLAIN = re.compile(
    r"\s*(?:#.*|source\s+[\"'][^\"'#]*[\"'](?:\s+do)?|end|git_source\(:\w+\)\s*\{.*\}|(?:group|platforms?|install_if)\b.*"
    r"|gem\s*\(?[\"'][\w.-]+[\"'].*|ruby\s*\(?[\"'<>=~].*|ruby\s*\(?(?:RUBY_VERSION|ENV\[).*"
    r"|[\"'][^\"'#]*[\"'],?|(?:require|platforms?|group|groups|git|branch|ref|tag|github)\s*:.*|\])?\s*"
)
_FILE = re.compile(r"ruby\s*\(?file:\s*[\"']([^\"']+)[\"']")
_LOCAL = re.compile(r"^\s*(?:gemspec\b|path\b)|\bpath(?::|\s*=>)|:path\b", re.M)


def _bundle(call: PackageCall, command: Command, place: Place, found: Access) -> None:
    if call.subcommand in ("config", "config set", "config unset", "clean", "version"):
        found.read(place.path(".bundle/config"))
        found.write(place.path(".bundle/config"))
        return
    if call.subcommand != "install":
        found.need(f"bundle {call.subcommand or ''} may read any file")
        return
    found.installs = True
    gemfile, lock = place.path("Gemfile"), place.path("Gemfile.lock")
    found.read(gemfile, lock, place.path("gems.rb"), place.path("gems.locked"), place.path(".bundle/config"))
    for name in place.variables:
        if name in ("BUNDLE_GEMFILE", "RUBYOPT", "RUBYLIB", "BUNDLE_CACHE_PATH", "GEM_HOME") or name.startswith(
            "BUNDLE_LOCAL"
        ):
            found.doubt(f"{name} is set")
    if call.has("--gemfile", "--local") or any(not option.known for option in call.options):
        found.doubt("an option names other files")
    frozen = call.has("--frozen", "--deployment") or any(
        place.variables.get(name) in ("1", "true") for name in ("BUNDLE_FROZEN", "BUNDLE_DEPLOYMENT")
    )
    if not place.tree.has(lock) or not frozen:
        found.write(lock)
    folder = place.variables.get("BUNDLE_PATH", "vendor/bundle")
    if folder is None or "$" in folder:
        found.doubt("BUNDLE_PATH is not known")
    option = call.option("--path")
    found.write(place.path(folder or "vendor/bundle"), place.path(".bundle"), place.path("vendor"))
    if option is not None:
        found.write(place.path(option.value or "vendor"))
    text = place.tree.text(gemfile)
    if text is None:
        found.doubt("Gemfile is not in the build context")
        return
    if _LOCAL.search(text) or re.search(r"^PATH$", place.tree.text(lock) or "", re.M):
        found.need("the Gemfile names a folder of the code")
    for line in text.splitlines():
        match = _FILE.match(line.strip())
        if match is not None:
            found.read(place.path(match[1]))
        elif "File." in line or "eval_gemfile" in line or not _PLAIN.fullmatch(line):
            found.doubt("the Gemfile may read other files")


def _gem(call: PackageCall, command: Command, place: Place, found: Access) -> None:
    if call.action not in ("install", "upgrade", "clean"):
        found.need(f"gem {call.subcommand or ''} may read any file")
    for package in call.packages:
        if package.kind != "name":
            found.need(f"it installs {package.word.text}")
    if call.has("-g", "--file"):
        found.doubt("it reads a Gemfile")


READERS = {"bundle": _bundle, "gem": _gem}
