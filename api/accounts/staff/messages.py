"""What somebody reads who is invited. A whole text for each role: no language puts them together alike."""

from collections.abc import Mapping

from api.accounts.caller import Role, ScopeKind
from api.accounts.staff.invitations import HOLDS_FOR, Invitation
from api.kit.errors import N_
from locales import translator
from notifications.text_message import TextMessage

SUBJECT = N_("You are invited to work with {province}")

TEXTS: Mapping[tuple[Role, ScopeKind], str] = {
    (Role.CLERK, ScopeKind.AGENCY): N_(
        "You are invited to handle cases for the agency {institution}."
        " To accept, sign in to the {province} app with this address within {days} days."
    ),
    (Role.CLERK, ScopeKind.FACILITY): N_(
        "You are invited to work at the desk of the health facility {institution}."
        " To accept, sign in to the {province} app with this address within {days} days."
    ),
    (Role.CLERK, ScopeKind.SCHOOL): N_(
        "You are invited to work in the office of the school {institution}."
        " To accept, sign in to the {province} app with this address within {days} days."
    ),
    (Role.ALERT_AUTHOR, ScopeKind.AGENCY): N_(
        "You are invited to write warnings for the agency {institution}."
        " To accept, sign in to the {province} app with this address within {days} days."
    ),
    (Role.ALERT_APPROVER, ScopeKind.AGENCY): N_(
        "You are invited to approve warnings for the agency {institution}."
        " To accept, sign in to the {province} app with this address within {days} days."
    ),
    (Role.MERCHANT, ScopeKind.MERCHANT): N_(
        "You are invited to take payments and passes for the business {institution}."
        " To accept, sign in to the {province} app with this address within {days} days."
    ),
    (Role.GATEKEEPER, ScopeKind.MERCHANT): N_(
        "You are invited to scan cards at the gates of the business {institution}."
        " To accept, sign in to the {province} app with this address within {days} days."
    ),
    (Role.GATEKEEPER, ScopeKind.FACILITY): N_(
        "You are invited to scan cards at the gates of the health facility {institution}."
        " To accept, sign in to the {province} app with this address within {days} days."
    ),
    (Role.GATEKEEPER, ScopeKind.SCHOOL): N_(
        "You are invited to scan cards at the gates of the school {institution}."
        " To accept, sign in to the {province} app with this address within {days} days."
    ),
    (Role.CONTENT_EDITOR, ScopeKind.PROVINCE): N_(
        "You are invited to edit what {province} province tells its visitors about places, trails and events."
        " To accept, sign in to the {province} app with this address within {days} days."
    ),
    (Role.MODERATOR, ScopeKind.PROVINCE): N_(
        "You are invited to review, for {province} province, what people write and show in public."
        " To accept, sign in to the {province} app with this address within {days} days."
    ),
    (Role.AUDITOR, ScopeKind.PROVINCE): N_(
        "You are invited to review, as an auditor of {province} province, what its staff do."
        " To accept, sign in to the {province} app with this address within {days} days."
    ),
    (Role.ADMINISTRATOR, ScopeKind.PROVINCE): N_(
        "You are invited to manage staff and roles as an administrator of {province} province."
        " To accept, sign in to the {province} app with this address within {days} days."
    ),
}


def invitation_message(
    invitation: Invitation, institution: str, language: str, person_id: str | None
) -> TextMessage:
    """Return the message. `person_id`: who signs in with the address, when somebody does."""
    translate = translator(language)
    text = TEXTS[invitation.grant.role, invitation.grant.scope.kind]
    return TextMessage(
        id=invitation.id,
        channel=invitation.address.channel,
        to=invitation.address.value,
        subject=translate(SUBJECT),
        body=translate(text).format(institution=institution, days=HOLDS_FOR.days),
        language=language,
        expires_at=invitation.expires_at,
        person_id=person_id,
    )
