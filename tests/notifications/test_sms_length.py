import pytest

from notifications.sms_length import sms_segments


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("é" * 160, 1),
        ("€" * 80, 1),
        ("€" * 80 + "a", 2),
        ("€" * 152, 2),
        ("€" * 153, 3),  # 76 to a segment: an escape and its character are not parted
        ("ạ" * 70, 1),
        ("ạ" + "a" * 70, 2),
        ("中" * 134, 2),
        ("中" * 135, 3),
        ("코" * 70, 1),
        ("😀" * 35, 1),
        ("😀" * 66, 2),
        ("😀" * 67, 3),  # 33 to a segment: nor are surrogates
        ("{" * 69 + "中", 1),  # in UCS-2 an extension character is one unit
    ],
)
def test_a_text_is_so_many_segments(text: str, segments: int) -> None:
    assert sms_segments(text) == segments
