"""Where somebody is: the commune of the phone's position, and what is near it.

Known by rule, for it is no intent of the classifier's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from typing_extensions import override

from dialogue.province import Asked
from dialogue.saying import Say, Shown, Step
from dialogue.task import Answering
from dialogue.tasks.places.find_nearby import near
from dialogue.tasks.places.whereabouts import Whereabouts
from dialogue.tasks.telltale_words import holds

INTENT = "where_am_i"
_END = r"[\s\W]*$"
_HEAD = r"(?:^\W*|[,.;!?]\s*|\b(?:biết|biet|hỏi|hoi|xem|ơi|oi|là|la|giờ|gio|nay|và|va|lạc|lac) )"
"""Before a pronoun: "quán mình ở đâu" asks for somebody's restaurant."""
_WHERE = r"(?:ở|đứng ở|đứng|o|dung o|dung) (?:đâu|dau|(?:chỗ|cho|xã|xa|phường|phuong|huyện|huyen) (?:nào|nao))"
_ASKS = re.compile(
    rf"\bwhere (?:exactly )?(?:am i|are we)(?: (?:now|right now|exactly|at|please|currently|standing))*{_END}"
    rf"|\bwhere i am(?: now)?{_END}|\bwhat(?:'s| is|’s) my (?:current )?(?:location|position)(?! in)\b"
    r"|\b(?:which|what) (?:commune|ward|district|town|village|place) (?:am i|are we) (?:in|at)\b|\bwhat place is this\b"
    rf"|{_HEAD}(?:tôi|toi|mình|minh|em|tớ|chúng ta|chung ta|chúng tôi|chung toi|bọn mình|bon minh)"
    rf" (?:đang |dang |hiện |hien )*{_WHERE}(?: (?:vậy|vay|thế|the|nhỉ|nhi|ạ|a|đây|day))*{_END}"
    r"|\b(?:đây|day) (?:là|la) (?:đâu|dau|(?:chỗ|cho|xã|xa|phường|phuong) (?:nào|nao))\b"
    rf"|我们?(?:现在|目前)?(?:是)?在(?:哪里?|哪儿|什么地方|哪个(?:镇|乡|坊|社|区))[啊呢呀]?{_END}"
    rf"|这(?:里|儿|边)?是(?:哪里?|哪儿|什么地方)[啊呢呀]?{_END}|我的(?:当前|现在的?)?位置(?:是|在)?(?:哪|什么)"
    r"|\boù (?:suis-je|sommes-nous|je suis|on est|est-ce que (?:je suis|nous sommes|on est))"
    rf"(?: (?:maintenant|exactement|là|actuellement))*{_END}|\b(?:je suis|on est) où{_END}"
    r"|\bquelle est ma position\b(?! dans)|quelle commune (?:suis-je|sommes-nous|je suis|on est)"
    r"|(?<![가-힣])(?:나|난|나는|내가|저|전|저는|제가|우리|우리가|우리는) ?(?:지금|현재)? ?어디(?:에|쯤)? ?"
    r"(?:있어|있는|있나|있지|있습니까|야|예요|에요|인가요|입니까|인지)|(?:내|제|현재) 위치(?:가|는)? ?어디"
    r"|(?<![가-힣])여기(?:가|는)? ?(?:어디|어느 (?:동네|마을|지역))"
    rf"(?:야|예요|에요|이에요|인가요|입니까|죠|지)?{_END}"
    rf"|ここ(?:は|って)?(?:一体)?どこ(?:ですか|なの|なんですか|だ|でしょうか|になりますか)?{_END}"
    r"|(?:私|僕|俺|わたし)(?:たち)?は?(?:今|いま)?、?どこに(?:いる|います)|^(?:今|いま)、?どこにい(?:る|ます)"
    r"|現在地(?:は|が)?(?:どこ|を教え)"
)
_ASKS_UNMARKED = re.compile(
    rf"\bou (?:suis-je|sommes-nous|je suis|on est)(?: (?:maintenant|exactement|la))*{_END}"
)


def asks_where_am_i(text: str) -> bool:
    """Tell whether somebody asks where they are: "where am I", and not "where am I to go"."""
    return holds(text, _ASKS, _ASKS_UNMARKED)


class WhereAmI(Answering):
    intent, title = INTENT, "title_where_am_i"

    @override
    async def answers(self, asked: Asked) -> Sequence[Say]:
        position = asked.turn.position
        if position is None:
            return [Say("utter_where_share", steps=[Step.SHARE_POSITION])]
        commune = (await asked.ask("tourism/Commune", at=position))["commune"]
        if commune is None:
            return [Say("utter_where_outside")]
        here = Say("utter_where_you_are", {"commune": commune["name"]["text"]})
        sights = await near(asked, Whereabouts(position), [])
        return [here, replace(sights, about=Shown("commune", commune["code"]))]
