"""Words that tell apart what one intent holds: a card that is lost, one that does not scan, an absence to tell.

Only read, never kept. Vietnamese is often written without marks, so its words are looked for in both spellings.
"""

from __future__ import annotations

import re
import unicodedata

_LOST = re.compile(
    r"\b(lost|lose|losing|stolen|missing|can.?t find|cannot find)\b"
    r"|mất(?! (bao|mấy))|thất lạc|đánh rơi|làm rơi"
    r"|丢|遗失|不见了|被偷|挂失|perdu|perte|volée?\b|égaré"
    r"|잃어|잃었|분실|도난|なくし|無くし|失くし|紛失|落とし|盗ま"
)
_LOST_UNMARKED = re.compile(r"\b(bi|lam|danh) mat\b|\bmat (the|roi)\b|that lac|danh roi|lam roi")
_UNREAD = re.compile(
    r"\bscan|(doesn|does not|won|not)\W?t? (read|work)\b"
    r"|扫不|无法扫|刷不|读不出|识别不|无法识别|scann|ne (marche|fonctionne|passe) pas|illisible"
    r"|스캔|인식|찍히지|안 찍|읽히지|読み取|スキャン|反応し"
)
_UNREAD_UNMARKED = re.compile(r"\bquet\b|khong (doc|nhan) (duoc|the)|khong nhan dien|bi loi")
_TELLS = re.compile(
    r"\b(report|excuse|notify|inform)\b|请假|signaler|excuser|prévenir|결석 ?신고|欠席(し|さ|届|の連絡)|休ませ|休みます"
)
_TELLS_UNMARKED = re.compile(r"\bxin (phep|nghi|cho)\b|\bbao (nghi|vang|om)\b")
_ILL = re.compile(
    r"\b(sick|ill|unwell|fever|flu|malade|fièvre|grippe)\b|生病|病了|发烧|发热|感冒|아파|아프|열이|감기|独감|독감|病気|熱が|風邪"
)
_ILL_UNMARKED = re.compile(r"\b(om|benh|sot|cam cum)\b")
_AWAY = re.compile(
    r"\b(absent|absente|absence|stays? home|staying home|not coming|won.?t (come|be)|can.?t come)\b"
    r"|不去上学|不能上学|不来|결석|못 가|欠席|休む"
)
_AWAY_UNMARKED = re.compile(r"\b(nghi hoc|vang mat|khong (di|den) (hoc|truong)|nghi)\b")
_THERE = re.compile(
    r"\b(around|near|by|at|to|about) (it|there|that)\b|\bthere\?*$|\b(road|weather|warnings?|market|hotels?) there\b"
    r"|(ở|chỗ|nơi|gần|quanh|tại) (đó|đấy)|\blà-bas\b|\bà côté\b|\bautour\b|那里|那儿|那边|那附近|它"
    r"|거기|그곳|그 근처|그 주변|そこ|その近く|そちら|あそこ"
)
_THERE_UNMARKED = re.compile(r"\b(o|cho|noi|gan|quanh|tai) do\b|la-bas")
_SIGNED_IN = re.compile(
    r"\b(signed|logged) in\b|đăng nhập (rồi|xong)|(đã|vừa) đăng nhập|登录(好|完|成功)?了|已登录|已经登录"
    r"|(suis|viens de me|bien) connecté|connecté maintenant|me connecter$|로그인 ?(했|됐|완료|하였)|ログイン(しました|した|済|完了|できました)"
)
_SIGNED_IN_UNMARKED = re.compile(
    r"dang nhap (roi|xong)|\b(da|vua) dang nhap|(suis|viens de me|bien) connecte"
)
_INSURED = re.compile(r"insur|bảo hiểm|bhyt|医保|保险|\bassur(ance|é)|보험|保険")
_INSURED_UNMARKED = re.compile(r"bao hiem|bhyt|\bassurance|\bsuis assuree?\b")
_UNINSURED = re.compile(
    r"\b(without|no|not|don.?t|pay (it )?myself|self.?pay|cash)\b|không|chưa có|tự trả|tự túc|不用|没|自费|sans"
    r"|pas d|moi-même|없이|없어|없습|없는|안 |자비|なし|無し|ない|ありません|使わ|使いません|自費|実費"
)
_UNINSURED_UNMARKED = re.compile(r"\b(khong|chua co|tu tra|tu tuc)\b|dich vu")
_PARTS = re.compile(r"[,.;:!…\n，。、；：！]")
_IS_IT_POSSIBLE = re.compile(r"\b(được |duoc )?(không|khong)\b[^\w]*(ạ|a)?\W*$")
_NO_FIRST = re.compile(
    r"\s*((no|nope|not|không( phải)?|khong( phai)?|ko|non)\b|不(是|对|要)?|아니(요|에요|오|야)?|いいえ|いや|違(い|う))"
)
_QUESTION = re.compile(
    r"[?？]|^(is|was|has|did|are)\b|\b(chưa|chua)\b|\b(không|khong)\W*$|est-ce|-t-(il|elle)\b"
    r"|吗|了没|ですか|ますか|ましたか|나요|까요|했어|갔어"
)

