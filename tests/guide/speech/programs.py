"""Programs that stand in for espeak-ng."""

import struct
import sys
from pathlib import Path

from api.guide.speech.voices import PROGRAM

STREAMED = """
import struct, sys
text = sys.stdin.buffer.read()
frames = text.hex().encode() * 100
endless = 0x7FFFF000
shape = (b"fmt ", 16, 1, 1, 22050, 44100, 2, 16)
head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", endless, b"WAVE", *shape, b"data", endless)
sys.stdout.buffer.write(head + frames)
"""
"""Writes WAV as espeak-ng does into a pipe: the header cannot know how long the sound will be."""


_A_SECOND = struct.pack(
    "<4sI4s4sIHHIIHH4sI",
    *(b"RIFF", 44_136, b"WAVE", b"fmt ", 16, 1, 1, 22_050, 44_100, 2, 16, b"data", 44_100),
) + bytes(44_100)


def a_quick_speaker(folder: Path, before: str = "") -> Path:
    """Put a program there that says a second of nothing, whatever it is given. `before`: shell that it runs first."""
    sound, path = folder / "a-second.wav", folder / PROGRAM
    sound.write_bytes(_A_SECOND)
    path.write_text(f"#!/bin/sh\n{before}\n/bin/cat > /dev/null\nexec /bin/cat {sound}\n")
    path.chmod(0o755)
    return path


def a_program(folder: Path, source: str) -> Path:
    """Put a program of that name into a folder."""
    path = folder / PROGRAM
    path.write_text(f"#!{sys.executable}\n{source}")
    path.chmod(0o755)
    return path
