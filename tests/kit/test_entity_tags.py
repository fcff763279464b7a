import pytest

from api.kit.entity_tags import is_known


@pytest.mark.parametrize(
    ("header", "is_there"),
    [
        (None, False),
        ("", False),
        ('"a"', True),
        ('W/"a"', True),
        ('"b", "a"', True),
        ('"b"', False),
        ('"ab"', False),
        ("*", True),
    ],
)
def test_a_version_is_known_by_its_tag_or_by_a_star(header: str | None, *, is_there: bool) -> None:
    assert is_known(header, '"a"') == is_there


def test_a_weak_tag_is_compared_weakly() -> None:
    assert is_known('"a"', 'W/"a"')
