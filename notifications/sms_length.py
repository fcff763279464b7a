"""How many messages a phone network makes of one SMS (3GPP TS 23.038 and 23.040)."""

from collections.abc import Iterable

_GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_7_EXTENSION = frozenset("\f^{}\\[~]|€")
"""Each is sent as an escape and a character."""

_GSM_7_ALONE, _GSM_7_OF_SEVERAL = 160, 153
_UCS_2_ALONE, _UCS_2_OF_SEVERAL = 70, 67


def sms_segments(text: str) -> int:
    """Return the number of segments `text` is sent, and paid for, as.

    One character outside the GSM alphabet, such as "ạ" or "中", makes it UCS-2 as a whole.
    """
    if _GSM_7.union(_GSM_7_EXTENSION).issuperset(text):
        sizes = [2 if character in _GSM_7_EXTENSION else 1 for character in text]
        return _segments(sizes, _GSM_7_ALONE, _GSM_7_OF_SEVERAL)
    sizes = [2 if ord(character) > 0xFFFF else 1 for character in text]
    return _segments(sizes, _UCS_2_ALONE, _UCS_2_OF_SEVERAL)


def _segments(sizes: Iterable[int], alone: int, of_several: int) -> int:
    """Fill segments; a character of two units is never parted."""
    sizes = list(sizes)
    if sum(sizes) <= alone:
        return 1
    segments, used = 1, 0
    for size in sizes:
        if used + size > of_several:
            segments, used = segments + 1, 0
        used += size
    return segments
