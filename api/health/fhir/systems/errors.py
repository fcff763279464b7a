"""Refusals of registering a system, and those of the token endpoint (RFC 6749, section 5.2)."""

from enum import StrEnum, auto

from api.health.errors import HealthErrorCode, HealthProblem
from api.kit.errors import N_, DomainError


class InvalidKeySet(HealthProblem):
    code = HealthErrorCode.INVALID_KEYS
    field = "keys"
    message = N_(
        "Give a JSON Web Key Set of 1 to {most} public keys: RSA of 2048 to 8192 bits or P-384, each with its own kid."
    )


class InvalidSystemName(HealthProblem):
    code = HealthErrorCode.INVALID_NAME
    field = "name"
    message = N_("A system needs a name of 1 to {most} characters.")


class InvalidScopes(HealthProblem):
    code = HealthErrorCode.INVALID_SCOPES
    field = "scopes"
    message = N_("The scopes of a system are like system/Appointment.cruds.")


class SystemNotFound(HealthProblem):
    code = HealthErrorCode.NOT_FOUND
    field = "systemId"
    message = N_("There is no system with this id.")


class TokenErrorCode(StrEnum):
    """Those of RFC 6749."""

    INVALID_REQUEST = auto()
    INVALID_CLIENT = auto()
    UNSUPPORTED_GRANT_TYPE = auto()
    INVALID_SCOPE = auto()


class TokenRefused(DomainError):
    """Why is not told any closer: the log has it."""


class InvalidTokenRequest(TokenRefused):
    code = TokenErrorCode.INVALID_REQUEST
    message = N_("The request for an access token is not complete, or names something twice.")


class InvalidClient(TokenRefused):
    code = TokenErrorCode.INVALID_CLIENT
    message = N_("The assertion does not show that a registered system sent it.")


class UnsupportedGrant(TokenRefused):
    code = TokenErrorCode.UNSUPPORTED_GRANT_TYPE
    message = N_("Only client_credentials are granted here.")


class InvalidScope(TokenRefused):
    code = TokenErrorCode.INVALID_SCOPE
    message = N_("None of these scopes was registered for this system.")
