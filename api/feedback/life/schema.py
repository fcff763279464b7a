from datetime import datetime

import strawberry

from api.context import Info
from api.feedback.agencies.schema import ReportAgency, agency_of
from api.feedback.contract_enums import Move, Mover, RefusalReason, ReportState
from api.feedback.labels import REFUSAL_LABELS
from api.feedback.life.steps import Step, Words
from api.feedback.reports.public_text import public_text
from api.media.schema import ShownMedia


@strawberry.type(description="What somebody wrote, and what a machine makes of it for you.")
class TranslatedText:
    text: str = strawberry.field(description="The original; always show it.")
    language: str = strawberry.field(description="BCP 47 tag of the original.")

    @strawberry.field(description="In the reader's language; null when there is none to be had.")
    async def translation(self, info: Info) -> str | None:
        target = info.context.language
        if self.language == target:
            return None
        machine = info.context.services.feedback.translation
        return await machine.translated(self.text, self.language, target)

    @classmethod
    def of(cls, text: str, language: str, *, is_public: bool) -> "TranslatedText":
        """Return it as it was written, or for everybody to read: without numbers and addresses."""
        return cls(
            text=public_text(text) if is_public else text,
            language=language,
        )


@strawberry.type(description="Why a report was refused.")
class ReportRefusal:
    code: RefusalReason
    message: str = strawberry.field(description="`code` in the reader's language.")

    @classmethod
    def of(cls, reason: RefusalReason | None, info: Info) -> "ReportRefusal | None":
        if reason is None:
            return None
        return cls(code=reason, message=info.context.translate(REFUSAL_LABELS[reason]))


@strawberry.type(description="One step in the history of a report.")
class ReportStep:
    move: Move
    state: ReportState = strawberry.field(description="After the step.")
    by: Mover
    agency: ReportAgency = strawberry.field(description="Who had the report then.")
    at: datetime
    words: TranslatedText | None
    refusal: ReportRefusal | None
    to_agency: ReportAgency | None = strawberry.field(description="Of REROUTE.")
    other_code: str | None = strawberry.field(description="Of MERGE and UNMERGE.")
    level: int | None = strawberry.field(description="Of ESCALATE: how high, 1 to 3.")
    photo_ids: strawberry.Private[tuple[str, ...]]

    @strawberry.field(description="Of FIX: what proves it.")
    async def photos(self, info: Info) -> list[ShownMedia]:
        return await shown_photos(self.photo_ids, info)

    @classmethod
    def of(cls, step: Step, info: Info, *, is_public: bool) -> "ReportStep":
        return cls(
            move=step.move,
            state=step.state,
            by=step.mover,
            agency=agency_of(step.agency_id, info),
            at=step.at,
            words=_words(step.words, is_public=is_public),
            refusal=ReportRefusal.of(step.refusal, info),
            to_agency=agency_of(step.to_agency, info) if step.to_agency else None,
            other_code=step.other_code,
            level=step.level,
            photo_ids=step.photos,
        )


async def shown_photos(photo_ids: tuple[str, ...], info: Info) -> list[ShownMedia]:
    """Return the photos that are still there."""
    load = info.context.loader(info.context.services.media.library.linked)
    return [ShownMedia.of(one) for one in await load.load_many(photo_ids) if one]


def _words(words: Words | None, *, is_public: bool) -> TranslatedText | None:
    if words is None:
        return None
    return TranslatedText.of(words.text, words.language, is_public=is_public)
