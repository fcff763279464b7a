"""Names of roads, and the ways to write a numbered one: QL4D is "quốc lộ 4D", "4D号国道", "国道4D"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gazetteer.entry import Entry
from gazetteer.expanding import spellings
from gazetteer.names import read

_CODE = re.compile(r"^(QL|ĐT\.|CT\.)(\w+)$")
_WAYS_TO_WRITE = {
    "QL": (
        "(ql|qlo|quốc lộ|đường|đường ql) {n}",
        "(national road|national highway|highway|road|route|nr|rn|nh) (no|) {n}",
        "(route|) nationale {n}",
        "la [{n}]",
        "on [{n}]",
        "[{n}] (open|closed|is|ouverte|fermée|coupée)",
        "{n} road",
        "{n}(号|号线|)(国道|公路)",
        "(国道|ql){n}(号|号线|号線|)",
        "国道{n}(호선|)",
        "국도 {n} (호선|번|)",
        "{n}번 국도",
        "QL{n}(호선|번)",
    ),
    "ĐT.": (
        "(đt|dt|tl|tỉnh lộ|đường tỉnh|đường tỉnh lộ|đường|đường đt) {n}",
        "(provincial road|provincial route|road|route|pr) {n}",
        "(route départementale|route provinciale|provinciale|rp) {n}",
        "la [{n}]",
        "{n} road",
        "{n}(号|号线|)(省道|公路)",
        "(省道|县道){n}(号|号线|号線|)",
        "{n}(号線|号)",
        "지방도 {n} (호선|번|)",
        "{n}번 (도로|지방도)",
    ),
    "CT.": ("ct {n}", "(cao tốc|đường cao tốc|expressway|autoroute) ct {n}", "高速ct{n}"),
}


def roads(data: Path) -> Iterator[Entry]:
    """Yield all roads except those that are places."""
    places = roads_of_places(data)
    for road in read(data / "roads.json", "roads"):
        if road["names"]["vi"] in places:
            continue
        for name in road["names"].values():
            yield Entry(name, "road", road["code"], rank=1)
        if numbered := _CODE.match(road["code"]):
            yield Entry(road["code"], "road", road["code"])
            yield from _ways_to_write(road["code"], *numbered.groups())


def _ways_to_write(code: str, kind: str, number: str) -> Iterator[Entry]:
    for pattern in _WAYS_TO_WRITE[kind]:
        for spelling in spellings(pattern, {"n": number}):
            yield Entry(
                spelling.text,
                "road",
                code,
                rank=2,
                before=spelling.before,
                after=spelling.after,
            )


def roads_of_places(data: Path) -> dict[str, dict[str, Any]]:
    """Return the roads that are places too (mountain passes), by their Vietnamese names."""
    known = {place["names"]["vi"] for place in read(data / "places.json", "places")}
    named = ((road["names"]["vi"], road) for road in read(data / "roads.json", "roads"))
    return {name: road for name, road in named if name in known}
