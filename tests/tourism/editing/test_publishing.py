from typing import Any

import httpx
import pytest

from api.context import Services
from api.kit.audit_log import AuditEntry
from api.kit.store import Store
from api.tourism.editing.repository import PLACE_DRAFTS, PLACE_EDITS, PLACE_VERSIONS
from api.tourism.repository import MARKETS, PLACES
from tests.accounts.people import SignedInPerson, call, new_key
from tests.accounts.staff import id_of, noted
from tests.conftest import MovableClock, send, send_raw
from tests.contract.test_authorization_matrix import everything
from tests.tourism.content import ids
from tests.tourism.editing.editors import (
    THAC_BAC,
    a_draft,
    add,
    an_edited_place,
    ask,
    change,
    edit,
    publish,
    retire,
    revert,
    texts,
)

BAC_HA = "P055"
EDITOR_S_RIGHT = "content_editor province"


async def test_what_is_published_is_what_readers_get(
    client: httpx.AsyncClient, store: Store, editor: SignedInPerson
) -> None:
    draft_id = await a_draft(client, editor, BAC_HA, {"names": texts(en="Bac Ha Sunday market")})

    result = await publish(client, editor, draft_id)

    assert result["__typename"] == "PublishPlaceChangeSuccess"
    assert (result["version"], result["place"]["name"]["text"]) == (2, "Bac Ha Sunday market")
    place = (await send(client, "tourism/Place", {"id": BAC_HA}))["place"]
    assert place["name"] == {"text": "Bac Ha Sunday market", "language": "en"}
    assert place["namesUnchecked"] == ["en"]
    assert place["altitude"] == 1000
    assert await store[PLACE_DRAFTS].count({}) == 0


async def test_a_search_finds_a_new_name_within_two_seconds(
    client: httpx.AsyncClient, clock: MovableClock, editor: SignedInPerson
) -> None:
    assert ids((await send(client, "tourism/Places", {"search": "quuxberg"}))["places"]) == []
    await change(client, editor, BAC_HA, {"names": texts(fr="Quuxberg")})

    clock.advance(seconds=2)

    found = (await send(client, "tourism/Places", {"search": "quuxberg"}))["places"]
    assert ids(found) == [BAC_HA]


async def test_a_place_that_was_moved_is_found_where_it_is_now(
    client: httpx.AsyncClient, store: Store, editor: SignedInPerson
) -> None:
    here = {"near": THAC_BAC, "within": 50.0, "categories": ["MARKET"]}

    result = await change(client, editor, BAC_HA, {"position": THAC_BAC})

    assert result["place"]["commune"]["code"] == "03006"
    assert result["place"]["positionAccuracy"] == 100
    assert ids((await send(client, "tourism/Places", here))["places"]) == [BAC_HA]
    (market,) = await store[MARKETS].find({"place_id": BAC_HA})
    assert (market["position"], market["commune_code"]) == (THAC_BAC, "03006")


async def test_a_publication_is_in_the_audit_log(
    client: httpx.AsyncClient, services: Services, editor: SignedInPerson
) -> None:
    await change(client, editor, BAC_HA, {"altitude": 1_050, "names": texts(en="Market")})

    assert await noted(services, "place.published") == [
        AuditEntry(
            await id_of(client, editor),
            "place.published",
            BAC_HA,
            EDITOR_S_RIGHT,
            {"version": 2, "fields": "altitude_metres names.en"},
        )
    ]


async def test_a_publication_sent_twice_happens_once(
    client: httpx.AsyncClient, store: Store, editor: SignedInPerson
) -> None:
    draft_id = await a_draft(client, editor, BAC_HA, {"altitude": 1_050})
    key = new_key()

    first = await publish(client, editor, draft_id, key=key)
    again = await publish(client, editor, draft_id, key=key)

    assert first == again
    assert await store[PLACE_VERSIONS].count({}) == 2


