"""Whatever changes: a pack and the change since it are the next pack, to the byte of every item."""

import gzip

from hypothesis import given
from hypothesis import strategies as st

from api.guide.packs.format import PackSnapshot
from api.guide.packs.items import PackItem
from api.guide.packs.scope import PackAreaKind, PackScope
from tests.guide.packs.phone import lay_over, read

SCOPE = PackScope(PackAreaKind.COMMUNE, "03006")
ITEMS = st.dictionaries(
    st.sampled_from([f"place/{letter}" for letter in "abcdefgh"]),
    st.fixed_dictionaries({"name": st.text(), "altitude": st.none() | st.floats(0, 4_000)}),
)


def snapshot(items: dict[str, dict[str, object]]) -> PackSnapshot:
    return PackSnapshot.of(
        SCOPE, "vi", {key: PackItem(key, fields).line() for key, fields in items.items()}
    )


@given(ITEMS, ITEMS)
def test_a_pack_and_the_change_since_are_the_next_pack(
    old: dict[str, dict[str, object]], new: dict[str, dict[str, object]]
) -> None:
    first, second = snapshot(old), snapshot(new)
    change = second.change_since(first.edition.version, first.hashes)

    after = lay_over(read(first.whole().content), read(change.content))

    assert dict(after.lines) == dict(read(second.whole().content).lines)
    assert after.version() == second.edition.version
    assert (first.edition.version == second.edition.version) == (first.lines == second.lines)


@given(ITEMS)
def test_the_order_in_which_items_come_changes_no_byte(items: dict[str, dict[str, object]]) -> None:
    backwards = dict(reversed(items.items()))

    assert snapshot(items).whole() == snapshot(backwards).whole()


@given(ITEMS)
def test_a_line_holds_one_item_whatever_its_texts(items: dict[str, dict[str, object]]) -> None:
    whole = snapshot(items).whole()

    assert gzip.decompress(whole.content).count(b"\n") == len(items) + 1
    assert set(read(whole.content).lines) == set(items)


def test_without_the_hashes_of_what_is_held_a_change_leaves_things_over() -> None:
    """The control: a change made for another version does not lead to the next pack."""
    first, second = snapshot({"place/a": {}, "place/b": {}}), snapshot({"place/a": {}})
    change = second.change_since(first.edition.version, {"place/a": first.hashes["place/a"]})

    after = lay_over(read(first.whole().content), read(change.content))

    assert after.version() != second.edition.version
