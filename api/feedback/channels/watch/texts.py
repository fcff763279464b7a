"""What clerks read on a locked phone of the channels: topics, places and counts, never words of an item."""

from collections.abc import Mapping

from api.feedback.channels.labels import TOPIC_LABELS
from api.feedback.channels.records import Place, Topic
from api.kit.errors import N_
from api.kit.formats import number_text
from api.kit.localized import best_language
from locales import AVAILABLE, translator
from notifications.notice import Text

SPIKE_TITLE = N_("Many write about: {topic}")
SPIKE_TITLE_WITH_PLACE = N_("Many write about: {topic} ({place})")
SPIKE_BODY = N_("Posts and press items within an hour: {count}. Usual at this time: {usual}.")
DIGEST_TITLE = N_("What was written about the province")
DIGEST_BODY = N_("Posts and press items since yesterday morning: {count}. Read them at the desk.")
DIGEST_BODY_FAILING = N_(
    "Posts and press items since yesterday morning: {count}. Sources without an answer for a day: {failing}."
)


def spike_texts(topic: Topic, place: Place | None, count: int, usual: float) -> dict[str, Text]:
    """Return the notice in each of our languages."""
    return {one: _spike_text(one, topic, place, count, usual) for one in AVAILABLE}


def digest_texts(count: int, failing: int) -> dict[str, Text]:
    """Return the notice in each of our languages."""
    sentence = DIGEST_BODY_FAILING if failing else DIGEST_BODY
    return {
        one: Text(
            translator(one)(DIGEST_TITLE),
            translator(one)(sentence).format(
                count=number_text(count, one), failing=number_text(failing, one)
            ),
        )
        for one in AVAILABLE
    }


def name_of(names: Mapping[str, str], language: str) -> str:
    return names[best_language(names, language) or "vi"]


def _spike_text(language: str, topic: Topic, place: Place | None, count: int, usual: float) -> Text:
    translate = translator(language)
    title = SPIKE_TITLE_WITH_PLACE if place else SPIKE_TITLE
    return Text(
        translate(title).format(
            topic=translate(TOPIC_LABELS[topic]),
            place=name_of(place.names, language) if place else "",
        ),
        translate(SPIKE_BODY).format(
            count=number_text(count, language), usual=number_text(round(usual), language)
        ),
    )
