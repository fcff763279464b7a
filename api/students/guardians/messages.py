"""What somebody reads whom a school invites to follow a pupil. It names no child: the number may be a wrong one."""

from api.kit.errors import N_
from api.students.guardians.guardianship import HOLDS_FOR, GuardianInvitation
from locales import translator
from notifications.text_message import TextMessage

SUBJECT = N_("Your child's school invites you")
BODY = N_(
    "The school {school} invites you to follow your child's school days in the {province} app."
    " To accept, sign in with this address within {days} days."
)


def guardian_message(
    invitation: GuardianInvitation, school: str, language: str, person_id: str | None
) -> TextMessage:
    """Return the message. `person_id`: who signs in with the address, when somebody does."""
    translate = translator(language)
    return TextMessage(
        id=invitation.id,
        channel=invitation.address.channel,
        to=invitation.address.value,
        subject=translate(SUBJECT),
        body=translate(BODY).format(school=school, days=HOLDS_FOR.days),
        language=language,
        expires_at=invitation.expires_at,
        person_id=person_id,
    )
