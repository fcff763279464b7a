"""What is said about an appointment: a few words for a locked screen, and all of it for a letter."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, repr=False)
class Message:
    """`id`: of what is said, so that it is said once; not made of personal data.

    `title` and `brief` are shown by locked phones and kept unsealed until they are sent: they name no
    illness, service, specialty or patient. `letter`: for an e-mail, may name the service. `language`:
    one of locales.AVAILABLE. `expires_at`: it is not said later. `data` goes to the app with a push;
    `footer`: what an SMS or e-mail has besides, for there no app shows it.
    """

    id: str
    thread: str
    person_id: str
    language: str
    title: str
    brief: str
    letter: str
    expires_at: datetime
    data: Mapping[str, str]
    footer: str | None = None
