"""All rules over one item."""

from api.feedback.channels.records import NewItem, Understood
from api.feedback.channels.understanding.language import language_of
from api.feedback.channels.understanding.places import Places
from api.feedback.channels.understanding.sentiment import Sentiments
from api.feedback.channels.understanding.story import signature_of
from api.feedback.channels.understanding.topic import Topics


class Understanding:
    def __init__(self, topics: Topics, sentiments: Sentiments, places: Places) -> None:
        self._topics = topics
        self._sentiments = sentiments
        self._places = places

    async def of(self, item: NewItem) -> Understood:
        """Return what the rules make of an item as it is kept."""
        text = f"{item.title}\n{item.text}"
        language = language_of(text)
        names = await self._places.current()
        topic = self._topics.topic_of(text)
        return Understood(
            language=language,
            topic=topic,
            place=names.place_in(text),
            sentiment=self._sentiments.sentiment_of(text, language, topic),
            signature=signature_of(text),
        )
