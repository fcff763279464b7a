from typing import Annotated

import strawberry

from api.context import Info
from api.students.notices.preferences import LANGUAGES_AT_MOST, News, NoticeWishes, Wish
from api.students.student_error import StudentError

strawberry.enum(
    News,
    name="SchoolNews",
    description="What guardians are told. ABSENCE: unexplained, and what corrects it.",
)
strawberry.enum(Wish, name="SchoolNewsWish", description="DAILY: in one message in the evening.")


@strawberry.type(description="How you are told of one kind of news.")
class SchoolNotice:
    news: News
    wish: Wish


@strawberry.type(description="How you are told of a pupil.")
class SchoolNotices:
    notices: list[SchoolNotice]
    languages: list[str] = strawberry.field(
        description="BCP 47 tags, the best first; empty: as each of your phones is set."
    )

    @classmethod
    def of(cls, record: NoticeWishes) -> "SchoolNotices":
        return cls(
            notices=[SchoolNotice(news=news, wish=record.wish(news)) for news in News],
            languages=list(record.languages),
        )


@strawberry.input
class SchoolNoticeInput:
    news: News
    wish: Wish


@strawberry.input(description="What is left out is as it was at first.")
class SetSchoolNoticesInput:
    pupil_id: strawberry.ID
    notices: list[SchoolNoticeInput] = strawberry.field(default_factory=list)
    languages: list[str] = strawberry.field(
        default_factory=list,
        description=f"BCP 47 tags, the best first, at most {LANGUAGES_AT_MOST}; the first that we speak"
        " is taken.",
    )


@strawberry.type
class SetSchoolNoticesSuccess:
    notices: SchoolNotices


SetSchoolNoticesResult = Annotated[
    SetSchoolNoticesSuccess | StudentError, strawberry.union("SetSchoolNoticesResult")
]


@strawberry.type
class NoticesQuery:
    @strawberry.field(description="How you are told of a pupil. For her guardians.")
    async def school_notices(self, info: Info, pupil_id: strawberry.ID) -> SchoolNotices:
        found = await info.context.services.students.wishing.of(info.context.caller, pupil_id)
        return SchoolNotices.of(found)


@strawberry.type
class NoticesMutation:
    @strawberry.mutation(description="Say how you wish to be told of a pupil. For her guardians.")
    async def set_school_notices(
        self, info: Info, input: SetSchoolNoticesInput
    ) -> SetSchoolNoticesResult:
        found = await info.context.services.students.wishing.put(
            info.context.caller,
            input.pupil_id,
            {each.news: each.wish for each in input.notices},
            input.languages,
        )
        return SetSchoolNoticesSuccess(notices=SchoolNotices.of(found))
