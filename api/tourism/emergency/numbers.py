"""The national emergency numbers, in the order in which a visitor most likely needs them.

112 is search and rescue in Vietnam (decision 226/QĐ-TTg of 2016), and no number for everything. The province has
no hotline of its own that we could confirm.
"""

from dataclasses import dataclass

from api.kit.errors import N_


@dataclass(frozen=True, slots=True)
class EmergencyNumber:
    """`name`, `when` and `call`: msgids; who answers, for what, and the words of a button."""

    number: str
    name: str
    when: str
    call: str

    @property
    def url(self) -> str:
        return f"tel:{self.number}"


EMERGENCY_NUMBERS = (
    EmergencyNumber(
        "112",
        N_("National search and rescue"),
        N_("Landslides, floods and other disasters; somebody lost. Free, day and night."),
        N_("Call 112, search and rescue"),
    ),
    EmergencyNumber(
        "115",
        N_("Ambulance"),
        N_("Somebody is badly hurt or ill."),
        N_("Call 115, ambulance"),
    ),
    EmergencyNumber(
        "114",
        N_("Fire and rescue police"),
        N_("A fire, or somebody who is trapped."),
        N_("Call 114, fire and rescue police"),
    ),
    EmergencyNumber(
        "113",
        N_("Police"),
        N_("A crime, a traffic accident, violence in public."),
        N_("Call 113, police"),
    ),
    EmergencyNumber(
        "111",
        N_("National child helpline"),
        N_("A child is in danger or is being abused."),
        N_("Call 111, the helpline for children"),
    ),
)
