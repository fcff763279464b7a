"""The words people read for what they may wish for; msgids, translated when shown."""

from collections.abc import Mapping

from api.guide.planner.wishes import Interest
from api.kit.errors import N_

INTEREST_LABELS: Mapping[Interest, str] = {
    Interest.MARKETS: N_("Markets"),
    Interest.VILLAGES: N_("Villages"),
    Interest.TEMPLES: N_("Temples and churches"),
    Interest.HISTORY: N_("History"),
    Interest.LANDSCAPES: N_("Views and landscapes"),
    Interest.NATURE: N_("Lakes, waterfalls and caves"),
    Interest.HIKING: N_("Hiking"),
    Interest.HOT_SPRINGS: N_("Hot springs"),
    Interest.ADVENTURE: N_("Adventure"),
}
