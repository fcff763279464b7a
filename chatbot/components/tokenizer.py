"""One tokenizer for scripts with spaces and scripts without."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from gazetteer.folding import fold
from gazetteer.words import TOKEN


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class MultilingualTokenizer(Tokenizer):
    """Words of Latin scripts and Hangul, single characters of Han and kana.

    A token's lemma is its folded form, so that featurizers with `use_lemma` see "chợ" and "cho" as one.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        text = message.get(attribute)
        tokens = [
            Token(found.group(), found.start(), lemma=fold(found.group()))
            for found in TOKEN.finditer(text)
        ]
        return tokens or [Token(text, 0)]
