"""How large the pictures of a stream are, read from its own parameters, whatever the file says of them.

Sources: ITU-T H.264, 7.3.2.1.1; ITU-T H.265, 7.3.2.2 and 7.3.3.
"""

from api.media.decoding.refused import Damaged

Size = tuple[int, int]

_ZEROS_AT_MOST = 31
_CHROMA_PROFILES = frozenset({100, 110, 122, 244, 44, 83, 86, 118, 128, 134, 135, 138, 139})
_MACROBLOCK = 16
_PROFILE_BITS, _LEVEL_BITS = 88, 8


class _Bits:
    """Reads a parameter set bit by bit. Every call raises Damaged behind the end."""

    def __init__(self, unit: bytes) -> None:
        # A byte 3 behind two zeros was put in so that no start code arises.
        plain = unit.replace(b"\x00\x00\x03", b"\x00\x00")
        self._value = int.from_bytes(plain, "big")
        self._left = len(plain) * 8

    def number(self, width: int) -> int:
        if width > self._left:
            raise Damaged
        self._left -= width
        return self._value >> self._left & ((1 << width) - 1)

    def counted(self) -> int:
        """Return an Exp-Golomb number."""
        zeros = 0
        while not self.number(1):
            zeros += 1
            if zeros > _ZEROS_AT_MOST:
                raise Damaged
        return (1 << zeros) - 1 + self.number(zeros)

    def signed(self) -> int:
        value = self.counted()
        return (value + 1) // 2 if value % 2 else -(value // 2)


def avc_size(parameters: bytes) -> Size:
    """Return width and height, in pixels, of a sequence parameter set of H.264. Raises Damaged."""
    bits = _Bits(parameters[1:])
    profile = bits.number(8)
    bits.number(16)
    bits.counted()
    if profile in _CHROMA_PROFILES:
        _skip_chroma(bits)
    bits.counted()
    _skip_order(bits)
    bits.counted()
    bits.number(1)
    width, height = bits.counted() + 1, bits.counted() + 1
    fields = 1 if bits.number(1) else 2
    return width * _MACROBLOCK, height * _MACROBLOCK * fields


def hevc_size(parameters: bytes) -> Size:
    """Return width and height, in pixels, of a sequence parameter set of H.265. Raises Damaged."""
    bits = _Bits(parameters[2:])
    bits.number(4)
    layers = bits.number(3)
    bits.number(1 + _PROFILE_BITS + _LEVEL_BITS)
    told = [bits.number(2) for _ in range(layers)]
    if layers:
        bits.number(2 * (8 - layers))
    for one in told:
        bits.number((one >> 1) * _PROFILE_BITS + (one & 1) * _LEVEL_BITS)
    bits.counted()
    if bits.counted() == 3:  # the three colours are coded apart, or not
        bits.number(1)
    return bits.counted(), bits.counted()


def _skip_chroma(bits: _Bits) -> None:
    chroma = bits.counted()
    if chroma == 3:  # as above
        bits.number(1)
    bits.counted()
    bits.counted()
    bits.number(1)
    if bits.number(1):
        for number in range(12 if chroma == 3 else 8):
            if bits.number(1):
                _skip_scaling(bits, 16 if number < 6 else 64)


def _skip_scaling(bits: _Bits, count: int) -> None:
    last = following = 8
    for _ in range(count):
        if following:
            following = (last + bits.signed()) % 256
        last = following or last


def _skip_order(bits: _Bits) -> None:
    kind = bits.counted()
    if kind == 0:
        bits.counted()
    elif kind == 1:
        bits.number(1)
        bits.signed()
        bits.signed()
        for _ in range(min(bits.counted(), 255)):
            bits.signed()
