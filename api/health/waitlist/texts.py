"""What an offer says."""

from datetime import datetime

from api.health.reaching.message import Message
from api.health.reaching.place_words import PlaceWords
from api.kit.errors import N_
from api.kit.ids import derived_id

TITLE = N_("A place is free for you")
OFFER = N_("{facility}: {moment}. It is held for you until {until}. Take it in the app.")
OFFER_SOMEWHERE = N_("{moment}. It is held for you until {until}. Take it in the app.")


def offer(words: PlaceWords, person_id: str, until: datetime) -> Message:
    """Return what is said of a place that is held for who waits, `until` when."""
    appointment = words.appointment
    brief = words.brief(OFFER, OFFER_SOMEWHERE, until=words.time(until))
    return Message(
        id=derived_id("health offer", appointment.id),
        thread=derived_id("health offers", appointment.id),
        person_id=person_id,
        language=words.language,
        title=words.translated(TITLE),
        brief=brief,
        letter=f"{brief}\n\n{words.details()}",
        expires_at=until,
        data={"type": "healthOffer", "appointmentId": appointment.id},
    )
