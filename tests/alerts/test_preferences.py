"""What devices chose is heeded by warnings, but never by an extreme one."""

import pytest

from api.alerts.subjects import HAZARD_CODE
from api.kit.store import Store
from notifications.preferences import HazardKind, Preferences, WarningLevel
from tests.alerts.conftest import Door, Phones
from tests.alerts.messages import alert, info
from tests.notifications.factories import a_device, put


def of_hazard(*codes: str) -> str:
    pairs = (
        f"<eventCode><valueName>{HAZARD_CODE}</valueName><value>{code}</value></eventCode>"
        for code in codes
    )
    return "".join(pairs)


@pytest.fixture
async def chosen(store: Store, phones: Phones) -> Phones:
    await put(
        store,
        a_device(id="all"),
        a_device(id="no-fog", preferences=Preferences(frozenset({HazardKind.FOG}))),
        a_device(id="only-severe", preferences=Preferences(least=WarningLevel.SEVERE)),
    )
    return phones


@pytest.mark.parametrize(
    ("severity", "codes", "told"),
    [
        ("Moderate", ("fog",), {"all"}),
        ("Severe", ("fog",), {"all", "only-severe"}),
        ("Extreme", ("fog",), {"all", "only-severe", "no-fog"}),
        ("Moderate", ("hail",), {"all", "no-fog"}),
        ("Moderate", (), {"all", "no-fog"}),
        ("Moderate", ("fog", "hail"), {"all", "no-fog"}),
        ("Moderate", ("volcano",), {"all", "no-fog"}),
        ("Unknown", (), {"all", "only-severe", "no-fog"}),
    ],
)
async def test_who_is_told(
    door: Door, chosen: Phones, severity: str, codes: tuple[str, ...], told: set[str]
) -> None:
    block = info(severity=severity).replace("<expires>", of_hazard(*codes) + "<expires>")

    await door.accepts(alert(block))

    assert await chosen.names() == told


async def test_the_end_is_told_to_whoever_was_warned(door: Door, chosen: Phones) -> None:
    await door.accepts(alert(info(severity="Severe")))
    await chosen.names()
    clear = info(severity="Minor", response_type="AllClear")

    await door.accepts(
        alert(
            clear,
            identifier="flood-2",
            msg_type="Update",
            sent="2026-05-01T16:20:00+07:00",
            references="warnings@laocai.example,flood-1,2026-05-01T16:00:00+07:00",
        )
    )

    assert len((await chosen.told())["only-severe"]) == 2
