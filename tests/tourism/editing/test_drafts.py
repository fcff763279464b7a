import asyncio
from typing import Any

import httpx
import pytest

from api.context import Services
from api.kit.store import Store
from api.tourism.editing.repository import PLACE_DRAFTS, PLACE_EDITS, PLACE_VERSIONS
from api.tourism.repository import PLACES
from tests.accounts.people import MAI, SignedInPerson, signed_in
from tests.conftest import send
from tests.tourism.content import nodes
from tests.tourism.editing.editors import (
    THAC_BAC,
    a_draft,
    ask,
    change,
    edit,
    propose,
    publish,
    texts,
)

# Shipped as: altitude 1000, a name in six languages, in the commune 02839.
BAC_HA = "P055"


async def test_a_draft_is_seen_by_its_editor_only(
    client: httpx.AsyncClient, editor: SignedInPerson, other: SignedInPerson
) -> None:
    draft_id = await a_draft(client, editor, BAC_HA, {"names": texts(en="Bac Ha Sunday market")})

    mine = await ask(client, "PlacePreview", {"draftId": draft_id}, editor)
    theirs = await ask(client, "PlacePreview", {"draftId": draft_id}, other)
    public = await send(client, "tourism/Place", {"id": BAC_HA})

    assert mine["place"]["name"] == {"text": "Bac Ha Sunday market", "language": "en"}
    assert theirs is None
    assert public["place"]["name"]["text"] == "Bac Ha market"


