"""What files raise that contradict themselves."""

import struct
import zlib

UNREADABLE = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    EOFError,
    RuntimeError,
    OverflowError,
    struct.error,
    zlib.error,
)
"""By Pillow."""
