"""Outcomes a caller is expected to handle, as opposed to bugs."""

from enum import StrEnum
from typing import ClassVar

from api.kit.formats import number_text
from locales import SOURCE, Translator, translator


def N_(message: str) -> str:  # noqa: N802 - the gettext name for "mark, translate later"
    """Mark `message` for extraction; it is translated when shown, in the reader's language."""
    return message


class Dong(int):
    """An amount in a message's {fields}: its digits are grouped as the reader's language groups them."""


class DomainError(Exception):
    """An expected refusal. Subclasses set `code`, and `message`: a msgid whose {fields} are in `params`.

    {province} is none of them: the catalogs fill it in.

    The GraphQL edge turns it into a member of the mutation's result union, REST into a 4xx;
    anything else that is raised is a bug, masked from the client and logged.
    """

    code: ClassVar[StrEnum]
    message: ClassVar[str]

    def __init__(self, **params: object) -> None:
        self.params = params
        super().__init__(translator(SOURCE)(self.message).format(**params))

    def localized(self, translate: Translator) -> str:
        """Return the message in the language of `translate`."""
        params = {
            name: number_text(value, translate.language) if isinstance(value, Dong) else value
            for name, value in self.params.items()
        }
        return translate(self.message).format(**params)
