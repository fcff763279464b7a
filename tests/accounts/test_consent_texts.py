"""What people agree to: complete in six languages, and never changed once it was published."""

import re

import pytest

from api.accounts.privacy.purposes import ConsentPurpose, all_versions, current_texts
from locales import AVAILABLE

PUBLISHED = {
    # Purpose, version, and the first digits of the digest in each language of AVAILABLE.
    ("LOCATION", 1): "7dbcb86c4bca c260505c9303 4d17bca0f450"
    " 2acbfdea97cf 68e2e4cfc98f f52a38128bd8",
    ("EXACT_LOCATION", 1): "740d18a16a86 360976ff77cf ce4919645b43"
    " 878111ccbc0a e448fe8fac7e 755ccf006db7",
    ("IDENTITY_PAPERS", 1): "6a847c60bb92 24c1948d38a6 87dfdb0ff08c"
    " 8693ff726ac8 db5416cc21f9 9231f5100dca",
    ("HEALTH", 1): "f783e9b62395 6d0f04f1b1cf 3af8019749ca a9d6250eb97d 86298c75312c c8c12485c96a",
    ("EMERGENCY_CARD", 1): "031907f4e344 bb31a7945146 425a4e2cb677"
    " 9dce08650a6e c349c852cd86 a96f9c179017",
    ("STUDENT_RECORD", 1): "9416f7a08a31 12cb0e7fac31 cc25b3b9a1b6"
    " 162404322a22 34bfefe7c841 5b1f6aa56f40",
    ("PHOTOS", 1): "bd44f8b68274 5a8cab290287 ef7a3816365e 36e732594006 589240d2f610 dc286f8e24c2",
    ("PHOTOS", 2): "c04cffcc3392 21de4b7e6660 c6f16733fbdb b419ef2961f9 c08b51d9895b ae0d73108c7c",
    ("PHOTOS", 3): "95990db7242f a4c3dc6c7843 a3841ed6fc85 8a07414ed46f 398a2b4a8ab2 1b542b701dc8",
    ("CHAT_HANDOFF", 1): "126da5377c89 b3b4d2bf33e6 82b796040360"
    " d5af3184d710 2f4383e8b995 0ea1348fc81b",
    ("CHAT_HANDOFF", 2): "41429e2c4bfe cb47562838eb f5515762fd34"
    " ea6f3cf2bcab 135389058b55 77b97b2d3c3f",
    ("ACCESSIBILITY_NEEDS", 1): "476293d14688 15248d202f73 a6c80000ae17"
    " 16b80f2a6eaf 23e537e41a6d bc35f004355e",
}


@pytest.mark.parametrize("purpose", ConsentPurpose)
def test_every_text_is_there_in_every_language(purpose: ConsentPurpose) -> None:
    for texts in all_versions(purpose):
        assert tuple(texts) == AVAILABLE
        assert len({text.title for text in texts.values()}) == len(AVAILABLE)
        assert all(len(text.text.split("\n\n")) == 2 for text in texts.values())
        assert all("91/2025/QH15" in text.text for text in texts.values())


@pytest.mark.parametrize("purpose", ConsentPurpose)
def test_figures_are_the_same_in_every_language(purpose: ConsentPurpose) -> None:
    texts = current_texts(purpose).values()

    figures = {text.language: sorted(re.findall(r"\d+", text.text)) for text in texts}

    assert all(found == figures["vi"] for found in figures.values()), figures


@pytest.mark.parametrize("purpose", ConsentPurpose)
def test_versions_count_up_and_none_counts_before_it_was_there(purpose: ConsentPurpose) -> None:
    versions = [next(iter(texts.values())) for texts in all_versions(purpose)]

    assert [text.version for text in versions] == list(range(1, len(versions) + 1))
    assert all(1 <= text.counts_since <= text.version for text in versions)


def test_what_was_published_has_not_changed() -> None:
    """A text that is to say something else is a new version: add it, and its digests here."""
    found = {
        (purpose.name, number): " ".join(text.digest[:12] for text in texts.values())
        for purpose in ConsentPurpose
        for number, texts in enumerate(all_versions(purpose), 1)
    }

    assert found == PUBLISHED


def test_photos_are_agreed_to_knowing_that_what_was_hidden_may_be_seen_by_clerks() -> None:
    """Blurring keeps the photo as it was: whoever read that nobody sees it did not agree to that."""
    text = current_texts(ConsentPurpose.PHOTOS)["en"]

    assert text.counts_since == 3
    assert "clerks see it only when they give a reason" in text.text


def test_a_chat_is_shown_knowing_what_of_it_is_seen_and_until_when() -> None:
    """Whoever read of 30 days, and that the desk reads what they wrote, did not agree to this."""
    text = current_texts(ConsentPurpose.CHAT_HANDOFF)["en"]

    assert text.counts_since == 2
    assert "What you wrote to the assistant is not kept" in text.text
    assert "deleted 24 hours after the talk with the desk has ended" in text.text
