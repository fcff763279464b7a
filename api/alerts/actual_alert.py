"""What may reach the public, as a type: whoever tells everybody takes nothing else."""

from dataclasses import dataclass

from api.alerts.cap_message import Scope, Status
from api.alerts.repository import AlertRecord


class NotForThePublic(ValueError):
    """An exercise, a test, or a message for few was about to be told to everybody: a bug of ours."""


@dataclass(frozen=True, slots=True)
class ActualAlert:
    """A message that is Actual and Public. Raises NotForThePublic for any other."""

    record: AlertRecord

    def __post_init__(self) -> None:
        if self.record.status is not Status.ACTUAL or self.record.scope is not Scope.PUBLIC:
            raise NotForThePublic(self.record.id)
