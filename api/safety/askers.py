"""Who asks for help: somebody who is signed in, or a device that shows its secret."""

from dataclasses import dataclass
from enum import StrEnum, auto

from api.accounts.caller import Caller
from api.accounts.devices.service import DeviceService
from api.accounts.errors import DeviceNotFound


class AskerKind(StrEnum):
    PERSON = auto()
    DEVICE = auto()


@dataclass(frozen=True, slots=True)
class Asker:
    """A person with an account, or a device of nobody in particular."""

    kind: AskerKind
    id: str

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.id}"

    @classmethod
    def of(cls, key: str) -> "Asker":
        """Return whose `key` this is."""
        kind, _, asker_id = key.partition(":")
        return cls(AskerKind(kind), asker_id)


def person_key(person_id: str) -> str:
    """Return the key of somebody with an account."""
    return Asker(AskerKind.PERSON, person_id).key


@dataclass(frozen=True, slots=True, repr=False)
class ShownDevice:
    """What a device shows of itself."""

    id: str
    secret: str


class Askers:
    def __init__(self, devices: DeviceService) -> None:
        self._devices = devices

    async def of(self, caller: Caller, shown: ShownDevice | None) -> Asker:
        """Return who asks: the person before the device. Raises NotSignedIn, DeviceNotFound.

        A device whose registration the push service has retired may still call for help.
        """
        if caller.person_id is not None or shown is None:
            return Asker(AskerKind.PERSON, caller.person())
        device = await self._devices.find(shown.id, shown.secret)
        if device is None:
            raise DeviceNotFound
        return Asker(AskerKind.DEVICE, device.id)
