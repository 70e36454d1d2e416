"""Puts dlint and what its server needs into ``bundled/libs``: ``python3 scripts/bundle.py``."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
ROOT = HERE.parents[1]
LIBRARIES = HERE / "bundled" / "libs"
#: what pip leaves behind that tells of the machine it ran on, or of what is not taken along
_LEFT_OUT = ("direct_url.json", "INSTALLER", "RECORD", "REQUESTED")


def main() -> None:
    """Install anew; ends with an error if something is not pure Python."""
    shutil.rmtree(LIBRARIES, ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    into = ["--no-deps", "--target", str(LIBRARIES)]
    requirements = str(HERE / "bundled" / "requirements.txt")
    subprocess.run([*pip, *into, "--only-binary", ":all:", "--requirement", requirements], check=True)
    subprocess.run([*pip, *into, str(ROOT)], check=True)
    for name in ("bin", "share"):
        shutil.rmtree(LIBRARIES / name, ignore_errors=True)
    for folder in LIBRARIES.rglob("__pycache__"):
        shutil.rmtree(folder)
    for folder in LIBRARIES.glob("*.dist-info"):
        for name in _LEFT_OUT:
            (folder / name).unlink(missing_ok=True)
    native = [path for path in LIBRARIES.rglob("*") if path.suffix in (".so", ".pyd", ".dylib", ".dll")]
    if native:
        sys.exit(f"bundle.py: not pure Python: {', '.join(map(str, native))}; pin a version that is")
    print(f"bundled {', '.join(sorted(folder.name[:-10] for folder in LIBRARIES.glob('*.dist-info')))}")


if __name__ == "__main__":
    main()
