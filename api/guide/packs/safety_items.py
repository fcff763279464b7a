"""What a phone without a network needs besides: numbers to call, and the days off that hours speak of."""

from collections.abc import Callable, Iterable, Iterator

from api.guide.packs.items import PackItem, told
from api.guide.packs.scope import PackScope
from api.tourism.emergency.numbers import EMERGENCY_NUMBERS
from api.tourism.opening.holidays import HolidayCalendar
from locales import translator


class SafetyItems:
    """A PackSource, whose items change only with the product itself."""

    def __init__(self, holidays: HolidayCalendar) -> None:
        self._holidays = holidays

    async def pack_version(self) -> str:
        return ""

    async def pack_items(self, scope: PackScope, language: str) -> Callable[[], Iterable[PackItem]]:
        return lambda: [*_numbers(language), *self._days_off(language)]

    def _days_off(self, language: str) -> Iterator[PackItem]:
        for day, names in self._holidays.names.items():
            yield PackItem(f"holiday/{day.isoformat()}", {"name": told(names, language)})


def _numbers(language: str) -> Iterator[PackItem]:
    translate = translator(language)
    for rank, number in enumerate(EMERGENCY_NUMBERS, 1):
        yield PackItem(
            f"emergency/{number.number}",
            {
                "label": translate(number.call),
                "name": translate(number.name),
                "when": translate(number.when),
                "url": number.url,
                "rank": rank,
            },
        )