_NO_EMERGENCY = re.compile(
    r"\b(no|not an?|isn.?t an?|not any) (real )?emergency\b|\bfalse alarm\b|\b(nobody|no one) is (hurt|in danger)\b"
    r"|không phải (là )?(ca )?(cấp cứu|khẩn cấp)|không có gì (nguy hiểm|khẩn cấp|nghiêm trọng)|báo nhầm"
    r"|不是(紧急|急救|急事|求救|救命)|没有?(什么)?(危险|人受伤|紧急)|pas (une |d.)urgence|rien (de grave|d.urgent)|fausse alerte"
    r"|(응급|긴급|비상|위급)(한)? ?(상황|상태)?(은|이|가)? ?(아니|아닙|아녜)|(緊急|急病|救急)(では|じゃ)(ない|なく|あり)"
)
_NO_EMERGENCY_UNMARKED = re.compile(
    r"khong phai (la )?(ca )?(cap cuu|khan cap)|khong co gi (nguy hiem|khan cap|nghiem trong)|bao nham"
)


def says_no_emergency(text: str) -> bool:
    return holds(text, _NO_EMERGENCY, _NO_EMERGENCY_UNMARKED)


_UNHURT = re.compile(r"\b(nobody|no one) is (hurt|in danger)\b|没有?(什么)?人受伤")


def says_unhurt(text: str) -> bool:
    """Tell whether somebody says that nobody is hurt, or in danger: a house may burn all the same."""
    return holds(text, _UNHURT, _UNHURT)


def besides_no_emergency(text: str) -> str:
    """Return what else a message says that says that it is no emergency."""
    said = unicodedata.normalize("NFC", text).casefold()
    rest = _NO_EMERGENCY.sub("", said)
    return rest if rest != said else _NO_EMERGENCY_UNMARKED.sub("", without_marks(said))


_ASKS = re.compile(
    r"\b(what|which|when|where|who|how|is there|are there|can i|do i|nào|gì|bao giờ|bao nhiêu|mấy|đâu|thế nào|ra sao"
    r"|quand|quel(le)?s?|où|combien|comment|y a-t-il|est-ce)\b|[?？]|吗|什么|哪|几|怎么|多少|何时"
    r"|뭐|무엇|무슨|어디|언제|어느|어때|어떻|얼마|나요|까요|何|いつ|どこ|どの|どう|いくら|ですか|ますか"
)
_ASKS_UNMARKED = re.compile(r"\b(nao|bao gio|bao nhieu|the nao|ra sao|o dau)\b")


def asks(text: str) -> bool:
    """Tell whether a message asks something, rather than tells it."""
    return holds(text, _ASKS, _ASKS_UNMARKED)


def says_lost(text: str) -> bool:
    return holds(text, _LOST, _LOST_UNMARKED)


def says_unread(text: str) -> bool:
    """Tell whether a gate does not read the card."""
    return holds(text, _UNREAD, _UNREAD_UNMARKED)


def says_ill(text: str) -> bool:
    return holds(text, _ILL, _ILL_UNMARKED)


def speaks_of_absence(text: str) -> bool:
    """Tell whether a message speaks of a child who does not come to school, or of telling it so."""
    is_away = holds(text, _AWAY, _AWAY_UNMARKED) or holds(text, _TELLS, _TELLS_UNMARKED)
    return is_away or says_ill(text)


def says_there(text: str) -> bool:
    """Tell whether a message means the place that was told of before."""
    return holds(text, _THERE, _THERE_UNMARKED)


def opens_with_no(text: str) -> bool:
    """Tell whether a message begins with a no and goes on, and asks nothing."""
    said = unicodedata.normalize("NFC", text).casefold()
    return _NO_FIRST.match(said) is not None and _QUESTION.search(said) is None


def says_signed_in(text: str) -> bool:
    """Tell whether somebody says that they have signed in, as they were asked to."""
    return holds(text, _SIGNED_IN, _SIGNED_IN_UNMARKED)


def says_insured(text: str) -> bool:
    """Tell whether a message speaks of insurance, with or without one."""
    return holds(text, _INSURED, _INSURED_UNMARKED)


