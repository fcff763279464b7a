"""Devices in the store."""

from collections.abc import Collection as AnyOf
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from api.kit.geo import InvalidPosition, Position
from api.kit.readable import Sifted, log_broken, readable, sift
from api.kit.store import (
    CollectionSpec,
    Document,
    DuplicateKey,
    Filter,
    Index,
    Sort,
    Store,
    Update,
    WriteConflict,
)
from notifications.devices import (
    ACCURACY_METRES_AT_MOST,
    ANCESTOR_RESOLUTIONS,
    EXACT_KEPT_FOR,
    POSITION_KEPT_FOR,
    CoarsePosition,
    Device,
    DeviceProfile,
    ExactPosition,
    Platform,
    Registration,
    RegistrationKind,
    is_coarse_cell,
)
from notifications.preferences import EVERYTHING, HazardKind, Preferences, WarningLevel
from notifications.quiet_hours import HOME_TIME_ZONE, QuietHours, is_known_zone

RETIRED_KEPT_SECONDS = 30 * 24 * 3600
NOTICED_WITHIN = timedelta(minutes=10)
"""By then, looks for newcomers (notifications.newcomers) have seen a change."""

DEVICES = CollectionSpec(
    "devices",
    (
        Index(("registration_digest",), unique=True),
        Index(("cell", "_id")),
        *(Index((f"cell_{resolution}", "cell")) for resolution in ANCESTOR_RESOLUTIONS),
        Index(("home_communes",), many=True),
        Index(("updated_at", "_id")),
        Index(("position_observed_at",)),
        Index(("exact.observed_at",)),
        Index(("person_id",)),
        Index(("linked_at",)),
        Index(("retired_at",), expire_after_seconds=RETIRED_KEPT_SECONDS),
    ),
)
_FIRST_MOMENT, _NO_MOMENT = datetime(1970, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_HAZARDS = {kind.value: kind for kind in HazardKind}
_NOT_RETIRED = {"retired_at": None, "retired_because": None}
_FREE: Update = {
    "$set": {"person_id": None, "session_id": None, "linked_at": None},
    "$inc": {"version": 1},
}


class RegistrationInUse(Exception):
    """Another device has this registration."""


@dataclass(frozen=True, slots=True)
class FoundDevices:
    """By their ids those that can be read. `broken`: those that are there and cannot be."""

    devices: Mapping[str, Device]
    broken: frozenset[str]


@dataclass(frozen=True, slots=True)
class ChangedDevices:
    """A page of them. `behind`: from where to go on, None where there are no more."""

    devices: Sequence[Device]
    broken: frozenset[str]
    behind: tuple[datetime, str] | None


class DeviceRepository:
    """All device queries, and the only place that knows the documents' shape."""

    def __init__(self, store: Store) -> None:
        self._devices = store[DEVICES]

    async def get(self, device_id: str) -> Device | None:
        document = await self._devices.get(device_id)
        return _device(document) if document else None

    async def get_many(self, device_ids: Sequence[str]) -> dict[str, Device]:
        """Return those that are there and can be read, by their ids."""
        found = await self._devices.get_many(device_ids)
        return {device.id: device for device in readable(found.values(), _device, "device")}

    async def find_many(self, device_ids: Sequence[str]) -> FoundDevices:
        """Return those that are there, and which of them cannot be read, which is not logged here."""
        found = await self._devices.get_many(device_ids)
        return _found(sift(found.values(), _device))

    async def put(self, device: Device) -> Device:
        """Store `device`, in place of the one of the same registration if there is one.

        That one keeps its id and its birthday, so that what is queued for it still arrives. It is
        linked to nobody then: whoever registers may be another person.
        Returns what was stored. Raises WriteConflict when a second phone call was faster.
        """
        document = _document(device)
        del document["_id"], document["created_at"], document["version"], document["renewals"]
        stored = await self._devices.update_one(
            {"registration_digest": device.profile.registration.digest},
            {"$set": document, "$inc": {"version": 1, "renewals": 1}},
        )
        if stored is not None:
            return _device(stored)
        try:
            await self._devices.insert(_document(device))
        except DuplicateKey as error:
            raise WriteConflict from error
        return device

    async def change(self, seen: Device, profile: DeviceProfile, now: datetime) -> Device | None:
        """Replace the profile unless the device changed since it was `seen`; None when it did.

        Raises RegistrationInUse.
        """
        changes = {**_profile_fields(profile), "updated_at": now, "blurred_at": None}
        added = {"version": 1}
        if profile.registration != seen.profile.registration:
            # Linked by this registration from now on: what its person may have missed is looked up again.
            changes |= {**_NOT_RETIRED, "linked_at": now if seen.person_id else None}
            added |= {"renewals": 1}
        try:
            stored = await self._devices.update_one(
                {"_id": seen.id, "version": seen.version}, {"$set": changes, "$inc": added}
            )
        except DuplicateKey as error:
            raise RegistrationInUse from error
        return _device(stored) if stored else None

    async def remove(self, device_id: str, secret_digest: str) -> bool:
        """Forget the device; False when there is none of this id and secret."""
        removed = await self._devices.delete_one({"_id": device_id, "secret_digest": secret_digest})
        return removed is not None

    async def link(
        self, device: Device, person_id: str, session_id: str, now: datetime
    ) -> Device | None:
        """Make a device a person's, in a session; None when it has gone or was registered anew."""
        linked = await self._devices.update_one(
            {"_id": device.id, "secret_digest": device.secret_digest},
            {
                "$set": {"person_id": person_id, "session_id": session_id, "linked_at": now},
                "$inc": {"version": 1},
            },
        )
        return _device(linked) if linked else None

    async def unlink(self, person_id: str, device_id: str) -> bool:
        """Make a device nobody's; False when it is none of this person's."""
        unlinked = await self._devices.update_one({"_id": device_id, "person_id": person_id}, _FREE)
        return unlinked is not None

    async def unlink_all(self, person_id: str, session_id: str | None = None) -> None:
        """Make devices nobody's: all of a person's, or those in one session."""
        await self._devices.update_many(_linked(person_id, session_id), _FREE)

    async def linked(self, person_id: str, session_id: str | None = None) -> list[Device]:
        """Return the devices of a person, or those in one session, the first registered first."""
        found = await self._devices.find(_linked(person_id, session_id), sort=[("created_at", 1)])
        return [_device(document) for document in found]

    async def linked_to(self, person_ids: AnyOf[str]) -> FoundDevices:
        """Return the devices of all these people, and which of them cannot be read."""
        found = await self._devices.find({"person_id": {"$in": list(person_ids)}})
        sifted = sift(found, _device)
        log_broken(sifted.broken, "device")
        return _found(sifted)

    async def people_linked_since(self, moment: datetime) -> frozenset[str]:
        """Return who has signed in on a device since, or has one with another registration since.

        A device is linked without a change of its own.
        """
        counted = await self._devices.count_by("person_id", {"linked_at": {"$gte": moment}})
        return frozenset(one for one in counted if one is not None)

    async def remove_linked(self, person_id: str) -> None:
        """Forget all devices of a person."""
        await self._devices.delete_many(_linked(person_id, None))

    async def retire(self, tried: Mapping[str, int], reason: str, now: datetime) -> None:
        """Stop sending to these devices, unless they were registered anew since they had so many renewals."""
        gone = {"retired_at": now, "retired_because": reason, "updated_at": now, **_NOWHERE}
        await self._mark(tried, gone)

    async def note_rejected(self, tried: Mapping[str, int], now: datetime) -> None:
        """Note that FCM would not have what was sent to these devices at so many renewals; others than are retired.

        In the transaction that notes the outcomes: a device that is registered anew at that very moment
        is written by both, so that one of the two sees the other (no look is told what neither has seen).
        """
        await self._mark(tried, {"rejected_at": now})

    async def _mark(self, tried: Mapping[str, int], fields: Document) -> None:
        by_renewals: dict[int, list[str]] = {}
        for device_id, renewals in tried.items():
            by_renewals.setdefault(renewals, []).append(device_id)
        for renewals, device_ids in by_renewals.items():
            # None in what was kept before renewals were counted.
            counted = {"$in": [renewals, None]} if renewals == 0 else renewals
            wanted: Filter = {"_id": {"$in": device_ids}, "renewals": counted}
            await self._devices.update_many(wanted, {"$set": fields})

    async def forget_positions(self, now: datetime) -> int:
        """Remove the positions that are too old to say anything; return how many.

        It counts as a change: a fan-out that began before looks at these devices once more.
        """
        old: Filter = {"position_observed_at": {"$lte": now - POSITION_KEPT_FOR}}
        return await self._blur(old, _NOWHERE, now)

    async def forget_exact_positions(self, now: datetime) -> int:
        """Remove the exact positions that are too old to rule anything out; return how many."""
        old: Filter = {"exact.observed_at": {"$lte": now - EXACT_KEPT_FOR}}
        return await self._blur(old, {"exact": None}, now)

    async def _blur(self, old: Filter, fields: Document, now: datetime) -> int:
        """Forget where old positions are, and note that nothing else changed, unless something just did."""
        forgotten = {**fields, "updated_at": now}
        lately: Filter = {**old, "updated_at": {"$gt": now - NOTICED_WITHIN}}
        changed = await self._devices.update_many(lately, {"$set": forgotten})
        blurred = {"$set": {**forgotten, "blurred_at": now}}
        return changed + await self._devices.update_many(old, blurred)

    async def forget_positions_of(self, person_id: str, now: datetime) -> None:
        """Remove where a person's devices are; joins the open transaction."""
        await self._forget(person_id, _NOWHERE, now)

    async def forget_exact_positions_of(self, person_id: str, now: datetime) -> None:
        """Leave only the cells of where a person's devices are; joins the open transaction."""
        await self._forget(person_id, {"exact": None}, now)

    async def _forget(self, person_id: str, fields: Document, now: datetime) -> None:
        await self._devices.update_many(
            _linked(person_id, None),
            {"$set": {**fields, "updated_at": now}, "$inc": {"version": 1}},
        )

    async def cells_in_use(self, resolution: int, ancestors: AnyOf[str]) -> list[str]:
        """Return the cells of devices filed under these larger cells."""
        return await self._cells({f"cell_{resolution}": {"$in": list(ancestors)}})

    async def all_cells_in_use(self) -> list[str]:
        return await self._cells({"cell": {"$exists": True}})

    async def in_cells(
        self, cells: AnyOf[str], after: tuple[str, str] | None, limit: int
    ) -> list[Device]:
        """Return devices in these cells by (cell, id), from behind `after`."""
        return await self._page({"cell": {"$in": list(cells)}}, [("cell", 1)], after, limit)

    async def at_home_in(self, commune: str, after: str | None, limit: int) -> list[Device]:
        """Return devices that call `commune` home by id, from behind the id `after`."""
        return await self._page({"home_communes": commune}, (), (after,) if after else None, limit)

    async def all_behind(self, after: str | None, limit: int) -> list[Device]:
        """Return devices by id, from behind the id `after`; retired ones too."""
        return await self._page({}, (), (after,) if after else None, limit)

    async def changed_since(
        self, moment: datetime, after: tuple[datetime, str] | None, limit: int
    ) -> list[Device]:
        """Return devices by (time of last change, id), from behind `after`."""
        return await self._page({"updated_at": {"$gte": moment}}, [("updated_at", 1)], after, limit)

    async def changes_since(
        self, moment: datetime, after: tuple[datetime, str] | None, limit: int
    ) -> ChangedDevices:
        """Return the same, and who changed but cannot be read."""
        wanted: Filter = {"updated_at": {"$gte": moment}}
        found = await self._devices.find(wanted, sort=[("updated_at", 1)], after=after, limit=limit)
        sifted = sift(found, _device)
        log_broken(sifted.broken, "device")
        is_last = len(found) < limit
        behind = None if is_last else (found[-1]["updated_at"], found[-1]["_id"])
        return ChangedDevices(sifted.readable, frozenset(sifted.broken), behind)

    async def _page(
        self, filter: Filter, sort: Sort, after: Sequence[object] | None, limit: int
    ) -> list[Device]:
        """Return a whole page of those that can be read, unless there are no more."""
        # Retired devices are not filtered out here: an engine might read them all by that index.
        page: list[Device] = []
        while len(page) < limit:
            wanted = limit - len(page)
            found = await self._devices.find(filter, sort=sort, after=after, limit=wanted)
            page += readable(found, _device, "device")
            if len(found) < wanted:
                break
            after = (*(found[-1][path] for path, _ in sort), found[-1]["_id"])
        return page

    async def _cells(self, filter: Filter) -> list[str]:
        counted = await self._devices.count_by("cell", filter)
        return [cell for cell in counted if cell is not None]


def _found(sifted: Sifted[Device]) -> FoundDevices:
    return FoundDevices({one.id: one for one in sifted.readable}, frozenset(sifted.broken))


def _document(device: Device) -> Document:
    return {
        "_id": device.id,
        "secret_digest": device.secret_digest,
        **_profile_fields(device.profile),
        "created_at": device.created_at,
        "updated_at": device.updated_at,
        "version": device.version,
        "retired_at": device.retired_at,
        "retired_because": device.retired_because,
        "person_id": device.person_id,
        "session_id": device.session_id,
        "linked_at": None,
        "blurred_at": device.blurred_at,
        "renewals": device.renewals,
    }


def _linked(person_id: str, session_id: str | None) -> Filter:
    in_session = {} if session_id is None else {"session_id": session_id}
    return {"person_id": person_id, **in_session}


def _profile_fields(profile: DeviceProfile) -> Document:
    quiet = profile.quiet_hours
    return {
        "registration_kind": profile.registration.kind.value,
        "registration": profile.registration.value,
        "registration_digest": profile.registration.digest,
        "platform": profile.platform.value,
        "language": profile.language,
        "quiet_hours": quiet
        and {
            "start": quiet.start.isoformat("minutes"),
            "end": quiet.end.isoformat("minutes"),
            "time_zone": quiet.time_zone,
        },
        "home_communes": sorted(profile.home_communes),
        "muted_hazards": sorted(profile.preferences.muted),
        "least_level": profile.preferences.least.value,
        **_position_fields(profile.position),
        "exact": profile.exact and _exact_fields(profile.exact),
    }


def _exact_fields(exact: ExactPosition) -> Document:
    return {
        "latitude": exact.position.latitude,
        "longitude": exact.position.longitude,
        "accuracy_metres": exact.accuracy_metres,
        "observed_at": exact.observed_at,
    }


def _position_fields(position: CoarsePosition | None) -> Document:
    return {
        "cell": position and position.cell,
        **{
            f"cell_{resolution}": position and position.ancestor(resolution)
            for resolution in ANCESTOR_RESOLUTIONS
        },
        "position_observed_at": position and position.observed_at,
    }


_NOWHERE: Document = {**_position_fields(None), "exact": None}


def _device(document: Document) -> Device:
    return Device(
        id=document["_id"],
        secret_digest=document["secret_digest"],
        profile=DeviceProfile(
            registration=Registration(
                RegistrationKind(document["registration_kind"]), document["registration"]
            ),
            platform=Platform(document["platform"]),
            language=document["language"],
            quiet_hours=_quiet_hours(document["quiet_hours"]),
            home_communes=_communes(document["home_communes"]),
            position=_coarse(document),
            exact=_exact(document.get("exact")),
            preferences=_preferences(document),
        ),
        created_at=document["created_at"],
        updated_at=document["updated_at"],
        version=document["version"],
        retired_at=document["retired_at"],
        retired_because=document["retired_because"],
        person_id=document.get("person_id"),
        session_id=document.get("session_id"),
        blurred_at=document.get("blurred_at"),  # none in what was kept before
        renewals=int(document.get("renewals", 0)),
    )


def _coarse(document: Document) -> CoarsePosition | None:
    """Return it. What no area could be asked about is not read, so that no question breaks on it."""
    if not document["cell"]:
        return None
    if not is_coarse_cell(document["cell"]):
        raise ValueError("no cell")
    return CoarsePosition(document["cell"], _moment(document["position_observed_at"]))


def _exact(fields: Document | None) -> ExactPosition | None:
    if fields is None:
        return None
    try:
        position = Position(float(fields["latitude"]), float(fields["longitude"]))
        accuracy = int(fields["accuracy_metres"])
    except (InvalidPosition, TypeError, ValueError):
        # Neither what it says nor what comes of it: that would be logged, and is of where somebody is.
        raise ValueError("no position") from None
    if not 0 <= accuracy <= ACCURACY_METRES_AT_MOST:
        raise ValueError("no accuracy")
    return ExactPosition(position, accuracy, _moment(fields["observed_at"]))


def _moment(value: object) -> datetime:
    """Return it, where the index of all devices has a number for it (notifications.device_rows)."""
    if not isinstance(value, datetime) or not _FIRST_MOMENT <= value < _NO_MOMENT:
        raise ValueError("no moment")
    return value


def _communes(values: Iterable[object]) -> frozenset[str]:
    codes = frozenset(value for value in values if isinstance(value, str))
    if len(codes) < len(frozenset(values)):
        raise ValueError("no commune")
    return codes


def _preferences(document: Document) -> Preferences:
    if "least_level" not in document:  # kept before there were preferences
        return EVERYTHING
    # A kind that we no longer know mutes nothing, as a warning of an unknown kind is muted by nobody.
    muted = (_HAZARDS.get(value) for value in document["muted_hazards"])
    known = frozenset(kind for kind in muted if kind is not None)
    return Preferences(known, WarningLevel(document["least_level"]))


def _quiet_hours(fields: Document | None) -> QuietHours | None:
    if fields is None:
        return None
    # One document must not stop a warning to everybody else: a zone we no longer know is home's.
    zone = fields["time_zone"] if is_known_zone(fields["time_zone"]) else HOME_TIME_ZONE
    return QuietHours(time.fromisoformat(fields["start"]), time.fromisoformat(fields["end"]), zone)
