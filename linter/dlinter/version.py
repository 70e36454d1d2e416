"""The version of the package: the one place where it stands."""

__version__ = "0.1.0"


def show() -> int:
    """Print it, and return the exit code."""
    print(f"dlint {__version__}")
    return 0
