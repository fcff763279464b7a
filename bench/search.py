"""One search over 20,000 documents in six languages, beside a floor and a peer in the same run.

Ours is the whole of `search`, up to twenty results with what answers marked in them. The floor compares the folded query with every folded name (rapidfuzz's WRatio), as a first version
of such a search would. The peer is SQLite's FTS5 over the same folded names with prefixes: fast,
and without any forgiveness. Names are made of the province's own, so that words are as common as
they are here. Run: `python -m bench.search`.
"""

import argparse
import asyncio
import random
import resource
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator, Sequence

from rapidfuzz import fuzz, process
from rich.console import Console
from rich.table import Table

from api.guide.search.service import SearchQuery, SearchService
from api.kit.clock import system_clock
from api.kit.folding import fold, words
from api.kit.search.catalog import SearchCatalogs
from api.kit.search.documents import SearchDocument
from api.kit.search.index import Entry
from api.tourism.content_files import SHIPPED_CONTENT, read_content
from api.tourism.records import Commune
from bench.machine import described_machine

DOCUMENTS = 20_000
GOAL_MILLISECONDS = 30
Search = Callable[[str], object]


def entries(count: int, seed: int) -> list[Entry]:
    """Return the real places, and places with names and surroundings mixed from theirs."""
    content = read_content(SHIPPED_CONTENT)
    chance = random.Random(seed)
    communes = {commune.code: commune for commune in content.communes}
    real = [
        Entry(
            place.id,
            dict.fromkeys((*place.names.values(), *place.other_names), 1.0),
            _around(communes[place.commune_code]) if place.commune_code else {},
        )
        for place in content.places
    ]
    everywhere = list(communes.values())
    mixed: list[Entry] = []
    for number in range(count - len(real)):
        first, second = chance.sample(content.places, 2)
        names = {
            f"{_part(first.names[tag], chance)} {_part(second.names.get(tag, ''), chance)} {number % 97}": 1.0
            for tag in first.names
        }
        mixed.append(Entry(f"M{number:05}", names, _around(chance.choice(everywhere))))
    return real + mixed


def _around(commune: Commune) -> dict[str, float]:
    return dict.fromkeys((*commune.names.values(), *commune.former_names), 0.5)


def _part(name: str, chance: random.Random) -> str:
    cut = name.split()
    start = chance.randrange(len(cut)) if cut else 0
    return " ".join(cut[start : start + 2])


def queries(count: int, seed: int) -> Iterator[tuple[str, str]]:
    """Yield kinds and texts: as written, without marks, begun, misspelt, in other scripts, and hostile."""
    content = read_content(SHIPPED_CONTENT)
    chance = random.Random(seed)
    for number in range(count):
        place = chance.choice(content.places)
        vietnamese, english = place.names["vi"], place.names.get("en", place.names["vi"])
        kind = ("exact", "folded", "begun", "misspelt", "other script", "hostile")[number % 6]
        text = {
            "exact": vietnamese,
            "folded": fold(english),
            "begun": fold(vietnamese)[: chance.randint(2, 8)],
            "misspelt": _misspelt(fold(english), chance),
            "other script": place.names.get(chance.choice(("zh-Hans", "ko", "ja")), vietnamese),
            "hostile": " ".join(
                "".join(chance.choices("aceghinotu", k=chance.randint(5, 12))) for _ in range(12)
            )[:100],
        }[kind]
        yield kind, text


def _misspelt(text: str, chance: random.Random) -> str:
    place = chance.randrange(max(1, len(text) - 1))
    return text[:place] + text[place + 1 :][:1] + text[place : place + 1] + text[place + 2 :]


class _Made:
    """A SearchSource of what was made."""

    def __init__(self, made: Sequence[Entry]) -> None:
        self._documents = [
            SearchDocument("place", it.id, it, {"vi": next(iter(it.names))}, "Place") for it in made
        ]

    async def search_version(self) -> str | None:
        return "1"

    async def search_documents(self) -> Sequence[SearchDocument]:
        return self._documents


def ours(service: SearchService, loop: asyncio.AbstractEventLoop) -> Search:
    return lambda text: loop.run_until_complete(
        service.search(SearchQuery(text), "en", first=20, after=None)
    )


def floor(names: Sequence[str]) -> Search:
    return lambda text: process.extract(fold(text), names, scorer=fuzz.WRatio, limit=20)


def peer(rows: Sequence[tuple[int, str]]) -> Search:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE names USING fts5(name, prefix='2 3 4')")
    connection.executemany("INSERT INTO names(rowid, name) VALUES (?, ?)", rows)

    def search(text: str) -> object:
        asked = " ".join(f'"{word}"*' for word in words(text)) or '""'
        return connection.execute(
            "SELECT rowid FROM names WHERE names MATCH ? ORDER BY rank LIMIT 20", (asked,)
        ).fetchall()

    return search


def measured(search: Search, asked: Sequence[tuple[str, str]]) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {}
    for kind, text in asked:
        start = time.perf_counter()
        search(text)
        milliseconds = (time.perf_counter() - start) * 1_000
        taken.setdefault(kind, []).append(milliseconds)
        taken.setdefault("all", []).append(milliseconds)
    return taken


def percentile(values: Sequence[float], percent: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=DOCUMENTS)
    parser.add_argument("--queries", type=int, default=600)
    options = parser.parse_args()
    made = entries(options.documents, seed=4)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    service = SearchService(SearchCatalogs([_Made(made)], system_clock))
    loop = asyncio.new_event_loop()
    loop.run_until_complete(service.search(SearchQuery("sapa"), "en", first=20, after=None))
    built = time.perf_counter() - start
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    folded = [(row, fold(name)) for row, entry in enumerate(made) for name in entry.names]
    engines: dict[str, Search] = {
        "ours": ours(service, loop),
        "floor: every name": floor([name for _, name in folded]),
        "peer: FTS5": peer(list(enumerate(name for _, name in folded))),
    }
    asked = list(queries(options.queries, seed=5))
    table = Table(title=f"One search over {len(made):,} documents, milliseconds")
    for column in ("query", "engine", "p50", "p95", "p99", "most"):
        table.add_column(column, justify="left" if column in {"query", "engine"} else "right")
    results = {
        name: measured(search, asked if name == "ours" else asked[:120])
        for name, search in engines.items()
    }
    for kind in results["ours"]:
        for name, taken in results.items():
            values = taken[kind]
            marks = (percentile(values, 50), percentile(values, 95), percentile(values, 99))
            table.add_row(kind, name, *(f"{it:.2f}" for it in (*marks, max(values))))
    console = Console(width=110)
    console.print(table)
    most = percentile(results["ours"]["all"], 95)
    console.print(
        f"built in {built:.1f} s, {grown:.0f} MB at its peak; p95 {most:.1f} ms, goal {GOAL_MILLISECONDS}"
    )
    console.print(described_machine())


if __name__ == "__main__":
    main()
