"""Photos as phones and attackers send them, made in code."""

import struct
import zlib
from functools import cache
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms, PngImagePlugin

MARK = b"canary-of-a-photo-0417"
"""Hidden wherever a file can carry more than pixels: it must never come out again."""
SCRIPT = b"<script>alert('" + MARK + b"')</script>"
GPS = 0x8825
ORIENTATION = 0x0112
_colours: Any = ImageCms  # its types are partly unknown


def gradient(width: int = 64, height: int = 48) -> Image.Image:
    """Return a picture whose corners differ, red in the upper left one."""
    picture = Image.new("RGB", (width, height), "white")
    picture.paste("red", (0, 0, width // 2, height // 2))
    picture.paste("blue", (width // 2, height // 2, width, height))
    return picture


def saved(picture: Image.Image, format: str, **options: Any) -> bytes:  # noqa: ANN401
    file = BytesIO()
    picture.save(file, format, **options)
    return file.getvalue()


@cache
def jpeg(width: int = 64, height: int = 48) -> bytes:
    return saved(gradient(width, height), "JPEG", quality=90)


@cache
def png() -> bytes:
    return saved(gradient(), "PNG")


def exif(**more: bytes | int) -> Image.Exif:
    """Return EXIF with a position, a camera's serial number and a comment."""
    tags = Image.Exif()
    tags[0x010F] = f"Camera {MARK.decode()}"
    tags[0xA431] = MARK.decode()
    position = tags.get_ifd(GPS)
    position[1], position[2] = "N", (22.0, 20.0, 11.0)
    position[3], position[4] = "E", (103.0, 50.0, 38.0)
    position[29] = MARK.decode()
    tags[0x8769] = {0x9286: b"ASCII\x00\x00\x00" + SCRIPT}
    return tags


def turned(orientation: int) -> bytes:
    tags = Image.Exif()
    tags[ORIENTATION] = orientation
    return saved(gradient(), "JPEG", exif=tags, quality=95)


def png_of(width: int, height: int, *chunks: bytes, pixels: bytes | None = None) -> bytes:
    """Return a PNG by hand: grey, 8 bits, with further chunks before its pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = zlib.compress(bytes((width + 1) * height)) if pixels is None else pixels
    parts = (png_chunk(b"IHDR", head), *chunks, png_chunk(b"IDAT", data), png_chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def png_chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def text_bomb(megabytes: int) -> bytes:
    """Return a compressed text that opens to so much."""
    packed = zlib.compress(bytes(megabytes * 1_000_000), 9)
    return png_chunk(b"iTXt", b"Comment\x00\x01\x00\x00\x00" + packed)


def animated(format: str) -> bytes:
    frames = [Image.new("RGB", (32, 32), colour) for colour in ("red", "green", "blue")]
    return saved(frames[0], format, save_all=True, append_images=frames[1:], duration=100)


def gif_of(frames: int) -> bytes:
    pictures = [Image.new("P", (64, 64), number % 256) for number in range(frames)]
    return saved(pictures[0], "GIF", save_all=True, append_images=pictures[1:])


def with_comment(data: bytes, comment: bytes) -> bytes:
    """Return a JPEG with a comment right behind its beginning."""
    return data[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + data[2:]


def with_dimensions(data: bytes, width: int, height: int) -> bytes:
    """Return a baseline JPEG that says that it is as large as this."""
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + struct.pack(">HH", height, width) + data[at + 4 :]


def webp_of(width: int, height: int) -> bytes:
    """Return the head of an extended WebP that says that it is as large as this, with a frame of one pixel."""
    frame = saved(Image.new("RGB", (1, 1)), "WEBP")[12:]
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBP" + b"VP8X" + struct.pack("<I", 10) + bytes(4) + size + frame
    return b"RIFF" + struct.pack("<I", len(body)) + body


def avif_of(width: int, height: int) -> bytes:
    """Return a good AVIF of which every extent says this."""
    good = saved(gradient(), "AVIF")
    old = b"ispe" + bytes(4) + struct.pack(">II", 64, 48)
    assert old in good
    return good.replace(old, b"ispe" + bytes(4) + struct.pack(">II", width, height))


def heic() -> bytes:
    return struct.pack(">I", 24) + b"ftypheic" + bytes(4) + b"mif1heic" + bytes(200)


def wide_colours() -> bytes:
    """Return a colour profile that is sound, with a text in it."""
    profile: bytes = ImageCms.ImageCmsProfile(_colours.createProfile("sRGB")).tobytes()
    return profile


def exchanged_colours() -> bytes:
    """Return a sound profile in which the tags of red and blue are exchanged."""
    profile = wide_colours()
    marked = profile.replace(b"rXYZ", b"#XYZ").replace(b"bXYZ", b"rXYZ")
    return marked.replace(b"#XYZ", b"bXYZ")


def with_texts() -> PngImagePlugin.PngInfo:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Comment", SCRIPT.decode())
    texts.add_itxt("XML:com.adobe.xmp", f"<x:xmpmeta>{MARK.decode()}</x:xmpmeta>", zip=True)
    return texts
