"""An app sends a service request: it becomes a report like every other, of a reporter of whom nothing is known.

Names, addresses and telephone numbers that come along are kept nowhere: apps ask what became of it, and
tell their people themselves. A link to a photo is refused and never fetched.
"""

from dataclasses import dataclass
from typing import Any

from api.feedback.categories.category import CategoryLibrary
from api.feedback.open311.api_keys import ApiKey
from api.feedback.open311.documents import Listed
from api.feedback.open311.errors import (
    InvalidParameter,
    MediaUrlNotTaken,
    PositionMissing,
    UnknownServiceCode,
)
from api.feedback.open311.parameters import Parameters
from api.feedback.reports.content import NewReport
from api.feedback.reports.records import Reporter, ReporterKind, Visibility
from api.feedback.reports.submitting import Origin, Submitting
from api.kit.clock import Clock
from api.kit.errors import N_
from api.kit.idempotency import Idempotency
from api.kit.ids import derived_id, new_id
from locales import translator

ACCURACY_METRES = 100.0
"""GeoReport does not tell how exact a position is."""
DEVICE_CHARACTERS_AT_MOST = 200
_NOTICE = N_("Keep this number: with it everybody can follow what becomes of it.")


@dataclass(frozen=True, slots=True)
class Tongue:
    """`read`: one of ours, in which the client is answered; `written`: of the texts that it sends."""

    read: str
    written: str


class Requesting:
    def __init__(
        self,
        submitting: Submitting,
        categories: CategoryLibrary,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._submitting = submitting
        self._categories = categories
        self._idempotency = idempotency
        self._clock = clock

    async def request(self, asked: Parameters, holder: ApiKey, tongue: Tongue) -> Listed:
        """Take a request in; the same form again within two days is answered with the same number.

        Raises an Open311Problem, and what `Submitting.submit_from` raises.
        """
        new = self._new(asked, tongue.written)
        origin = Origin(Reporter(ReporterKind.APP, holder.id), "", tongue.read, _device(asked))
        form = {**new.asked(), "captured": None, "device": origin.device}
        key = derived_id("open311 request", holder.id, *map(str, form.values()))

        async def work() -> dict[str, Any]:
            # A key of its own: by the form's, a report of months ago would be taken for this one.
            return {"code": (await self._submitting.submit_from(origin, new, new_id())).code}

        scope = origin.reporter.key
        result = await self._idempotency.once(scope, "open311Request", key, form, work)
        row = {
            "service_request_id": result["code"],
            "service_notice": translator(tongue.read)(_NOTICE),
            "account_id": None,
        }
        return Listed("service_requests", "request", (row,))

    def _new(self, asked: Parameters, language: str) -> NewReport:
        service_code = asked.needed("service_code")
        if service_code not in self._categories.categories:
            raise UnknownServiceCode
        position = asked.position()
        if position is None:
            raise PositionMissing
        if asked.text("media_url") is not None:
            raise MediaUrlNotTaken
        return NewReport(
            category=service_code,
            position=position,
            accuracy_metres=ACCURACY_METRES,
            captured_at=self._clock(),
            text=asked.needed("description"),
            photos=(),
            visibility=Visibility.ANONYMOUS,
            language=language,
            display_name=None,
            answers=asked.attributes(),
        )


def _device(asked: Parameters) -> str | None:
    device = asked.text("device_id")
    if device is not None and len(device) > DEVICE_CHARACTERS_AT_MOST:
        raise InvalidParameter(name="device_id")
    return device
