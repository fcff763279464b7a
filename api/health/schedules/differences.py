"""What has to change so that the places there are become those that are planned: pure rules.

Who has a place keeps it, at its time. A place that patients have but the plan has not, or has for
fewer, is closed: nobody else gets it, and the desk sees those patients as affected.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from api.health.slots.records import Slot


@dataclass(slots=True)
class Differences:
    """`reshaped` and `resized` hold what is planned, and the capacity that the place has now.

    `affected`: how many patients have a place that the plan has not for them.
    """

    new: list[Slot] = field(default_factory=list[Slot])
    reshaped: list[tuple[Slot, int]] = field(default_factory=list[tuple[Slot, int]])
    resized: list[tuple[Slot, int]] = field(default_factory=list[tuple[Slot, int]])
    closed: list[str] = field(default_factory=list[str])
    reopened: list[str] = field(default_factory=list[str])
    affected: int = 0

    @property
    def outdated(self) -> list[str]:
        """Return the ids of the places that are not as planned."""
        changed = [slot.id for slot, _ in (*self.reshaped, *self.resized)]
        return [*self.closed, *changed]


def differences(
    planned: Sequence[Slot], there: Sequence[Slot], ended_sessions: Collection[str]
) -> Differences:
    """Compare the places of one time; those of `ended_sessions` stay as the desk left them."""
    wanted = {slot.id: slot for slot in planned if slot.session_id not in ended_sessions}
    found = Differences()
    for slot in there:
        if slot.session_id not in ended_sessions:
            _compare(found, slot, wanted)
    known = {slot.id for slot in there}
    found.new = [slot for slot_id, slot in wanted.items() if slot_id not in known]
    return found


def patients_of(slot: Slot) -> int:
    """Return how many patients have a place, holds included."""
    return slot.capacity - slot.room


def _compare(found: Differences, slot: Slot, wanted: Mapping[str, Slot]) -> None:
    plan = wanted.get(slot.id)
    patients = patients_of(slot)
    fits = plan.capacity if plan else 0
    found.affected += max(0, patients - fits)
    if plan is None or patients > fits:
        if slot.is_open:
            found.closed.append(slot.id)
    elif patients == 0:
        if replace(plan, room=plan.capacity) != slot:
            found.reshaped.append((plan, slot.capacity))
    else:
        if plan.capacity != slot.capacity:
            found.resized.append((plan, slot.capacity))
        if not slot.is_open:
            found.reopened.append(slot.id)
