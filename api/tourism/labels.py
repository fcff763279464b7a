"""The words people read for our enumerations; msgids, translated when shown."""

from collections.abc import Mapping

from api.kit.errors import N_
from api.tourism.records import CommuneKind, PictureLicence, PlaceCategory, WifiAccess

CATEGORY_LABELS: Mapping[PlaceCategory, str] = {
    PlaceCategory.ACTIVITY: N_("Activity"),
    PlaceCategory.ARCHAEOLOGY: N_("Archaeological site"),
    PlaceCategory.ARCHITECTURE: N_("Historic building"),
    PlaceCategory.ATM: N_("Cash machine"),
    PlaceCategory.BORDER: N_("Border crossing"),
    PlaceCategory.CAVE: N_("Cave"),
    PlaceCategory.CHURCH: N_("Church"),
    PlaceCategory.FOOD: N_("Food and drink"),
    PlaceCategory.FUEL: N_("Petrol station"),
    PlaceCategory.HISTORICAL: N_("Historical site"),
    PlaceCategory.HOSPITAL: N_("Hospital"),
    PlaceCategory.HOT_SPRING: N_("Hot spring"),
    PlaceCategory.LAKE: N_("Lake"),
    PlaceCategory.LANDMARK: N_("Landmark"),
    PlaceCategory.LANDSCAPE: N_("Landscape"),
    PlaceCategory.LODGING: N_("Place to stay"),
    PlaceCategory.MARKET: N_("Market"),
    PlaceCategory.MOUNTAIN: N_("Mountain"),
    PlaceCategory.MUSEUM: N_("Museum"),
    PlaceCategory.NATURE_RESERVE: N_("Nature reserve"),
    PlaceCategory.PARK: N_("City park"),
    PlaceCategory.PASS: N_("Mountain pass"),
    PlaceCategory.PHARMACY: N_("Pharmacy"),
    PlaceCategory.TEMPLE: N_("Temple"),
    PlaceCategory.TOURIST_HELP: N_("Tourist help centre"),
    PlaceCategory.TOWN: N_("Town"),
    PlaceCategory.TRAILHEAD: N_("Trailhead"),
    PlaceCategory.TRANSPORT: N_("Station or terminal"),
    PlaceCategory.VIEWPOINT: N_("Viewpoint"),
    PlaceCategory.VILLAGE: N_("Village"),
    PlaceCategory.WATERFALL: N_("Waterfall"),
    PlaceCategory.WIFI: N_("Public Wi-Fi"),
}

COMMUNE_KIND_LABELS: Mapping[CommuneKind, str] = {
    CommuneKind.WARD: N_("Ward"),
    CommuneKind.COMMUNE: N_("Commune"),
}

WIFI_LABELS: Mapping[WifiAccess, str] = {
    WifiAccess.OPEN: N_("Choose the network {ssid}; no password is needed."),
    WifiAccess.PASSWORD: N_("Choose the network {ssid} and type the password {password}."),
    WifiAccess.PORTAL: N_(
        "Choose the network {ssid}, then open your browser and follow the page that appears."
    ),
}

LICENCE_LABELS: Mapping[PictureLicence, str] = {
    PictureLicence.CC0: N_("No rights reserved (CC0)"),
    PictureLicence.CC_BY_4_0: N_("Attribution (CC BY 4.0)"),
    PictureLicence.CC_BY_SA_4_0: N_("Attribution, share alike (CC BY-SA 4.0)"),
    PictureLicence.BY_PERMISSION: N_("Shown with the author's permission"),
}

LICENCE_ADDRESSES: Mapping[PictureLicence, str] = {
    PictureLicence.CC0: "https://creativecommons.org/publicdomain/zero/1.0/",
    PictureLicence.CC_BY_4_0: "https://creativecommons.org/licenses/by/4.0/",
    PictureLicence.CC_BY_SA_4_0: "https://creativecommons.org/licenses/by-sa/4.0/",
}
