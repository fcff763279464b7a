"""Tells the administrators that an agency's certificate is about to expire."""

from collections.abc import Mapping
from typing import Any

import structlog

from api.alerts.administrators import AdministratorAlarms
from api.alerts.agency_keys import AgencyKeys
from api.alerts.signatures.certificates import AgencyCertificates
from api.alerts.signatures.expiry import EXPIRY_ALARM
from api.kit.errors import N_
from api.kit.jobs import Handler

TITLE = N_("An agency's certificate expires soon")
BODY = N_("The certificate {subject} of {agency} expires on {day}. Then its warnings are refused.")

log = structlog.get_logger()


class ExpiryAlarms:
    def __init__(
        self,
        certificates: AgencyCertificates,
        keys: AgencyKeys,
        alarms: AdministratorAlarms,
    ) -> None:
        self._certificates = certificates
        self._keys = keys
        self._alarms = alarms

    def handlers(self) -> dict[str, Handler]:
        return {EXPIRY_ALARM: self._alarm}

    async def _alarm(self, payload: Mapping[str, Any]) -> None:
        """Tell them, unless it was revoked, or the agency has one that signs longer."""
        certificate = await self._certificates.get(payload["certificate"])
        if certificate is None or certificate.revoked_at is not None:
            return
        agency = await self._keys.get(certificate.agency_id)
        is_over = agency is None or agency.revoked_at is not None
        if is_over or await self._certificates.is_succeeded(certificate):
            return
        log.warning("certificate expires soon", certificate=certificate.id, days=payload["days"])
        await self._alarms.tell(
            ("certificate", certificate.id, str(payload["days"])),
            TITLE,
            BODY,
            subject=certificate.subject,
            agency=agency.name if agency else "",
            day=f"{certificate.not_after:%Y-%m-%d}",
        )
