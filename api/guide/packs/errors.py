"""What is refused of whoever asks for a pack, and why."""

from enum import StrEnum, auto

from api.kit.errors import N_, DomainError


class PackErrorCode(StrEnum):
    """Stable across releases: clients switch on it."""

    PACK_AREA_NOT_FOUND = auto()
    MORE_THAN_ONE_AREA = auto()
    LANGUAGE_NOT_SPOKEN = auto()
    PACK_LINK_ENDED = auto()


class PackProblem(DomainError):
    """Any refusal of packs."""


class PackAreaNotFound(PackProblem):
    code = PackErrorCode.PACK_AREA_NOT_FOUND
    message = N_("There is no such tour or commune.")


class MoreThanOneArea(PackProblem):
    code = PackErrorCode.MORE_THAN_ONE_AREA
    message = N_("Ask for a tour or for a commune, not for both.")


class LanguageNotSpoken(PackProblem):
    code = PackErrorCode.LANGUAGE_NOT_SPOKEN
    message = N_("We do not speak this language. Ask for one of these: {languages}.")


class PackLinkEnded(PackProblem):
    """Ended, changed, or never ours; or what it leads to has gone."""

    code = PackErrorCode.PACK_LINK_ENDED
    message = N_("This link has ended. Please ask for the pack again.")