async def test_a_key_of_another_publication_is_refused(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    key = new_key()
    await publish(client, editor, await a_draft(client, editor, BAC_HA, {"altitude": 5}), key=key)
    draft_id = await a_draft(client, editor, BAC_HA, {"altitude": 6})

    result = await publish(client, editor, draft_id, key=key)

    assert result["code"] == "IDEMPOTENCY_KEY_REUSED"


async def test_a_short_key_is_refused(client: httpx.AsyncClient, editor: SignedInPerson) -> None:
    result = await publish(client, editor, "x", key="short")

    assert result["code"] == "INVALID_IDEMPOTENCY_KEY"


async def test_an_empty_draft_is_not_published(
    client: httpx.AsyncClient, store: Store, editor: SignedInPerson
) -> None:
    draft_id = await a_draft(client, editor, BAC_HA, {"altitude": 1_000})

    result = await publish(client, editor, draft_id)

    assert result["code"] == "NOTHING_CHANGED"
    assert await store[PLACE_VERSIONS].count({}) == 0
    assert await store[PLACE_DRAFTS].count({}) == 1


async def test_changes_of_different_fields_go_together(
    client: httpx.AsyncClient, editor: SignedInPerson, other: SignedInPerson
) -> None:
    mine = await a_draft(client, editor, BAC_HA, {"names": texts(en="Mine")})
    theirs = await a_draft(client, other, BAC_HA, {"names": texts(fr="À eux")})

    await publish(client, other, theirs)
    result = await publish(client, editor, mine)

    assert result["version"] == 3
    names = {it["language"]: it["text"] for it in result["place"]["names"]}
    assert (names["en"], names["fr"]) == ("Mine", "À eux")


async def test_a_conflict_names_the_fields_and_who_changed_them(
    client: httpx.AsyncClient,
    store: Store,
    clock: MovableClock,
    editor: SignedInPerson,
    other: SignedInPerson,
) -> None:
    await call(client, "UpdateProfile", {"name": "Giàng A Sùng"}, other)
    mine = await a_draft(
        client, editor, BAC_HA, {"names": texts(en="Mine"), "altitude": 1_050, "category": "TOWN"}
    )
    await change(client, other, BAC_HA, {"names": texts(en="Theirs"), "altitude": 990})
    published = await store[PLACES].get(BAC_HA)

    result = await publish(client, editor, mine)

    who = {"changedBy": await id_of(client, other), "changedByName": "Giàng A Sùng"}
    when = {"changedAt": clock().isoformat()}
    assert result == {
        "__typename": "PlaceConflictError",
        "code": "EDIT_CONFLICT",
        "message": "Somebody else changed this meanwhile: altitude, names.en. Look at it, then make"
        " your change again.",
        "conflicts": [
            {"field": "altitude", **who, **when},
            {"field": "names.en", **who, **when},
        ],
    }
    assert await store[PLACES].get(BAC_HA) == published
    assert await store[PLACE_DRAFTS].count({}) == 1


async def test_whoever_writes_the_field_again_has_seen_the_other_change(
    client: httpx.AsyncClient, editor: SignedInPerson, other: SignedInPerson
) -> None:
    mine = await a_draft(client, editor, BAC_HA, {"altitude": 1_050, "category": "TOWN"})
    await change(client, other, BAC_HA, {"altitude": 990})
    await a_draft(client, editor, BAC_HA, {"altitude": 1_060})

    result = await publish(client, editor, mine)

    assert (result["place"]["altitude"], result["place"]["category"]) == (1_060, "TOWN")


async def test_the_same_change_by_two_is_no_conflict(
    client: httpx.AsyncClient, editor: SignedInPerson, other: SignedInPerson
) -> None:
    mine = await a_draft(client, editor, BAC_HA, {"altitude": 1_050, "category": "TOWN"})
    await change(client, other, BAC_HA, {"altitude": 1_050})

    result = await publish(client, editor, mine)

    assert result["place"]["category"] == "TOWN"


async def test_a_place_is_added(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, editor: SignedInPerson
) -> None:
    result = await add(client, editor, names=texts(vi="Thác Mới", en="New falls"))

    assert (result["version"], result["place"]["category"]) == (1, "WATERFALL")
    assert result["place"]["namesUnchecked"] == ["vi", "en"]
    assert result["place"]["commune"]["code"] == "03006"
    clock.advance(seconds=2)
    found = (await send(client, "tourism/Places", {"search": "new falls", "first": 1}))["places"]
    assert ids(found) == [result["place"]["id"]]
    (entry,) = await noted(services, "place.added")
    assert entry.subject == result["place"]["id"]


async def test_a_place_sent_twice_is_added_once(
    client: httpx.AsyncClient, store: Store, editor: SignedInPerson
) -> None:
    key = new_key()

    first, again = await add(client, editor, key=key), await add(client, editor, key=key)

    assert first == again
    assert await store[PLACES].count({}) == 146


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"names": None}, "names.vi"),
        ({"names": texts(en="Only English")}, "names.vi"),
        ({"category": None}, "category"),
        ({"position": None}, "position"),
        ({"confidence": None}, "confidence"),
    ],
)
async def test_a_place_without_what_it_needs_is_not_added(
    client: httpx.AsyncClient,
    store: Store,
    editor: SignedInPerson,
    said: dict[str, Any],
    field: str,
) -> None:
    result = await add(client, editor, **said)

    assert (result["code"], result["field"]) == ("INVALID_PLACE", field)
    assert await store[PLACES].count({}) == 145
    assert await store[PLACE_EDITS].count({}) == 0


