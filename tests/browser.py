"""Which browser the tests drive."""

import shutil


def chromium_program() -> str | None:
    """The system's Chromium, or None."""
    return shutil.which("chromium") or shutil.which("chromium-browser")
