"""What the door answers, free of any web framework: a format, a path, what is asked, and in which language."""

import asyncio
from dataclasses import dataclass

from api.feedback.categories.category import CategoryLibrary
from api.feedback.open311.api_keys import ApiKey, ApiKeys
from api.feedback.open311.discovery import discovery
from api.feedback.open311.documents import Format, Listed, Root
from api.feedback.open311.errors import NothingHere, UnknownServiceRequest, UnknownToken
from api.feedback.open311.parameters import Parameters
from api.feedback.open311.request_rows import RequestRows
from api.feedback.open311.request_search import RequestSearch
from api.feedback.open311.requesting import Requesting, Tongue
from api.feedback.open311.service_list import definition, services
from api.feedback.open311.update_search import UpdateSearch
from api.feedback.open311.updating import Updating

_AT_A_TIME = 4
"""So many long lists are made at once, so that who asks for much waits for itself."""
POSTED = frozenset({"requests", "servicerequestupdates"})


@dataclass(frozen=True, slots=True)
class Address:
    """What follows /open311/v2/: a resource, one of its kind or none, and the format."""

    resource: str
    one: str | None
    form: Format

    @classmethod
    def of(cls, path: str) -> "Address":
        """Read it. Raises NothingHere."""
        name, _, ending = path.rpartition(".")
        parts = name.split("/")
        if ending not in set(Format) or not all(parts) or len(parts) > 2:
            raise NothingHere
        return cls(parts[0], parts[1] if len(parts) > 1 else None, Format(ending))


def format_of(path: str) -> Format:
    """Return in which format to refuse: XML where the address names none of ours."""
    return Format.JSON if path.endswith(".json") else Format.XML


class Open311Door:
    def __init__(
        self,
        keys: ApiKeys,
        categories: CategoryLibrary,
        search: RequestSearch,
        rows: RequestRows,
        requesting: Requesting,
        update_search: UpdateSearch,
        updating: Updating,
        public_url: str,
    ) -> None:
        self.keys = keys
        self._categories = categories
        self._search = search
        self._rows = rows
        self._requesting = requesting
        self._update_search = update_search
        self._updating = updating
        self._public_url = public_url
        self._listing = asyncio.Semaphore(_AT_A_TIME)

    async def read(
        self, address: Address, asked: Parameters, holder: ApiKey | None, language: str
    ) -> Root:
        """Answer a GET. Raises an Open311Problem."""
        asked.check_jurisdiction()
        if address.one is None:
            return await self._list(address.resource, asked, holder, language)
        return await self._one(address, holder, language)

    async def write(
        self, address: Address, asked: Parameters, holder: ApiKey, tongue: Tongue
    ) -> Root:
        """Answer a POST. Raises an Open311Problem, and what the slice refuses."""
        asked.check_jurisdiction()
        if address.resource == "requests":
            return await self._requesting.request(asked, holder, tongue)
        return await self._updating.update(asked, holder, tongue.written)

    async def _list(
        self, resource: str, asked: Parameters, holder: ApiKey | None, language: str
    ) -> Root:
        if resource == "services":
            return services(self._categories, language)
        if resource == "requests":
            async with self._listing:
                found = await self._search.found(asked, holder)
                return await self._rows.requests(found, language)
        if resource == "servicerequestupdates":
            async with self._listing:
                updates = await self._update_search.found(asked, holder)
                return await self._rows.updates(updates, language)
        if resource == "discovery":
            return discovery(self._public_url)
        raise NothingHere

    async def _one(self, address: Address, holder: ApiKey | None, language: str) -> Root:
        one = address.one or ""
        if address.resource == "services":
            return definition(self._categories, one, language)
        if address.resource == "requests":
            report = await self._search.one(one, holder)
            return await self._rows.requests([report], language)
        if address.resource == "tokens":
            return await self._token(one, holder)
        raise NothingHere

    async def _token(self, token: str, holder: ApiKey | None) -> Root:
        """Return the number of a token: services are in real time, so it is the number itself."""
        try:
            report = await self._search.one(token, holder)
        except UnknownServiceRequest as error:
            raise UnknownToken from error
        row = {"service_request_id": report.code, "token": report.code}
        return Listed("service_requests", "request", (row,))
