from api.credentials.errors import CredentialErrorCode, CredentialProblem
from api.kit.errors import N_


class GateNotFound(CredentialProblem):
    """Also the answer to another institution's gate, and to a wrong secret."""

    code = CredentialErrorCode.NOT_FOUND
    field = "gate"
    message = N_("There is no gate with this id among yours.")


class InvalidGate(CredentialProblem):
    """A value that a gate cannot have; `field` names it as the contract does."""

    code = CredentialErrorCode.INVALID_GATE
    message = N_("This value is not possible.")

    def __init__(self, field: str, **params: object) -> None:
        self.field = field
        super().__init__(**params)


class GateNamesMissing(InvalidGate):
    message = N_("Name the gate in Vietnamese at least, in up to {most} characters of plain text.")


class NoGateThere(InvalidGate):
    message = N_("Gates belong to a merchant, a facility or a school.")


class NoSuchPlace(InvalidGate):
    message = N_("There is no place with this id.")


class WrongListAge(InvalidGate):
    message = N_("A list may be {least} to {most} minutes old.")


class TooManyGates(InvalidGate):
    message = N_("There are {most} gates already. Retire one that is not used any more.")
