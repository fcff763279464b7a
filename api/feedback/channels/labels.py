"""The words people read for our enumerations; msgids, translated when shown."""

from collections.abc import Mapping

from api.feedback.channels.records import Topic
from api.kit.errors import N_

TOPIC_LABELS: Mapping[Topic, str] = {
    Topic.ROAD_DAMAGE: N_("Damaged roads"),
    Topic.LANDSLIDE: N_("Landslides"),
    Topic.STREET_LIGHT: N_("Street lights"),
    Topic.WASTE: N_("Waste"),
    Topic.FLOODING: N_("Flooding"),
    Topic.WATER_SUPPLY: N_("Water supply"),
    Topic.POWER: N_("Electricity"),
    Topic.FALLEN_TREE: N_("Fallen trees"),
    Topic.POLLUTION: N_("Pollution and noise"),
    Topic.FOREST_FIRE: N_("Forest fires and felling"),
    Topic.TOURIST_SERVICES: N_("Overcharging of visitors"),
    Topic.FOOD_SAFETY: N_("Safety of food"),
    Topic.WEATHER: N_("Weather and storms"),
    Topic.HEALTH: N_("Health care"),
    Topic.TOURISM: N_("Tourism and festivals"),
    Topic.TRANSPORT: N_("Traffic and transport"),
    Topic.EDUCATION: N_("Schools"),
    Topic.ADMINISTRATION: N_("Public services and offices"),
    Topic.SECURITY: N_("Crime and safety"),
    Topic.OTHER: N_("Other matters"),
}
