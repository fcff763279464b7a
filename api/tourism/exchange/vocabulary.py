"""Our kinds of place in schema.org's words, and schema.org's in ours (the table of docs/tourism.md)."""

from collections.abc import Mapping

from api.tourism.records import PlaceCategory

SCHEMA_ORG = "https://schema.org/"

TYPES_OF_CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "activity": ("TouristAttraction",),
    "archaeology": ("LandmarksOrHistoricalBuildings", "TouristAttraction"),
    "architecture": ("LandmarksOrHistoricalBuildings", "TouristAttraction"),
    "atm": ("AutomatedTeller",),
    "border": ("CivicStructure",),
    "cave": ("Landform", "TouristAttraction"),
    "church": ("Church", "TouristAttraction"),
    "food": ("Restaurant",),
    "fuel": ("GasStation",),
    "historical": ("LandmarksOrHistoricalBuildings", "TouristAttraction"),
    "hospital": ("Hospital",),
    "hot_spring": ("BodyOfWater", "TouristAttraction"),
    "lake": ("LakeBodyOfWater", "TouristAttraction"),
    "landmark": ("LandmarksOrHistoricalBuildings", "TouristAttraction"),
    "landscape": ("Landform", "TouristAttraction"),
    "lodging": ("LodgingBusiness",),
    "market": ("ShoppingCenter", "TouristAttraction"),
    "mountain": ("Mountain", "TouristAttraction"),
    "museum": ("Museum", "TouristAttraction"),
    "nature_reserve": ("Park", "TouristAttraction"),
    "park": ("Park",),
    "pass": ("Landform", "TouristAttraction"),
    "pharmacy": ("Pharmacy",),
    "temple": ("PlaceOfWorship", "TouristAttraction"),
    "tourist_help": ("TouristInformationCenter",),
    "town": ("City",),
    "trailhead": ("TouristAttraction",),
    "transport": ("CivicStructure",),
    "viewpoint": ("TouristAttraction",),
    "village": ("TouristDestination",),
    "waterfall": ("Waterfall", "TouristAttraction"),
    "wifi": ("CivicStructure",),
}

CATEGORIES_OF_TYPES: Mapping[str, str] = {
    "AutomatedTeller": "atm",
    "Hospital": "hospital",
    "MedicalClinic": "hospital",
    "Pharmacy": "pharmacy",
    "GasStation": "fuel",
    "TouristInformationCenter": "tourist_help",
    "Hotel": "lodging",
    "Hostel": "lodging",
    "BedAndBreakfast": "lodging",
    "Campground": "lodging",
    "LodgingBusiness": "lodging",
    "Restaurant": "food",
    "CafeOrCoffeeShop": "food",
    "FoodEstablishment": "food",
    "Church": "church",
    "City": "town",
    "BodyOfWater": "lake",
    "BuddhistTemple": "temple",
    "BusStation": "transport",
    "CatholicChurch": "church",
    "HinduTemple": "temple",
    "LakeBodyOfWater": "lake",
    "Landform": "landscape",
    "LandmarksOrHistoricalBuildings": "landmark",
    "Mountain": "mountain",
    "Museum": "museum",
    "Park": "park",
    "PlaceOfWorship": "temple",
    "ShoppingCenter": "market",
    "TouristAttraction": "landmark",
    "TouristDestination": "village",
    "TrainStation": "transport",
    "Waterfall": "waterfall",
    "Place": "landmark",
    "CivicStructure": "landmark",
}
"""The most telling type first: of several types of a node, the first in this order counts."""

NOT_PLACES = frozenset({"Dataset", "DataCatalog", "Organization", "AdministrativeArea"})
"""What may stand beside places in a document, and is passed over."""


def category_of(types: list[str]) -> str | None:
    """Return our kind of place for schema.org types, None when none of them is in the table."""
    return next((kind for name, kind in CATEGORIES_OF_TYPES.items() if name in types), None)


def types_of(category: PlaceCategory) -> list[str]:
    return list(TYPES_OF_CATEGORIES[category.value])
