"""Which commune or former district a text names: the longest of our names in it, without marks and case.

A name of the province itself says nothing. Names that are ordinary words need "xã" or "phường" before
them; former names, of which many towns of the country have one alike, need capitals or that.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from api.feedback.channels.records import Place
from api.feedback.channels.understanding.phrases import folded_tokens
from api.kit.clock import Clock
from api.kit.folding import fold
from api.kit.fresh_copy import FreshCopy
from api.tourism.content_files import Content
from api.tourism.records import Commune
from api.tourism.repository import TourismRepository

_KINDS = ("xa", "phuong", "thi tran", "huyen", "thi xa", "thanh pho", "tp")
_KINDS_BEHIND = frozenset("坊社동면")
"""Of wards and communes in Chinese, Korean and Japanese, which people leave out."""
_KINDS_OF_SPOTS = ("dinh", "nui", "deo", "thung lung", "ban", "ruong bac thang")
_PROVINCES = frozenset({"lao cai", "yen bai"})
_ORDINARY = frozenset(
    {"hanh phuc", "trung tam", "yen binh", "phuc loi", "che tao", "mo vang", "cao son", "gia hoi"}
)
"""Happiness, centre, peaceful, welfare, to manufacture, gold mine, high mountain, joining in."""
_DISTRICT = re.compile(r"((?:huyện|thị xã|thành phố) .+?)(?: và | \(|,|$)")
_WORD = re.compile(r"[^\W_]+")
_ONE_WORD_AT_LEAST = 7
_JOINED_AT_LEAST = 4


@dataclass(frozen=True, slots=True)
class _Alias:
    place: Place
    needs_capitals: bool


@dataclass(slots=True)
class _Aliases:
    """What names stand for while they are gathered; the first of two that claim a name has it."""

    known: dict[tuple[str, ...], _Alias]

    def add(self, name: str, place: Place, *, needs_capitals: bool = False) -> None:
        tokens = tuple(folded_tokens(name))
        is_long = len(tokens) > 1 or len("".join(tokens)) >= _ONE_WORD_AT_LEAST
        if is_long and " ".join(tokens) not in _PROVINCES | _ORDINARY:
            self.known.setdefault(tokens, _Alias(place, needs_capitals))


class PlaceNames:
    """The names of one version of the content."""

    def __init__(self, content: Content) -> None:
        communes = {one.code: _place(one) for one in content.communes}
        aliases = _Aliases({})
        for one in content.communes:
            _add_commune(aliases, one, communes[one.code])
        for district in _districts(content.communes):
            aliases.add(district.names["vi"], district)
            aliases.add(_bare(fold(district.names["vi"])), district)
        for one in content.communes:
            for name in one.former_names:
                aliases.add(name, communes[one.code])
                aliases.add(_bare(fold(name)), communes[one.code], needs_capitals=True)
        for spot in content.places:
            if spot.commune_code in communes:
                for name in (*spot.names.values(), *spot.other_names):
                    aliases.add(name, communes[spot.commune_code])
                bare = _bare(fold(spot.names.get("vi", "")), _KINDS_OF_SPOTS)
                aliases.add(bare, communes[spot.commune_code])
        self._aliases: Mapping[tuple[str, ...], _Alias] = aliases.known
        self._longest = max(map(len, self._aliases), default=0)
        self.places = {
            **communes,
            **{one.key: one for one in _districts(content.communes)},
        }

    def place_in(self, text: str) -> Place | None:
        """Return what the longest name stands for, of several as long the first; None for no name."""
        tokens = list(_capital_tokens(text))
        for length in range(min(self._longest, len(tokens)), 0, -1):
            for start in range(len(tokens) - length + 1):
                part = tokens[start : start + length]
                alias = self._aliases.get(tuple(token for token, _ in part))
                if alias and (
                    not alias.needs_capitals or all(is_capital for _, is_capital in part)
                ):
                    return alias.place
        return None


class Places:
    """Gives the names of the content that the store holds now."""

    def __init__(self, repository: TourismRepository, clock: Clock) -> None:
        self._repository = repository
        self._copy = FreshCopy(self._refreshed, clock)

    async def current(self) -> PlaceNames:
        return (await self._copy.current()).names

    async def _refreshed(self, latest: "_Versioned | None") -> "_Versioned":
        version = await self._repository.content_version()
        while latest is None or latest.version != version:
            latest = _Versioned(version, PlaceNames(await self._repository.content()))
            version = await self._repository.content_version()
        return latest


@dataclass(frozen=True, slots=True)
class _Versioned:
    version: str | None
    names: PlaceNames


def _place(commune: Commune) -> Place:
    return Place(commune.code, commune.names, (commune.code,))


def _add_commune(aliases: _Aliases, commune: Commune, place: Place) -> None:
    bare = _bare(fold(commune.names.get("vi", "")))
    for name in commune.names.values():
        aliases.add(name, place)
        if name[-1:] in _KINDS_BEHIND and bare not in _PROVINCES:
            aliases.add(name[:-1], place)
    aliases.add(bare, place)
    joined = bare.replace(" ", "")
    if " " in bare and len(joined) >= _JOINED_AT_LEAST and bare not in _PROVINCES | _ORDINARY:
        aliases.known.setdefault((joined,), _Alias(place, needs_capitals=False))  # #sapa


def _bare(name: str, kinds: tuple[str, ...] = _KINDS) -> str:
    """Return a folded name without the kind of unit before it."""
    for kind in kinds:
        if name.startswith(f"{kind} "):
            return name.removeprefix(f"{kind} ")
    return name


def _districts(communes: Iterable[Commune]) -> list[Place]:
    """Return the former districts, each with the communes that lie mainly in it now."""
    codes: defaultdict[str, list[str]] = defaultdict(list)
    for commune in communes:
        named = _DISTRICT.match(commune.former_district or "")
        if named is not None:
            codes[named[1]].append(commune.code)
    return [
        Place("-".join(folded_tokens(name)), {"vi": name}, tuple(of_it))
        for name, of_it in codes.items()
    ]


def _capital_tokens(text: str) -> Iterable[tuple[str, bool]]:
    for word in _WORD.findall(text):
        for token in folded_tokens(word):
            yield token, word[0].isupper()
