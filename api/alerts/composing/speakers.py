"""Agencies that may speak, and under which CAP sender (data/speakers.json, a sample)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.accounts.caller import Caller, Grant, Role, Scope, ScopeKind
from api.accounts.errors import NotAllowed
from api.accounts.staff.grants import Grants
from api.kit.store import Store
from api.province import province_file

SHIPPED_SPEAKERS = Path(__file__).with_name("data") / "speakers.json"


@dataclass(frozen=True, slots=True)
class Speaker:
    """`id`: of the scope of its people's roles. `is_on_province_duty`: its approvers approve for all."""

    id: str
    sender: str
    names: Mapping[str, str]
    is_on_province_duty: bool

    def role(self, role: Role) -> Grant:
        return Grant(role, Scope(ScopeKind.AGENCY, self.id))


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
    sender: Annotated[str, Field(pattern=r"^[^\s,<&]{1,300}$")]
    names: dict[str, str]
    is_on_province_duty: bool

    def record(self) -> Speaker:
        return Speaker(self.id, self.sender, self.names, self.is_on_province_duty)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: Literal[1]
    sample: bool
    note: str
    agencies: list[_Row]


@cache
def shipped_speakers() -> tuple[Speaker, ...]:
    file = _File.model_validate_json(province_file(SHIPPED_SPEAKERS).read_bytes())
    return tuple(row.record() for row in file.agencies)


class AlertStaff:
    """Who writes and who approves: looked at in the caller, and once more where something is written."""

    def __init__(self, store: Store, speakers: tuple[Speaker, ...]) -> None:
        self._grants = Grants(store)
        self._speakers = {speaker.id: speaker for speaker in speakers}

    def speaker(self, agency_id: str) -> Speaker:
        return self._speakers[agency_id]

    def speaks(self, agency_id: str) -> bool:
        return agency_id in self._speakers

    def author(self, caller: Caller, agency_id: str) -> str:
        """Return the id of the person, who writes for the agency. Raises NotSignedIn, NotAllowed."""
        person_id = caller.person()
        speaker = self._speakers.get(agency_id)
        if speaker is None or speaker.role(Role.ALERT_AUTHOR) not in caller.grants:
            raise NotAllowed
        return person_id

    def reader(self, caller: Caller, agency_id: str) -> str:
        """Return the id of the person, who writes or approves for it. Raises NotSignedIn, NotAllowed."""
        person_id = caller.person()
        speaker = self._speakers.get(agency_id)
        if speaker is None:
            raise NotAllowed
        rights = {speaker.role(Role.ALERT_AUTHOR), *self._approving(speaker)}
        if rights.isdisjoint(caller.grants):
            raise NotAllowed
        return person_id

    def approver(self, caller: Caller, agency_id: str) -> str:
        """Return the id of the person, who approves for it. Raises NotSignedIn, NotAllowed."""
        person_id = caller.person()
        speaker = self._speakers.get(agency_id)
        if speaker is None or caller.grants.isdisjoint(self._approving(speaker)):
            raise NotAllowed
        return person_id

    async def approvers(self, agency_id: str) -> list[str]:
        """Return the ids of all who approve for the agency."""
        return await self._grants.holders(self._approving(self._speakers[agency_id]))

    async def hold_author(self, person_id: str, agency_id: str) -> None:
        """Check it again, within the open transaction. Raises NotAllowed: it was taken back since."""
        grant = self._speakers[agency_id].role(Role.ALERT_AUTHOR)
        if not await self._grants.is_held(person_id, grant):
            raise NotAllowed

    async def hold_approver(self, person_id: str, agency_id: str) -> None:
        """Check it again, within the open transaction. Raises NotAllowed: it was taken back since."""
        for grant in self._approving(self._speakers[agency_id]):
            if await self._grants.is_held(person_id, grant):
                return
        raise NotAllowed

    def _approving(self, speaker: Speaker) -> list[Grant]:
        on_duty = (one for one in self._speakers.values() if one.is_on_province_duty)
        return list(dict.fromkeys(one.role(Role.ALERT_APPROVER) for one in (speaker, *on_duty)))
