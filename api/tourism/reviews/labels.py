"""The words people read for our enumerations; msgids, translated when shown."""

from collections.abc import Mapping

from api.kit.errors import N_
from api.tourism.reviews.records import Fault

FAULT_LABELS: Mapping[Fault, str] = {
    Fault.SPAM: N_("It advertises something, or was sent in bulk."),
    Fault.OFF_TOPIC: N_("It is not about a visit to this place."),
    Fault.PERSONAL_DATA: N_("It tells who somebody is, or how to reach them."),
    Fault.ABUSE: N_("It insults or threatens somebody."),
    Fault.FALSE: N_("It tells something that is not true."),
    Fault.OTHER: N_("There is another reason: see the note."),
}
