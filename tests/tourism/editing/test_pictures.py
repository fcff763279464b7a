"""Pictures of places: the editor's while a draft has them, the province's once published."""

from typing import Any

import httpx
import pytest

from api.context import Services
from api.media.records import PROVINCE_OWNER, MediaKind, MediaState
from api.media.repository import MEDIA
from tests.accounts.exporting import run_jobs
from tests.accounts.families import person_id_of
from tests.accounts.people import SignedInPerson, signed_in
from tests.accounts.staff import noted
from tests.conftest import NOW, MovableClock
from tests.tourism.editing.editors import (
    a_draft,
    an_editor,
    ask,
    change,
    history,
    propose,
    publish,
    revert,
    texts,
)
from tests.tourism.editing.picturing import a_picture, picture, shown, shown_ids, take_down
from tests.tourism.reviews.reviewers import a_photo, holders

BAC_HA = "P055"


async def media_document(services: Services, media_id: str) -> Any:  # noqa: ANN401 - a document
    return await services.store[MEDIA].get(media_id)


async def test_a_published_picture_is_shown_with_its_credit(
    client: httpx.AsyncClient, services: Services, editor: SignedInPerson
) -> None:
    photo = await a_photo(services, editor)
    alt = texts(vi="Chợ buổi sáng", en="The market in the morning")

    await change(client, editor, BAC_HA, {"pictures": [picture(photo, alt=alt)]})

    (found,) = await shown(client, BAC_HA, language="fr")
    (file,) = found.pop("media")["files"]
    assert file["url"].startswith(f"http://127.0.0.1:8000/v1/media/{photo}/thumbnail.webp?ticket=")
    assert found == {
        "alt": {"text": "The market in the morning", "language": "en"},
        "author": "Lò Thị Mai",
        "licence": "CC_BY_4_0",
        "licenceName": "Attribution (CC BY 4.0)",
        "licenceUrl": "https://creativecommons.org/licenses/by/4.0/",
    }


async def test_pictures_stand_in_the_order_that_was_given(
    client: httpx.AsyncClient, services: Services, editor: SignedInPerson
) -> None:
    first, second = [await a_photo(services, editor) for _ in range(2)]
    await change(client, editor, BAC_HA, {"pictures": [picture(first), picture(second)]})

    await change(client, editor, BAC_HA, {"pictures": [picture(second), picture(first)]})

    assert await shown_ids(client, BAC_HA) == [second, first]


async def test_a_draft_shows_its_picture_to_its_editor_only_and_keeps_it(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, editor: SignedInPerson
) -> None:
    photo = await a_photo(services, editor)

    draft_id = await a_draft(client, editor, BAC_HA, {"pictures": [picture(photo)]})

    preview = await ask(client, "PlacePreview", {"draftId": draft_id}, editor)
    assert [one["media"]["id"] for one in preview["place"]["pictures"]] == [photo]
    assert await shown_ids(client, BAC_HA) == []
    clock.advance(days=179)
    await run_jobs(services, clock)
    assert (await media_document(services, photo))["state"] == MediaState.READY


