"""Whether an update is silent is judged by what each phone was shown last itself."""

from datetime import timedelta

import pytest

from api.alerts.bulletins import Bulletin, Reach
from api.alerts.cap_message import Certainty, Info, ResponseType, Severity, Urgency
from api.alerts.sounding import is_known
from api.kit.area import Area
from notifications.senders import Answer, Message, Verdict
from tests.alerts.conftest import Door, Phones
from tests.alerts.messages import AROUND_BAC_HA, BAC_HA, alert, area, info, polygon, reference
from tests.conftest import NOW

SECOND = "2026-05-01T16:10:00+07:00"
THIRD = "2026-05-01T16:20:00+07:00"
NOWHERE = Reach(Area.of((), ()), frozenset(), Area.of((), ()))


def a_bulletin(
    severity: Severity = Severity.SEVERE,
    urgency: Urgency = Urgency.EXPECTED,
    *,
    vi: str | None = "Lên chỗ cao.",
    en: str | None = None,
    response: ResponseType = ResponseType.EVACUATE,
    hours: int = 6,
) -> Bulletin:
    told = {"vi": vi} if en is None else {"vi": vi, "en": en}
    return Bulletin(
        tuple(
            Info(
                language=language,
                categories=(),
                event="Lũ quét",
                response_types=(response,),
                urgency=urgency,
                severity=severity,
                certainty=Certainty.LIKELY,
                audience=None,
                event_codes=(),
                effective=None,
                onset=None,
                expires=None,
                sender_name=None,
                headline=None,
                description=None,
                instruction=instruction,
                web=None,
                contact=None,
                parameters=(),
                resources=(),
                areas=(),
            )
            for language, instruction in told.items()
        ),
        NOW,
        NOW + timedelta(hours=hours),
        NOWHERE,
    )


CLEAR = ResponseType.ALL_CLEAR


@pytest.mark.parametrize(
    ("shown", "update", "language", "known"),
    [
        (a_bulletin(), a_bulletin(), "vi", True),
        (a_bulletin(Severity.EXTREME), a_bulletin(), "vi", True),
        (a_bulletin(Severity.MODERATE), a_bulletin(), "vi", False),
        (a_bulletin(Severity.MODERATE), a_bulletin(Severity.EXTREME), "vi", False),
        (a_bulletin(Severity.UNKNOWN), a_bulletin(Severity.MINOR), "vi", False),
        (a_bulletin(urgency=Urgency.IMMEDIATE), a_bulletin(), "vi", True),
        (a_bulletin(urgency=Urgency.FUTURE), a_bulletin(), "vi", False),
        # Severe breaks through quiet hours when it is Immediate: so the first did not, the update does.
        (a_bulletin(), a_bulletin(urgency=Urgency.IMMEDIATE), "vi", False),
        (a_bulletin(urgency=Urgency.PAST), a_bulletin(urgency=Urgency.UNKNOWN), "vi", False),
        (a_bulletin(), a_bulletin(vi="Rời khỏi nhà."), "vi", False),
        (a_bulletin(vi=None), a_bulletin(), "vi", False),
        (a_bulletin(en="Go up."), a_bulletin(en="Leave."), "vi", True),
        (a_bulletin(en="Go up."), a_bulletin(en="Leave."), "en", False),
        (a_bulletin(en="Go up."), a_bulletin(en="Leave."), "ko", True),
        (a_bulletin(en="Go up."), a_bulletin(), "en", False),
        (a_bulletin(Severity.EXTREME, response=CLEAR), a_bulletin(Severity.MINOR), "vi", False),
        (a_bulletin(Severity.MINOR), a_bulletin(), "vi", False),
        (a_bulletin(hours=0), a_bulletin(), "vi", False),
    ],
)
def test_an_update_is_known_from_what_was_as_bad_as_soon_and_asked_for_the_same(
    shown: Bulletin, update: Bulletin, language: str, known: bool
) -> None:
    assert is_known(update, shown, language, NOW) is known


def chapter(number: int, severity: str, **fields: str) -> bytes:
    """Return the first, second or third message of a chain: always the same advice."""
    block = info(severity=severity, urgency="Expected", instruction="Lên chỗ cao.", **fields)
    if number == 1:
        return alert(block)
    earlier = [reference(), reference("flood-2", sent=SECOND)][: number - 1]
    return alert(
        block,
        identifier=f"flood-{number}",
        sent=(SECOND, THIRD)[number - 2],
        msg_type="Update",
        references=" ".join(earlier),
    )


async def silences(phones: Phones, name: str) -> list[bool]:
    """Deliver what is due, and return of each notice that a phone got whether it was silent."""
    await phones.deliver()
    return [one.notice.is_quiet for one in phones.sender.sent if one.device.id == name]


async def test_whoever_missed_the_worse_one_in_between_hears_the_next(
    door: Door, phones: Phones
) -> None:
    def refusing_one(message: Message) -> Answer:
        is_refused = message.device.id == "refused"
        return Answer(Verdict.REFUSED if is_refused else Verdict.ACCEPTED)

    await phones.add("refused")
    await phones.add("reached")
    await door.accepts(chapter(1, "Moderate"))
    await phones.deliver()
    phones.sender.script = refusing_one
    await door.accepts(chapter(2, "Extreme"))
    await phones.deliver()
    phones.sender.script = lambda _: Answer(Verdict.ACCEPTED)

    await door.accepts(chapter(3, "Severe"))

    assert await silences(phones, "reached") == [False, False, True]
    assert await silences(phones, "refused") == [False, False, False]


async def test_for_whom_it_goes_from_moderate_to_extreme_it_sounds(
    door: Door, phones: Phones
) -> None:
    around_bac_ha = area(polygon(AROUND_BAC_HA))
    await phones.add("in the middle", BAC_HA)
    await phones.add("all along")
    await door.accepts(chapter(1, "Extreme"))
    await phones.deliver()
    both = area(polygon(), polygon(AROUND_BAC_HA))
    await phones.add("all along", BAC_HA)
    await door.accepts(chapter(2, "Moderate", areas=around_bac_ha))
    await phones.deliver()

    await door.accepts(chapter(3, "Extreme", areas=both))

    assert await silences(phones, "in the middle") == [False, False]
    assert await silences(phones, "all along") == [False, True, False]


async def test_danger_after_an_all_clear_sounds(door: Door, phones: Phones) -> None:
    await phones.add("phone")
    await door.accepts(chapter(1, "Severe"))
    await phones.deliver()
    await door.accepts(chapter(2, "Severe", response_type="AllClear"))
    await phones.deliver()

    await door.accepts(chapter(3, "Severe"))

    assert (await silences(phones, "phone"))[-1] is False