async def test_a_retired_place_is_in_no_list(
    client: httpx.AsyncClient, clock: MovableClock, editor: SignedInPerson
) -> None:
    sunday = {"date": "2026-11-29", "first": 100}
    await send(client, "tourism/Places", {"search": "cho bac ha"})

    result = await retire(client, editor, BAC_HA)

    assert result == {"__typename": "RetirePlaceSuccess", "placeId": BAC_HA, "version": 2}
    clock.advance(seconds=2)
    assert (await send(client, "tourism/Place", {"id": BAC_HA}))["place"] is None
    found = ids((await send(client, "tourism/Places", {"search": "cho bac ha"}))["places"])
    assert BAC_HA not in found
    assert BAC_HA not in ids((await send(client, "tourism/Places", {"first": 100}))["places"])
    markets = (await send(client, "tourism/MarketsOn", sunday))["marketsOn"]["edges"]
    assert BAC_HA not in [edge["node"]["place"]["id"] for edge in markets]


async def test_a_retired_place_is_changed_by_nobody(
    client: httpx.AsyncClient, store: Store, editor: SignedInPerson
) -> None:
    draft_id = await a_draft(client, editor, BAC_HA, {"altitude": 1_050})
    await retire(client, editor, BAC_HA)

    published = await publish(client, editor, draft_id)
    proposed = await edit(
        client, "ProposePlaceChange", {"placeId": BAC_HA, "changes": {"altitude": 2}}, editor
    )
    again = await retire(client, editor, BAC_HA)

    assert [it["code"] for it in (published, proposed, again)] == ["PLACE_RETIRED"] * 3
    assert await store[PLACES].get(BAC_HA) is None


