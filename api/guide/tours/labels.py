"""The words people read for where they are on a tour; msgids, translated when shown."""

from collections.abc import Mapping

from api.guide.tours.guiding import GuideState, Turn
from api.kit.errors import N_

STATE_LABELS: Mapping[GuideState, str] = {
    GuideState.TELLING: N_("You have arrived. Here is the story of this place."),
    GuideState.ON_THE_WAY: N_("You are on the way to the next stop."),
    GuideState.OFF_THE_WAY: N_(
        "You have left the way of this tour. Turn back towards the next stop."
    ),
    GuideState.UNCERTAIN: N_(
        "Your phone does not know well enough where you are. Please wait for a better position."
    ),
    GuideState.FINISHED: N_("You have heard the whole tour. Thank you for walking with us."),
}

TURN_LABELS: Mapping[Turn, str] = {
    Turn.AHEAD: N_("straight ahead"),
    Turn.RIGHT: N_("on your right"),
    Turn.BEHIND: N_("behind you"),
    Turn.LEFT: N_("on your left"),
}