async def test_a_preview_speaks_to_readers_of_any_language(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    draft_id = await a_draft(client, editor, BAC_HA, {"names": texts(ko="박하 일요시장")})

    korean = await ask(client, "PlacePreview", {"draftId": draft_id}, editor, language="ko")
    french = await ask(client, "PlacePreview", {"draftId": draft_id}, editor, language="fr")

    assert korean["place"]["name"]["text"] == "박하 일요시장"
    assert korean["place"]["namesUnchecked"] == ["ko"]
    assert french["place"]["name"]["text"] == "Marché de Bac Ha"


async def test_a_preview_tells_each_difference(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    changes = {
        "names": texts(ko="박하 일요시장"),
        "openingNotes": texts(en=None),
        "otherNames": ["Chợ phiên Bắc Hà"],
        "category": "LANDMARK",
        "altitude": None,
        "position": THAC_BAC,
        "positionAccuracy": 50,
    }

    result = await propose(client, editor, BAC_HA, changes)

    told = [
        (it["field"], it["language"], it["before"], it["after"])
        for it in result["preview"]["differences"]
    ]
    assert told == [
        ("altitude", None, "1000.0", None),
        ("category", None, "MARKET", "LANDMARK"),
        ("names", "ko", "박하 시장", "박하 일요시장"),
        ("namesUnchecked", "ko", None, "ko"),
        ("openingNotes", "en", "Sunday mornings.", None),
        ("otherNames", None, "Chợ phiên Bắc Hà, Bac Ha Sunday market", "Chợ phiên Bắc Hà"),
        ("position", None, "22.539, 104.292", "22.3606, 103.7797"),
        ("positionAccuracy", None, "300.0", "50.0"),
        ("communeCode", None, "02839", "03006"),
    ]


async def test_a_draft_holds_the_changed_fields_only(
    client: httpx.AsyncClient, store: Store, editor: SignedInPerson
) -> None:
    await a_draft(client, editor, BAC_HA, {"names": texts(en="Bac Ha market", fr="Le marché")})
    await a_draft(client, editor, BAC_HA, {"altitude": 1_050})
    await a_draft(client, editor, BAC_HA, {"names": texts(fr="Marché de Bac Ha")})

    (kept,) = await store[PLACE_DRAFTS].find({})

    assert [change["path"] for change in kept["changes"]] == ["altitude_metres"]


async def test_every_editor_has_one_draft_of_a_place(
    client: httpx.AsyncClient, editor: SignedInPerson, other: SignedInPerson
) -> None:
    first = await a_draft(client, editor, BAC_HA, {"altitude": 1_050})
    again = await a_draft(client, editor, BAC_HA, {"altitude": 1_060})
    of_another_place = await a_draft(client, editor, "P001", {"altitude": 3_147})
    of_the_other = await a_draft(client, other, BAC_HA, {"altitude": 1_070})

    mine = nodes(await ask(client, "PlaceDrafts", {}, editor))

    assert first == again
    assert len({first, of_another_place, of_the_other}) == 3
    assert [(it["placeId"], it["fields"], it["baseVersion"]) for it in mine] == [
        ("P001", ["altitude"], 1),
        ("P055", ["altitude"], 1),
    ]


async def test_proposals_at_the_same_moment_all_arrive_in_one_draft(
    client: httpx.AsyncClient, store: Store, editor: SignedInPerson
) -> None:
    changes: list[dict[str, Any]] = [
        {"altitude": 990},
        {"category": "TOWN"},
        {"visitMinutes": 90},
        {"names": texts(en="Market")},
        {"otherNames": ["Chợ"]},
        {"phone": "115"},
    ]

    drafts = await asyncio.gather(*(a_draft(client, editor, BAC_HA, it) for it in changes))

    assert len(set(drafts)) == 1
    (kept,) = await store[PLACE_DRAFTS].find({})
    assert len(kept["changes"]) == len(changes)


async def test_a_discarded_draft_is_gone(
    client: httpx.AsyncClient, store: Store, editor: SignedInPerson
) -> None:
    draft_id = await a_draft(client, editor, BAC_HA, {"altitude": 1_050})

    result = await edit(client, "DiscardPlaceDraft", {"id": draft_id}, editor)
    again = await edit(client, "DiscardPlaceDraft", {"id": draft_id}, editor)

    assert result == {"__typename": "DiscardPlaceDraftSuccess", "id": draft_id}
    assert again["code"] == "NOT_FOUND"
    assert await store[PLACE_DRAFTS].count({}) == 0


async def test_another_editor_s_draft_can_be_neither_published_nor_discarded(
    client: httpx.AsyncClient, store: Store, editor: SignedInPerson, other: SignedInPerson
) -> None:
    draft_id = await a_draft(client, editor, BAC_HA, {"altitude": 1_050})

    published = await publish(client, other, draft_id)
    discarded = await edit(client, "DiscardPlaceDraft", {"id": draft_id}, other)

    assert (published["code"], discarded["code"]) == ("NOT_FOUND", "NOT_FOUND")
    assert await store[PLACE_DRAFTS].count({}) == 1
    assert await store[PLACE_EDITS].count({}) == 0


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"names": texts(vi=None)}, "INVALID_PLACE", "names.vi"),
    ({"names": texts(vi="  ")}, "INVALID_PLACE", "names.vi"),
    ({"names": texts(en="x" * 201)}, "INVALID_PLACE", "names.en"),
    ({"names": texts(en="Two\nlines")}, "INVALID_PLACE", "names.en"),
    ({"names": [*texts(en="A"), *texts(en="B")]}, "INVALID_PLACE", "names"),
    ({"descriptions": texts(en="x" * 4_001)}, "INVALID_PLACE", "descriptions.en"),
    ({"descriptions": texts(en="<b>bold</b>")}, "INVALID_PLACE", "descriptions.en"),
    ({"descriptions": texts(en="AT&amp;T")}, "INVALID_PLACE", "descriptions.en"),
    ({"descriptions": texts(en="\u202etxt.exe")}, "INVALID_PLACE", "descriptions.en"),
    ({"openingNotes": texts(en="bell \u0007")}, "INVALID_PLACE", "openingNotes.en"),
    ({"openingNotes": texts(en="zero\u200bwidth")}, "INVALID_PLACE", "openingNotes.en"),
    ({"otherNames": ["A", "A"]}, "INVALID_PLACE", "otherNames"),
    ({"otherNames": [f"N{number}" for number in range(31)]}, "INVALID_PLACE", "otherNames"),
    ({"otherNames": ["A\u20dd\u20dd\u20dd\u20dd"]}, "INVALID_PLACE", "otherNames"),
    ({"otherNames": ["\u0e01\u0e47\u0e47\u0e47\u0e47"]}, "INVALID_PLACE", "otherNames"),
    ({"names": texts(vi="\u3164")}, "INVALID_PLACE", "names.vi"),
    ({"names": texts(en="\u2800")}, "INVALID_PLACE", "names.en"),
    ({"otherNames": ["A\u0301\u0301\u0301\u0301\u0301"]}, "INVALID_PLACE", "otherNames"),
    ({"category": None}, "INVALID_PLACE", "category"),
    ({"confidence": None}, "INVALID_PLACE", "confidence"),
    ({"altitude": 8_848}, "INVALID_PLACE", "altitude"),
    ({"positionAccuracy": 0}, "INVALID_PLACE", "positionAccuracy"),
    ({"positionAccuracy": 3_001}, "INVALID_PLACE", "positionAccuracy"),
    ({"openingHours": "Mo-Fri 8-5"}, "INVALID_OPENING_HOURS", "openingHours"),
    ({"openingHours": '24/7 "<b>"'}, "INVALID_PLACE", "openingHours"),
    ({"visitMinutes": 4}, "INVALID_PLACE", "visitMinutes"),
    ({"phone": "0912345678x"}, "INVALID_PLACE", "phone"),
    ({"phone": "\u0661\u0661\u0665"}, "INVALID_PLACE", "phone"),
    ({"website": "ftp://example.org"}, "INVALID_PLACE", "website"),
    ({"website": "https://user:password@example.org/"}, "INVALID_PLACE", "website"),
    ({"website": "https://laocai.gov.vn\\@example.org"}, "INVALID_PLACE", "website"),
    ({"openingHours": "SH off"}, "INVALID_OPENING_HOURS", "openingHours"),
    ({"wifi": {"ssid": "Cafe", "access": "PASSWORD"}}, "INVALID_PLACE", "wifi"),
    ({"wifi": {"ssid": "", "access": "OPEN"}}, "INVALID_PLACE", "wifi"),
    ({"position": {"latitude": 21.03, "longitude": 105.85}}, "OUTSIDE_PROVINCE", "position"),
]