async def test_an_earlier_version_holds_again(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    await change(client, editor, BAC_HA, {"altitude": 990})
    await change(client, editor, BAC_HA, {"names": texts(en="Market")})

    result = await revert(client, editor, BAC_HA, 1, 3)

    assert result["__typename"] == "RevertPlaceSuccess"
    place = (await send(client, "tourism/Place", {"id": BAC_HA}))["place"]
    assert (result["version"], place["altitude"]) == (4, 1000)
    assert place["name"]["text"] == "Bac Ha market"


async def test_a_retired_place_comes_back_with_a_version(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    await change(client, editor, BAC_HA, {"altitude": 990})
    await retire(client, editor, BAC_HA)

    result = await revert(client, editor, BAC_HA, 2, 3)

    assert result["version"] == 4
    assert (await send(client, "tourism/Place", {"id": BAC_HA}))["place"]["altitude"] == 990


async def test_going_back_over_a_version_one_did_not_see_is_a_conflict(
    client: httpx.AsyncClient, store: Store, editor: SignedInPerson, other: SignedInPerson
) -> None:
    await change(client, editor, BAC_HA, {"altitude": 990})
    await change(client, other, BAC_HA, {"category": "TOWN"})
    before = await everything(store)

    result = await revert(client, editor, BAC_HA, 1, 2)

    assert result["__typename"] == "PlaceConflictError"
    assert [it["field"] for it in result["conflicts"]] == ["category"]
    assert await everything(store) == before


@pytest.mark.parametrize(
    ("version", "code"), [(7, "NOT_FOUND"), (-1, "NOT_FOUND"), (2, "NOTHING_CHANGED")]
)
async def test_a_version_that_changes_nothing_is_refused(
    client: httpx.AsyncClient, editor: SignedInPerson, version: int, code: str
) -> None:
    await change(client, editor, BAC_HA, {"altitude": 990})

    result = await revert(client, editor, BAC_HA, version, 2)

    assert result["code"] == code


async def test_a_translator_confirms_a_name(
    client: httpx.AsyncClient, services: Services, editor: SignedInPerson
) -> None:
    place_id = await an_edited_place(client, editor)
    values = {"placeId": place_id, "language": "vi", "name": "Thác Bạc"}

    first = await edit(client, "ConfirmPlaceName", {**values, "idempotencyKey": new_key()}, editor)
    again = await edit(client, "ConfirmPlaceName", {**values, "idempotencyKey": new_key()}, editor)

    assert first == again
    assert (first["version"], first["place"]["namesUnchecked"]) == (3, [])
    (entry,) = await noted(services, "place.name_checked")
    assert entry.details == {"version": 3, "fields": "names.vi"}


async def test_a_name_that_is_checked_already_needs_no_version(
    client: httpx.AsyncClient, store: Store, editor: SignedInPerson
) -> None:
    values = {"placeId": BAC_HA, "language": "en", "name": "Bac Ha market"}

    result = await edit(client, "ConfirmPlaceName", {**values, "idempotencyKey": new_key()}, editor)

    assert result["version"] == 1
    assert await store[PLACE_VERSIONS].count({}) == 0


async def test_a_name_that_is_another_one_now_is_not_confirmed(
    client: httpx.AsyncClient, editor: SignedInPerson, other: SignedInPerson
) -> None:
    await change(client, editor, BAC_HA, {"names": texts(ko="박하 일요시장")})
    await change(client, other, BAC_HA, {"names": texts(ko="박하 주말시장")})
    values = {"placeId": BAC_HA, "language": "ko", "name": "박하 일요시장"}

    result = await edit(client, "ConfirmPlaceName", {**values, "idempotencyKey": new_key()}, editor)

    assert result["__typename"] == "PlaceConflictError"
    place = (await send(client, "tourism/Place", {"id": BAC_HA}))["place"]
    assert place["namesUnchecked"] == ["ko"]


async def test_translators_see_what_is_missing(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    place_id = await an_edited_place(client, editor)
    await change(client, editor, BAC_HA, {"openingNotes": texts(ko=None)})

    korean = await ask(client, "PlacesMissing", {"language": "ko", "first": 100}, editor)
    french = await ask(client, "PlacesMissing", {"language": "fr", "first": 100}, editor)

    def missing(page: dict[str, list[dict[str, dict[str, object]]]]) -> dict[object, object]:
        return {
            edge["node"]["place"]["id"]: edge["node"]["missing"]  # type: ignore[index] # JSON
            for edge in page["edges"]
        }

    assert missing(korean)[BAC_HA] == ["OPENING_NOTE"]
    assert missing(korean)[place_id] == ["NAME", "DESCRIPTION"]
    assert BAC_HA not in missing(french)


@pytest.mark.parametrize("language", ["vi", "en", "zh-Hans", "fr", "ko", "ja"])
async def test_an_unchecked_name_is_missing_in_its_language_only(
    client: httpx.AsyncClient, editor: SignedInPerson, language: str
) -> None:
    await change(client, editor, BAC_HA, {"names": [{"language": language, "text": "Quux"}]})

    lacking = {
        tag: [
            edge["node"]["missing"]
            for edge in (
                await ask(client, "PlacesMissing", {"language": tag, "first": 100}, editor)
            )["edges"]
            if edge["node"]["place"]["id"] == BAC_HA
        ]
        for tag in ("ko", language)
    }

    assert lacking[language] == [["CHECKED_NAME"]]
    assert lacking["ko"] == ([["CHECKED_NAME"]] if language == "ko" else [])


async def test_a_language_we_do_not_speak_has_no_list(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    reply = await send_raw(
        client, "tourism/PlacesMissing", {"language": "de"}, headers=editor.headers
    )

    assert reply.json()["errors"][0]["extensions"]["code"] == "UNKNOWN_LANGUAGE"


async def test_every_page_of_what_is_missing_follows_the_last(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    all_of_them = await ask(client, "PlacesMissing", {"language": "vi", "first": 100}, editor)
    for number in range(3):
        await add(client, editor, names=texts(vi=f"Thác {number}"))

    first = await ask(client, "PlacesMissing", {"language": "vi", "first": 2}, editor)
    after = first["pageInfo"]["endCursor"]
    rest = await ask(
        client, "PlacesMissing", {"language": "vi", "first": 100, "after": after}, editor
    )

    assert len(first["edges"]) == 2
    assert first["pageInfo"]["hasNextPage"] is True
    assert len(rest["edges"]) == len(all_of_them["edges"]) + 1
