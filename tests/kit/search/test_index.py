from functools import cache

from hypothesis import assume, given
from hypothesis import strategies as st

from api.kit.folding import words
from api.kit.search.index import HITS_AT_MOST, WORST_RANK, Entry, Hit, SearchIndex
from api.tourism.content_files import SHIPPED_CONTENT, read_content
from api.tourism.gazetteer import Gazetteer


def index_of(*names: str) -> SearchIndex:
    return SearchIndex([Entry(f"E{n:04}", {name: 1.0}, {}) for n, name in enumerate(names)])


@cache
def shipped() -> SearchIndex:
    return Gazetteer.of(read_content(SHIPPED_CONTENT), "1").place_names


def test_what_is_typed_exactly_has_rank_0() -> None:
    assert index_of("Thác Bạc", "Hồ Sa Pa").find("THAC BAC") == [Hit("E0000", 0)]


def test_equal_matches_are_ordered_by_id() -> None:
    assert index_of("Hồ", "Hồ", "Hồ").find("ho") == [Hit(f"E000{n}", 0) for n in range(3)]


def test_an_empty_index_finds_nothing() -> None:
    assert SearchIndex([]).find("sapa") == []


def test_hits_are_bounded() -> None:
    assert len(index_of(*["Hồ"] * (HITS_AT_MOST + 50)).find("ho")) == HITS_AT_MOST


def test_fillers_are_left_out_where_no_name_holds_them() -> None:
    names = index_of("Bắc Hà", "Sa Pa")

    assert [hit.id for hit in names.find("the district of Bac Ha")] == ["E0000"]
    assert names.find("some hotels of Bac Ha") == []


def test_a_short_word_is_not_corrected() -> None:
    assert index_of("Bản Hồ").find("bon ha") == []


def test_a_long_word_may_have_two_errors() -> None:
    assert [hit.id for hit in index_of("Phanxipăng").find("fhansipang")] == ["E0000"]


@given(st.text(max_size=100))
def test_whatever_is_typed_gets_an_ordered_answer(text: str) -> None:
    found = shipped().find(text)

    assert found == sorted(found, key=lambda hit: (hit.rank, hit.id))
    assert all(0 <= hit.rank <= WORST_RANK for hit in found)


NAMES = [
    (place.id, name)
    for place in read_content(SHIPPED_CONTENT).places
    for name in (*place.names.values(), *place.other_names)
]


@given(st.sampled_from(NAMES))
def test_every_name_finds_its_place_among_the_first(named: tuple[str, str]) -> None:
    place_id, name = named

    ranks = {hit.id: hit.rank for hit in shipped().find(name)}

    assert ranks[place_id] <= min(ranks.values()) + 50


@given(st.sampled_from(NAMES), st.data())
def test_a_name_is_found_with_two_letters_swapped(
    named: tuple[str, str], data: st.DataObject
) -> None:
    place_id, name = named
    long_words = [word for word in words(name) if word.isascii() and len(word) >= 5]
    assume(long_words)
    word = data.draw(st.sampled_from(long_words))
    swapped = data.draw(st.integers(0, len(word) - 2))
    wrong = word[:swapped] + word[swapped + 1] + word[swapped] + word[swapped + 2 :]
    typed = " ".join(words(name)).replace(word, wrong, 1)

    assert place_id in {hit.id for hit in shipped().find(typed)}
