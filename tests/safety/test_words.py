"""The word of somebody who is safe: whoever has the link reads it, until it ends."""

from datetime import timedelta

import httpx
import pytest

from api.kit.store import Store
from api.safety.errors import InvalidText
from api.safety.safe.words import SAFETY_WORDS
from tests.safety.rescue import Rescue


async def shared(rescue: Rescue, called: str = "Mai", note: str | None = "Đang ở trường.") -> str:
    words = rescue.services.safety.words
    url = (await words.share(rescue.caller, None, called, note)).url
    return "/safety" + url.partition("/safety")[2]


async def test_whoever_has_the_link_reads_it(rescue: Rescue, client: httpx.AsyncClient) -> None:
    path = await shared(rescue)

    reply = await client.get(path, headers={"accept-language": "en"})

    assert reply.status_code == 200
    assert "<h1>Mai is safe</h1>" in reply.text
    assert "Đang ở trường." in reply.text


async def test_it_lies_sealed_and_the_token_nowhere(rescue: Rescue, store: Store) -> None:
    path = await shared(rescue)

    kept = str(await store[SAFETY_WORDS].find({}))

    assert path.rpartition("/")[2] not in kept
    assert "trường" not in kept


@pytest.mark.parametrize("ending", ["a week", "taken back", "said anew"])
async def test_an_ended_link_shows_nothing(
    rescue: Rescue, client: httpx.AsyncClient, ending: str
) -> None:
    path = await shared(rescue)
    if ending == "a week":
        rescue.clock.now += timedelta(days=7)
    elif ending == "taken back":
        await rescue.services.safety.words.take_back(rescue.caller, None)
    else:
        await shared(rescue)

    reply = await client.get(path)

    assert (reply.status_code, "Mai" in reply.text) == (404, False)


async def test_markup_and_links_are_refused(rescue: Rescue, store: Store) -> None:
    for text in ("<b>Mai</b>", "www.example.com", "x" * 41):
        with pytest.raises(InvalidText):
            await shared(rescue, called=text)

    assert await store[SAFETY_WORDS].count({}) == 0
