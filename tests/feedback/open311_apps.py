"""Apps of Open311 and what they send, as tests of the door need them."""

from typing import Any

import httpx
import pytest

from api.feedback.reports.records import Report
from tests.feedback.desk_play import DeskPlay
from tests.feedback.open311_client import GeoReportClient, GeoReportRefusal
from tests.feedback.reporting import SA_PA

AT_SA_PA = {"lat": str(SA_PA["latitude"]), "long": str(SA_PA["longitude"])}
A_REQUEST = {"service_code": "waste", "description": "Rác chất đống ba ngày nay.", **AT_SA_PA}
BOTH = pytest.mark.parametrize("form", ["xml", "json"])


def an_app(http: httpx.AsyncClient, form: str, key: str | None = None) -> GeoReportClient:
    return GeoReportClient(http, "/open311/v2", form, key)


async def refused(asked: Any) -> tuple[int, str]:  # noqa: ANN401 - a call of the client
    """Return status and words of a refusal; its only error has the status as its code."""
    with pytest.raises(GeoReportRefusal) as caught:
        await asked
    (error,) = caught.value.errors
    assert error["code"] == caught.value.status
    return caught.value.status, error["description"]


async def an_app_report(app: GeoReportClient, play: DeskPlay) -> Report:
    """Let an app report something and return the report."""
    number = (await app.post_request(A_REQUEST))["service_request_id"]
    report = await play.services.feedback.reading.shown(number)
    assert report is not None
    return report
