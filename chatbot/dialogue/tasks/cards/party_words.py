"""Words about the people of a card: only me, me too, more of them, no children, and a question in passing.

Only read, never kept.
"""

from __future__ import annotations

import re

from dialogue.tasks.telltale_words import asks, holds

_ONLY_ME = re.compile(
    r"\b(chỉ|mỗi)( có| mỗi| một)?( mình)? (tôi|tui|tớ|mình|em|anh|chị|bác|cô|chú|cháu|con|ông|bà)\b|\bmình tôi\b|\b(một|có) mình\b"
    r"|^(không,? )?(cho |có )?(tôi|tui|tớ|mình|em)( thôi)?( ạ)?\W*$"
    r"|\b(just|only) (for )?(me|myself)\b|\bon my own\b|\bby myself\b|\b(i.?m|going|travel\w*) alone\b"
    r"|^(no,? )?(it.?s )?(for )?(me|myself|alone)( only| alone)?(,? please)?\W*$"
    r"|(就|只有?|仅|光)(是)?(给)?我(自己|本人)?(一个人|一人|用|去|买)?[吧。！!]*$|^(给)?我(自己|本人|一个人|一人)?[吧。！!]*$"
    r"|\b(juste|seulement|que|uniquement) (pour )?moi\b|\bmoi (tout seul|toute seule|seule?|seulement|uniquement)\b"
    r"|^(non,? )?(c.?est )?(pour )?moi\W*$"
    r"|(?<!하)(저|나)만|(저|나) ?혼자|^(아니요,? ?)?(혼자|저|나|본인)(만)?(요|예요|이에요|이요|입니다|서요)?\W*$"
    r"|(私|わたし|僕|俺|自分)(一人|ひとり|1人)?(だけ|のみ)|^(いいえ、?)?(私|わたし|僕|俺|自分|一人|ひとり)(の分)?(だけ)?(です)?\W*$"
)
_ONLY_ME_UNMARKED = re.compile(
    r"\b(chi|moi)( co| moi| mot)?( minh)? (toi|tui|minh|em)\b|\b(mot|co) minh\b|\bminh toi\b"
    r"|^(khong,? )?(cho |co )?(toi|tui|minh|em)( thoi)?( a)?\W*$"
)
_ME_WITH = re.compile(
    r"\b(tôi|tui|tớ|mình|em|anh|chị) (và|với|cùng) |\b(và|với) (tôi|tui|tớ|mình)\b|\b(i|me|myself) (and|plus|with) |\bme, (my|an?|one|two|\d)|\band (i|me|myself)\b"
    r"|我(和|跟|与|还有)|(和|跟|与)我|\bmoi (et|avec|plus) |\bet moi\b|\bmoi, |我、|私、|(저|나)(랑|와|하고)|(랑|와|하고) (저|나)"
    r"|(私|わたし|僕|俺|自分)と|と(私|わたし|僕|俺|自分)"
)
_ME_WITH_UNMARKED = re.compile(r"\b(toi|tui|minh) (va|voi|cung) |\b(va|voi) (toi|tui|minh)\b")
_MORE = re.compile(
    r"^\W*(and|plus|also|et|và|cộng|thêm)\b|\b(in addition|more|too|as well|en plus|de plus|aussi|thêm|nữa|cũng)\b"
    r"|^\W*(再|还|另|加|外加|以及|和)|再加|还有|加上|也|^\W*(그리고|또)|추가|(명|인|사람) ?더|도(요|요\.)?$"
    r"|^\W*(あと|それと|さらに)|追加|もう(一|二|三|\d)|(私|子供|子ども|妻|夫|人|名)も"
)
_MORE_UNMARKED = re.compile(r"^\W*(va|cong|them)\b|\b(them|nua)\b")
_NO_CHILDREN = re.compile(
    r"\b(no|without|not) (the |any )?(kids?|child(ren)?|bab(y|ies))\b|\b(không|ko) (có |kèm |đi cùng )?(trẻ|con|bé|cháu)\b"
    r"|(没有?|不带|无)(小?孩|孩子|儿童|小朋友)|\b(sans|pas d.?) ?(les )?enfants?\b"
    r"|(아이|애|어린이)들?(는|은|가|도)? ?(없|안 )|(子供|子ども|こども)(は|が|も)?(なし|無し|いな|いません)"
)
_NO_CHILDREN_UNMARKED = re.compile(r"\b(khong|ko) (co |kem |di cung )?(tre|con|be|chau)\b")
_CHANGES = re.compile(
    r"\b(make (it|that)|change|instead|rather|đổi|sửa|thành|plutôt|changer|mettre|mettez)\b|改|换成|바꿔|바꾸|변경|変更|にして"
)
_CHANGES_UNMARKED = re.compile(r"\b(doi|sua) (thanh|lai)\b")
_ASKS_IN_PASSING = re.compile(
    r"\b(discounts?|cheaper|reductions?|reduced|concessions?|half.price|free|giảm giá|ưu đãi|miễn phí)\b|优惠|打折|折扣|半价|免费"
    r"|便宜|réduction|réduit|gratuit|moins cher|할인|무료|반값|割引|割り引き|半額|無料|安く"
    r"|^(is|are|do|does|did|must|can|could|should|will|would)\b"
    r"|\b(không|khong|chưa|chua)( ạ| a| vậy| thế| nhỉ)?\W*$|\b(có phải|có cần|có được)\b|吗|有没有|是不是|要不要|能不能|需不需要"
    r"|-t-(il|elle|on)\b|\b(doivent|faut|peut|peuvent)-(ils|elles|il|on)\b|est-ce|습니까|인가요|나요|까요|되나|있나"
    r"|ですか|ますか|のか|でしょうか"
)
_ASKS_IN_PASSING_UNMARKED = re.compile(r"\b(giam gia|uu dai|mien phi|co phai|co can|co duoc)\b")


def says_only_me(text: str) -> bool:
    """Tell whether somebody buys for nobody else: "just me"."""
    return holds(text.strip(), _ONLY_ME, _ONLY_ME_UNMARKED)


def says_me_with(text: str) -> bool:
    """Tell whether the person who writes is one of several: "me and my wife"."""
    return holds(text, _ME_WITH, _ME_WITH_UNMARKED)


def says_more(text: str) -> bool:
    """Tell whether people come to those who were told before: "and one child"."""
    return holds(text, _MORE, _MORE_UNMARKED)


def says_no_children(text: str) -> bool:
    return holds(text, _NO_CHILDREN, _NO_CHILDREN_UNMARKED)


def asks_in_passing(text: str) -> bool:
    """Tell whether a message asks, and so tells nobody to buy for: "is there a discount for children?".

    "Could you make it three?" asks for a change.
    """
    if holds(text, _CHANGES, _CHANGES_UNMARKED):
        return False
    return asks(text) or holds(text, _ASKS_IN_PASSING, _ASKS_IN_PASSING_UNMARKED)
