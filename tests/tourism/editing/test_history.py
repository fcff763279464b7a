import httpx

from api.context import Services
from api.kit.store import Store
from api.tourism.editing.repository import PLACE_DRAFTS, PLACE_VERSIONS
from tests.accounts.people import SignedInPerson, call
from tests.accounts.staff import id_of, noted
from tests.conftest import MovableClock, send_raw
from tests.tourism.editing.editors import (
    a_draft,
    ask,
    change,
    history,
    propose,
    retire,
    revert,
    texts,
)

BAC_HA = "P055"


async def test_a_history_tells_who_changed_what_and_when(
    client: httpx.AsyncClient, clock: MovableClock, editor: SignedInPerson, other: SignedInPerson
) -> None:
    await call(client, "UpdateProfile", {"name": "Lò Thị Mai"}, editor)
    await change(client, editor, BAC_HA, {"altitude": 990})
    clock.advance(seconds=60)
    await retire(client, other, BAC_HA)
    await revert(client, other, BAC_HA, 1, 3)

    entries = await history(client, editor, BAC_HA)

    assert [(it["number"], it["kind"], it["isRetired"]) for it in entries] == [
        (4, "REVERTED", False),
        (3, "RETIRED", True),
        (2, "PUBLISHED", False),
        (1, "SHIPPED", False),
    ]
    assert entries[2]["by"] == await id_of(client, editor)
    assert entries[2]["byName"] == "Lò Thị Mai"
    assert entries[1]["byName"] is None
    assert entries[1]["at"] == clock().isoformat()
    assert [it["differences"] for it in entries] == [
        [{"field": "altitude", "language": None, "before": "990.0", "after": "1000.0"}],
        [],
        [{"field": "altitude", "language": None, "before": "1000.0", "after": "990.0"}],
        [],
    ]


async def test_every_version_is_kept_whole(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    await change(client, editor, BAC_HA, {"names": texts(en="One")})
    await change(client, editor, BAC_HA, {"names": texts(en="Two")})

    names = [it["place"]["name"]["text"] for it in await history(client, editor, BAC_HA)]

    assert names == ["Two", "One", "Bac Ha market"]


async def test_pages_of_a_history_follow_each_other(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    for metres in (1, 2, 3):
        await change(client, editor, BAC_HA, {"altitude": metres})

    first = await ask(client, "PlaceHistory", {"placeId": BAC_HA, "first": 2}, editor)
    after = first["pageInfo"]["endCursor"]
    rest = await ask(client, "PlaceHistory", {"placeId": BAC_HA, "after": after}, editor)

    numbers = [[edge["node"]["number"] for edge in page["edges"]] for page in (first, rest)]
    assert numbers == [[4, 3], [2, 1]]
    assert rest["edges"][0]["node"]["differences"][0]["before"] == "1000.0"


async def test_a_place_that_nobody_edited_has_no_history(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    assert await history(client, editor, BAC_HA) == []


async def test_a_place_that_never_was_is_refused(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    reply = await send_raw(
        client, "tourism/PlaceHistory", {"placeId": "P999"}, headers=editor.headers
    )

    assert reply.json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"


async def test_whoever_reads_a_history_is_noted(
    client: httpx.AsyncClient, services: Services, editor: SignedInPerson
) -> None:
    await change(client, editor, BAC_HA, {"altitude": 990})

    await history(client, editor, BAC_HA)

    (entry,) = await noted(services, "place.read_history")
    assert (entry.actor, entry.subject) == (await id_of(client, editor), BAC_HA)
    assert entry.details == {"found": 2}


async def test_what_an_editor_did_is_told_and_forgotten(
    client: httpx.AsyncClient, services: Services, store: Store, editor: SignedInPerson
) -> None:
    person_id = await id_of(client, editor)
    await change(client, editor, BAC_HA, {"altitude": 990})
    await a_draft(client, editor, BAC_HA, {"altitude": 995})
    (holder,) = [one for one in services.accounts.privacy.holders if one.name == "edited-places"]

    told = await holder.held_of(person_id)
    await holder.erase(person_id)
    await holder.erase(person_id)

    assert told["drafts"] == [{"place": BAC_HA, "changes": {"altitude_metres": 995.0}}]
    assert [(it["place"], it["version"]) for it in told["published"]] == [(BAC_HA, 2)]
    assert await holder.held_of(person_id) == {"drafts": [], "published": []}
    assert await store[PLACE_DRAFTS].count({}) == 0
    assert await store[PLACE_VERSIONS].count({}) == 2


async def test_a_draft_outlives_what_an_unfinished_one_says(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    await propose(client, editor, BAC_HA, {"altitude": 990})

    refused = await propose(client, editor, BAC_HA, {"altitude": 9_000, "category": "TOWN"})

    assert refused["code"] == "INVALID_PLACE"
    drafts = await ask(client, "PlaceDrafts", {}, editor)
    assert drafts["edges"][0]["node"]["fields"] == ["altitude"]


async def test_whoever_has_not_seen_that_a_place_was_retired_is_told_the_newest_version(
    client: httpx.AsyncClient, editor: SignedInPerson, other: SignedInPerson
) -> None:
    await change(client, editor, BAC_HA, {"altitude": 990})
    await retire(client, other, BAC_HA)

    result = await revert(client, editor, BAC_HA, 1, 2)

    assert (result["__typename"], result["conflicts"]) == ("PlaceConflictError", [])
    assert result["message"] == "The newest version of this place is 3. Look at it first."
