"""What a person reads who asked for a code."""

from api.accounts.sign_in.codes import HOLDS_FOR, NewCode
from api.kit.errors import N_
from locales import translator
from notifications.text_message import TextMessage

SUBJECT = N_("Your code for {province}")
CODE = N_(
    "{code} is your code for the {province} app. It holds for {minutes} minutes. Tell it to nobody."
)


def code_message(new: NewCode) -> TextMessage:
    """Return the message, in the language in which the code was asked for."""
    translate = translator(new.challenge.language)
    minutes = int(HOLDS_FOR.total_seconds() // 60)
    return TextMessage(
        id=new.challenge.id,
        channel=new.challenge.address.channel,
        to=new.challenge.address.value,
        subject=translate(SUBJECT),
        body=translate(CODE).format(code=new.code, minutes=minutes),
        language=new.challenge.language,
        expires_at=new.challenge.expires_at,
        person_id=new.challenge.person_id,
    )