@pytest.mark.parametrize(("changes", "code", "field"), REFUSED)
async def test_what_a_place_cannot_be_is_refused_by_field(
    client: httpx.AsyncClient,
    store: Store,
    editor: SignedInPerson,
    changes: dict[str, Any],
    code: str,
    field: str,
) -> None:
    result = await propose(client, editor, BAC_HA, changes)

    assert (result["code"], result["field"]) == (code, field)
    assert await store[PLACE_DRAFTS].count({}) == 0


async def test_a_position_off_the_earth_is_refused(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    result = await propose(client, editor, BAC_HA, {"position": {"latitude": 91, "longitude": 0}})

    assert result["code"] == "INVALID_POSITION"


async def test_a_language_we_do_not_speak_is_refused(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    result = await propose(client, editor, BAC_HA, {"names": texts(de="Markt")})

    assert result["code"] == "UNKNOWN_LANGUAGE"


@pytest.mark.parametrize("place_id", ["P999", "", "P" * 10_000, "../P055"])
async def test_a_place_that_is_not_there_has_no_draft(
    client: httpx.AsyncClient, store: Store, editor: SignedInPerson, place_id: str
) -> None:
    result = await propose(client, editor, place_id, {"altitude": 10})

    assert result["code"] == "NOT_FOUND"
    assert await store[PLACE_DRAFTS].count({}) == 0


async def test_texts_are_normalised(client: httpx.AsyncClient, editor: SignedInPerson) -> None:
    # "Chợ" in its decomposed form, and the line ends of another system.
    changes = {"names": texts(vi=" Cho\u031b\u0323 mới "), "descriptions": texts(en="One.\r\nTwo.")}

    place = (await propose(client, editor, BAC_HA, changes))["preview"]["place"]

    assert place["names"][0] == {"text": "Chợ mới", "language": "vi"}
    assert place["description"]["text"] == "One.\nTwo."


async def test_what_visitors_need_of_a_place_is_previewed(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    changes = {
        "openingHours": "Su 06:00-12:00; PH off",
        "visitMinutes": 90,
        "phone": "+84 (214) 3-822.222",
        "website": "https://example.org/cho?a=1&b=2",
        "wifi": {"ssid": "Cho Bac Ha", "access": "PASSWORD", "password": "thangco123"},
        "accessibility": {"steps": "STEP_FREE"},
    }

    place = (await propose(client, editor, BAC_HA, changes))["preview"]["place"]

    assert {name: place[name] for name in changes} == changes | {"phone": "+842143822222"}


async def test_a_summit_on_the_border_may_lie_across_it(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    fansipan = {"latitude": 22.3031, "longitude": 103.7751}

    result = await propose(client, editor, "P001", {"position": fansipan})

    assert result["preview"]["place"]["position"] == fansipan
    assert result["preview"]["place"]["commune"] is None


async def test_a_visitor_cannot_propose(
    client: httpx.AsyncClient, services: Services, store: Store, province: None
) -> None:
    visitor = await signed_in(client, services, MAI)

    result = await propose(client, visitor, BAC_HA, {"altitude": 10})
    nobody = await propose(client, None, BAC_HA, {"altitude": 10})

    assert (result["code"], nobody["code"]) == ("NOT_ALLOWED", "NOT_SIGNED_IN")
    assert await store[PLACE_DRAFTS].count({}) == 0


async def test_a_refusal_is_in_the_language_of_the_editor(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    values = {"placeId": BAC_HA, "changes": {"names": texts(vi=None)}}

    result = await edit(client, "ProposePlaceChange", values, editor, language="vi")

    assert result["message"] == "Mỗi địa điểm cần có tên bằng tiếng Việt."


async def test_nothing_is_published_by_a_draft(
    client: httpx.AsyncClient, store: Store, editor: SignedInPerson
) -> None:
    before = await store[PLACES].find({})

    await a_draft(client, editor, BAC_HA, {"altitude": 1_050})

    assert await store[PLACES].find({}) == before
    assert await store[PLACE_VERSIONS].count({}) == 0


async def test_a_preview_warns_of_what_others_published_meanwhile(
    client: httpx.AsyncClient, editor: SignedInPerson, other: SignedInPerson
) -> None:
    draft_id = await a_draft(client, editor, BAC_HA, {"altitude": 1_050, "category": "LANDMARK"})
    await change(client, other, BAC_HA, {"altitude": 990})

    preview = await ask(client, "PlacePreview", {"draftId": draft_id}, editor)

    assert [it["field"] for it in preview["conflicts"]] == ["altitude"]
