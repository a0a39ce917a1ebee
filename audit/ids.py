"""Public ids: UUID version 7 (RFC 9562, 5.7), so that they sort by the time at which they were made."""

import os
import time
import uuid


def uuid7() -> uuid.UUID:
    """A new time-ordered random id."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | random
    value = value & ~(0xF << 76) | 0x7 << 76
    return uuid.UUID(int=value & ~(0x3 << 62) | 0x2 << 62)
