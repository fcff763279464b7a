"""How anything in the child says that a file is not taken."""

from api.media.refusals import Refusal


class Refused(Exception):
    """The file is not taken, for this reason."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


class Damaged(Refused):
    """The file contradicts its own format."""

    def __init__(self) -> None:
        super().__init__(Refusal.DAMAGED)
