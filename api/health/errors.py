"""Refusals that several folders of the slice share, and the codes of all."""

from enum import StrEnum, auto

from api.kit.errors import N_, DomainError


class HealthErrorCode(StrEnum):
    """Stable across releases: clients switch on it."""

    NOT_FOUND = auto()
    NOT_SIGNED_IN = auto()
    NOT_ALLOWED = auto()
    INVALID_IDEMPOTENCY_KEY = auto()
    IDEMPOTENCY_KEY_REUSED = auto()
    SLOT_TAKEN = auto()
    SESSION_CLOSED = auto()


class HealthProblem(DomainError):
    """Any refusal of this slice. `field`: the part of the input that is refused."""

    field: str | None = None
    retry_after_seconds: int | None = None


class FacilityNotFound(HealthProblem):
    code = HealthErrorCode.NOT_FOUND
    field = "facilityId"
    message = N_("There is no hospital or clinic with this id.")