@pytest.mark.usefixtures("province")
async def test_a_draft_that_goes_on_keeps_its_picture_as_long_as_itself(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    editor = await an_editor(client, services, "mai@example.com")
    photo, gone = [await a_photo(services, editor) for _ in range(2)]
    await a_draft(client, editor, BAC_HA, {"pictures": [picture(gone), picture(photo)]})
    await services.media.removal.remove_now(gone)
    clock.advance(days=100)

    await a_draft(
        client, await signed_in(client, services, "mai@example.com"), BAC_HA, {"altitude": 990}
    )

    clock.advance(days=179)
    await run_jobs(services, clock)
    assert (await media_document(services, photo))["state"] == MediaState.READY


async def test_a_picture_stays_when_the_account_of_its_editor_goes(
    client: httpx.AsyncClient, services: Services, editor: SignedInPerson
) -> None:
    photo = await a_picture(client, services, editor, BAC_HA)
    only_theirs = await a_photo(services, editor)

    await services.media.data.erase(await person_id_of(services, editor))

    assert await shown_ids(client, BAC_HA) == [photo]
    assert (await media_document(services, photo))["person_id"] == PROVINCE_OWNER
    assert await media_document(services, only_theirs) is None


async def test_an_erasure_that_saw_it_before_it_was_published_spares_it(
    client: httpx.AsyncClient, services: Services, editor: SignedInPerson
) -> None:
    photo = await a_photo(services, editor)
    person_id = await person_id_of(services, editor)
    await change(client, editor, BAC_HA, {"pictures": [picture(photo)]})

    await services.media.removal.remove_all_of(person_id, [photo])

    assert await shown_ids(client, BAC_HA) == [photo]


async def test_what_is_published_counts_against_nobody(
    client: httpx.AsyncClient, services: Services, editor: SignedInPerson
) -> None:
    photo = await a_picture(client, services, editor, BAC_HA)

    held = await services.media.data.held_of(await person_id_of(services, editor))

    assert held["media"] == []
    assert await holders(services, photo) == [f"place:{BAC_HA}"]


async def test_another_editor_may_go_on_with_what_is_published(
    client: httpx.AsyncClient,
    services: Services,
    editor: SignedInPerson,
    other: SignedInPerson,
) -> None:
    photo = await a_picture(client, services, editor, BAC_HA)

    await change(client, other, BAC_HA, {"pictures": [picture(photo, author="Sùng A Tủa")]})

    (found,) = await shown(client, BAC_HA)
    assert (found["media"]["id"], found["author"]) == (photo, "Sùng A Tủa")


async def test_an_earlier_version_brings_its_picture_back(
    client: httpx.AsyncClient, services: Services, editor: SignedInPerson
) -> None:
    photo = await a_picture(client, services, editor, BAC_HA)
    await change(client, editor, BAC_HA, {"pictures": None})
    assert await shown_ids(client, BAC_HA) == []

    await revert(client, editor, BAC_HA, 2, 3)

    assert await shown_ids(client, BAC_HA) == [photo]


async def test_a_picture_of_an_earlier_version_is_kept(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, editor: SignedInPerson
) -> None:
    photo = await a_picture(client, services, editor, BAC_HA)
    await change(client, editor, BAC_HA, {"pictures": None})

    clock.advance(days=400)
    await run_jobs(services, clock)

    assert (await media_document(services, photo))["state"] == MediaState.READY


async def test_the_history_names_pictures(
    client: httpx.AsyncClient, services: Services, editor: SignedInPerson
) -> None:
    photo = await a_picture(client, services, editor, BAC_HA)

    newest, _ = await history(client, editor, BAC_HA)

    assert newest["differences"] == [
        {
            "field": "pictures",
            "language": None,
            "before": None,
            "after": f"{photo} (Lò Thị Mai, CC_BY_4_0) vi: Chợ buổi sáng",
        }
    ]


async def test_what_is_taken_down_is_gone_from_every_version(
    client: httpx.AsyncClient, services: Services, editor: SignedInPerson, other: SignedInPerson
) -> None:
    photo = await a_picture(client, services, editor, BAC_HA)

    result = await take_down(client, other, photo)

    assert result == {"__typename": "TakeDownPictureSuccess", "mediaId": photo}
    assert await shown_ids(client, BAC_HA) == []
    assert (await media_document(services, photo))["state"] == MediaState.REMOVED
    assert [row.subject for row in await noted(services, "picture.taken_down")] == [photo]


async def test_what_is_a_person_s_cannot_be_taken_down(
    client: httpx.AsyncClient, services: Services, editor: SignedInPerson, other: SignedInPerson
) -> None:
    photo = await a_photo(services, other)

    refused = await take_down(client, editor, photo)

    assert refused["code"] == "NOT_FOUND"
    assert (await media_document(services, photo))["state"] == MediaState.READY


@pytest.mark.parametrize("state", [MediaState.AWAITING, MediaState.REFUSED, MediaState.REMOVED])
async def test_a_photo_that_is_not_ready_is_refused(
    client: httpx.AsyncClient, services: Services, editor: SignedInPerson, state: MediaState
) -> None:
    photo = await a_photo(services, editor, state=state)

    refused = await propose(client, editor, BAC_HA, {"pictures": [picture(photo)]})

    assert (refused["code"], refused["field"]) == ("INVALID_PLACE", "pictures")


async def test_another_person_s_photo_is_refused(
    client: httpx.AsyncClient, services: Services, editor: SignedInPerson, other: SignedInPerson
) -> None:
    photo = await a_photo(services, other)

    refused = await propose(client, editor, BAC_HA, {"pictures": [picture(photo)]})

    assert (refused["code"], refused["field"]) == ("INVALID_PLACE", "pictures")
    assert (await media_document(services, photo))["person_id"] == await person_id_of(
        services, other
    )


async def test_a_photo_that_went_before_it_was_published_is_refused_and_nothing_changes(
    client: httpx.AsyncClient, services: Services, editor: SignedInPerson
) -> None:
    photo = await a_photo(services, editor)
    changes = {"altitude": 990, "pictures": [picture(photo)]}
    draft_id = await a_draft(client, editor, BAC_HA, changes)
    await services.media.removal.remove_now(photo)

    refused = await publish(client, editor, draft_id)

    assert (refused["code"], refused["field"]) == ("INVALID_PLACE", "pictures")
    assert await history(client, editor, BAC_HA) == []
    assert await ask(client, "PlacePreview", {"draftId": draft_id}, editor) is not None


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"alt": []}, "INVALID_PLACE"),
        ({"alt": texts(en="The market")}, "INVALID_PLACE"),
        ({"alt": texts(vi="Chợ", de="Markt")}, "UNKNOWN_LANGUAGE"),
        ({"alt": texts(vi="<b>Chợ</b>")}, "INVALID_PLACE"),
        ({"alt": texts(vi="x" * 501)}, "INVALID_PLACE"),
        ({"author": " "}, "INVALID_PLACE"),
        ({"author": "x" * 201}, "INVALID_PLACE"),
    ],
)
async def test_a_picture_without_its_words_is_refused(
    client: httpx.AsyncClient,
    services: Services,
    editor: SignedInPerson,
    said: dict[str, Any],
    code: str,
) -> None:
    photo = await a_photo(services, editor)

    refused = await propose(client, editor, BAC_HA, {"pictures": [picture(photo, **said)]})

    assert refused["code"] == code
    assert (await media_document(services, photo))["kept_until"] == NOW


async def test_the_same_photo_twice_is_refused(
    client: httpx.AsyncClient, services: Services, editor: SignedInPerson
) -> None:
    photo = await a_photo(services, editor)

    refused = await propose(client, editor, BAC_HA, {"pictures": [picture(photo)] * 2})

    assert (refused["code"], refused["field"]) == ("INVALID_PLACE", "pictures")


async def test_no_more_than_twenty_pictures_are_taken(
    client: httpx.AsyncClient, services: Services, editor: SignedInPerson
) -> None:
    photos = [picture(f"photo-{number}") for number in range(21)]

    refused = await propose(client, editor, BAC_HA, {"pictures": photos})

    assert (refused["code"], refused["field"]) == ("INVALID_PLACE", "pictures")


async def test_what_the_library_gives_to_the_province_is_of_the_kind_that_was_asked_for(
    services: Services, editor: SignedInPerson
) -> None:
    from api.media.errors import OtherKind

    photo = await a_photo(services, editor)
    person_id = await person_id_of(services, editor)

    with pytest.raises(OtherKind):
        await services.media.library.give_to_province(
            person_id, [photo], MediaKind.AUDIO, "narration:1"
        )

    assert (await media_document(services, photo))["person_id"] == person_id
