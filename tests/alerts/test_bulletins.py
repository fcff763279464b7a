"""Events of one message that share a place: it is worked out once."""

from dataclasses import dataclass, field

from api.alerts.bulletins import Communes, bulletins_of
from api.alerts.cap_reader import read_message
from api.context import Services
from api.kit.area import Area
from tests.alerts.messages import AROUND_BAC_HA, SA_PA_CODE, alert, area, geocode, info, polygon
from tests.conftest import NOW


@dataclass(slots=True)
class CountingCommunes:
    """Counts how often the area of communes is put together."""

    communes: Communes
    asked: list[frozenset[str]] = field(default_factory=list[frozenset[str]])

    @property
    def codes(self) -> frozenset[str]:
        return self.communes.codes

    def touching(self, area: Area) -> frozenset[str]:
        return self.communes.touching(area)

    def area_of(self, codes: frozenset[str]) -> Area:
        self.asked.append(codes)
        return self.communes.area_of(codes)


def test_events_at_one_place_share_what_was_worked_out(services: Services) -> None:
    communes = CountingCommunes(services.communes)
    events = [
        info(event=f"Lũ {number}", areas=area(geocode("GSO", SA_PA_CODE))) for number in range(5)
    ]
    elsewhere = info(event="Gió", areas=area(polygon(AROUND_BAC_HA)))

    bulletins = bulletins_of(read_message(alert(*events, elsewhere)), NOW, communes)

    assert len(bulletins) == 6
    assert communes.asked == [{SA_PA_CODE}]
    assert len({bulletin.reach for bulletin in bulletins}) == 2
