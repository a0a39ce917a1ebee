"""How a verb says that the call or its input is wrong."""

from __future__ import annotations


class CallRefused(Exception):
    """One line for standard error, `FILE:LINE: message`; exit status 2."""

    def __init__(self, file: str, line: int, message: str) -> None:
        super().__init__(f"{file}:{line}: {' '.join(message.split())}")
