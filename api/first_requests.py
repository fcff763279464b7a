"""What the first requests of a process would wait for, made before it takes any in.

Each is kept from then on. Whoever asked first would not wait alone: some of it keeps the event loop.
"""

from api.context import Services
from api.guide.search.service import SearchQuery
from api.kit.clock import system_clock
from api.kit.formats import moment_text
from locales import AVAILABLE, SOURCE, translator


async def prepare_for_requests(services: Services) -> None:
    """Read words and formats of every language, and index the places and all that can be found."""
    now = system_clock()
    for language in AVAILABLE:
        translator(language)(SOURCE)
        moment_text(now, language)
    await services.tourism.places.all_places()
    await services.guide.search.search(SearchQuery(SOURCE), SOURCE, first=1, after=None)