def payment_in(text: str) -> str | None:
    """Return how somebody wants to pay for a doctor; None when they do not say it.

    The part of the message that speaks of insurance tells it: "no, on Friday, with insurance".
    """
    parts = _PARTS.split(unicodedata.normalize("NFC", text).casefold())
    text = _IS_IT_POSSIBLE.sub("", next(filter(says_insured, parts), text))
    if holds(text, _UNINSURED, _UNINSURED_UNMARKED):
        return "SELF_PAY"
    return "INSURANCE" if says_insured(text) else None


def payment_told_in(text: str) -> str | None:
    """Return how somebody wants to pay who was not asked for it, and does not ask about it either."""
    said = unicodedata.normalize("NFC", text).casefold()
    is_question = asks(said) or _QUESTION.search(said) is not None
    return payment_in(text) if says_insured(said) and not is_question else None


def holds(text: str, words: re.Pattern[str], unmarked: re.Pattern[str]) -> bool:
    """Tell whether a text has such words; `unmarked`: as they are typed without marks."""
    said = unicodedata.normalize("NFC", text).casefold()
    return bool(words.search(said) or unmarked.search(without_marks(said)))


def without_marks(text: str) -> str:
    """Return a text as it is typed in haste."""
    parts = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


_YES = re.compile(
    "(yes|yeah|yep|yup|sure|please|pls|ok|okay|doit|go|send|sendit|sendsos|now|thesos"
    "|có|co|vâng|vang|ừ|uh|um|uk|dạ|da|ạ|ơi|gửi|gui|đi|di|ngay|đồngý|dongy|được|duoc|giúp|với|sos"
    "|是|是的|好|好的|对|嗯|可以|行|要|快|请|发|发送|发吧|吧"
    "|oui|ouais|daccord|envoyez|envoie|envoyer|le|svp|silvousplaît|silteplaît|vasy|allezy|biensûr|vite"
    "|네|예|응|넵|그래|그래요|좋아요|ㅇㅇ|보내|보내줘|보내주세요|보내요|빨리|지금"
    "|はい|うん|ええ|お願い|お願いします|おねがいします|送って|送ってください|送信|送信して|頼む|早く|すぐ)+"
)


_NO = re.compile(
    "(no|nope|nah|not|now|notnow|dont|donot|need|noneed|it|sendit|send|thanks|thankyou|please|ok|cancel"
    "|không|khong|ko|hông|thôi|thoi|đừng|dung|cần|can|phải|phai|đâu|dau|gửi|gui|chưa|chua|dạ|da|ạ|cảmơn|camon|nhé|nhe"
    "|不|不用|不要|不是|否|没有|别|不必|不需要|谢谢|了|发|发送|先"
    "|non|pas|merci|besoin|pasbesoin|laissez|maintenant|cava|nenvoyezpas|nenvoiepas"
    "|아니|아니요|아니오|아뇨|ㄴㄴ|괜찮아요|괜찮습니다|괜찮아|필요없어요|됐어요|안보내도돼요|보내지마세요"
    "|いいえ|いや|いえ|いらない|いりません|結構です|けっこうです|大丈夫|大丈夫です|送らないで|送らないでください|やめて|ください)*"
)
_NOTED = re.compile(
    "(ok|okay|okey|oki|oke|okie|k|fine|alright|allright|isee|gotit|hm|hmm"
    "|ừ|uh|um|ừm|uk|dạ|da|ạ|rồi|biếtrồi|hiểurồi"
    "|嗯|哦|噢|好|好吧|好的|知道了|明白了|daccord|dac|bon|bien|jevois|응|넵|알겠어요|알겠습니다|알겠어|그래|음"
    "|うん|わかった|わかりました|分かった|分かりました|そう|そうですか)+"
)


def says_only_yes(text: str) -> bool:
    """Tell whether a message is a yes, or "send it", and nothing else: "ok, I have called them" is more."""
    return _YES.fullmatch(_plain(text)) is not None


def says_send(text: str) -> bool:
    """Tell whether a yes names what it is a yes to: to send the SOS."""
    return re.search("send|gửi|gui|发|envo|보내|送", _plain(text)) is not None


def says_only_no(text: str) -> bool:
    """Tell whether a message is a no, or "do not send it", and nothing else: "no, he is still in there" is more."""
    return _NO.fullmatch(_plain(text)) is not None


def says_only_noted(text: str) -> bool:
    """Tell whether a message only says that something was read: "ok" is a yes to some questions, "send it" is none of it."""
    return _NOTED.fullmatch(_plain(text)) is not None


def _plain(text: str) -> str:
    said = unicodedata.normalize("NFC", text).casefold()
    return "".join(sign for sign in said if sign.isalnum())
