"""Words of somebody who has called in an emergency, and got nobody: busy, no answer, no signal.

Who else does not answer, somebody hurt or missing, is not meant: "he does not answer" is none of them.
"""

from __future__ import annotations

import re

from dialogue.tasks.telltale_words import holds

_NOT = r"(?:khong|ko|k|kh|hk|hong|khg|chang|cha|chua)"
_LINE = r"(?:11[1-5]|may|duong day|tong dai|dien thoai|so do|so nay)"
_TAKES = r"(?:nghe|bat|boc|nhac|cam|tra loi|len tieng)"
_VIETNAMESE = (
    rf"\b{_NOT} (co |thay |con )?(ai|nguoi nao) (them |chiu |ben kia )?{_TAKES}",
    rf"\b{_LINE}[\w ]{{0,12}} {_NOT} (co ai |ai |thay |chiu )?{_TAKES}",
    rf"^\W*({_NOT}|goi[\w ]{{0,16}} {_NOT}) (thay |ai )?((nghe|bat|boc|nhac|cam) may|lien lac duoc|ket noi)(?! (voi|cho) )",
    rf"\b{_NOT} goi (cho ai )?duoc\b|\bgoi [\w ]{{0,16}}{_NOT} (duoc|thay|ai)\b",
    r"\b(duong day|tong dai|11[1-5]|may cu|may van|may dang) (cung |van |dang |cu |lai |toan )*ban\b",
    r"^\W*(may )?ban( may)?( roi| qua| hoai| suot| mai)*\W*$",  # "mấy bạn …" are friends
    rf"\b({_NOT}|mat|het|yeu) (co |con |bat duoc )?song\b(?! (nua|duoc|noi|nhu))",
    rf"ngoai vung phu|{_NOT} do chuong|do chuong (mai|hoai)|thue bao",
)
_VIETNAMESE_MARKED = (
    r"\b(máy|đường dây|tổng đài|báo|11[1-5]) ((đang|vẫn|cứ|toàn|lại|luôn|cũng) )*bận\b",
    r"\bbận (máy|hoài|suốt|mãi|liên tục)|^\s*bận( rồi| quá)?\W*$",
)
_ENGLISH = (
    r"\b(lines?|number|phone|it|its|it's|they|11[1-5]|always|still)( is| are|'s|'re|s)? (\w+ )?(busy|engaged)\b(?! (at|in|on)\b)",
    r"^\W*(busy|engaged)\b|busy (tone|signal)",
    r"\b(nobody|no one|noone|no body|none)('s| is| are| even| still| ever| has)* (answer|pick|respond|repl)(s|ing|ed|y|ies|ied|ying)?\b",
    r"\b(they|it|line|11[1-5])('re| is| are)? ?(isn'?t|aren'?t|does ?n[o']?'?t|do ?n[o']?'?t|don'?t|won'?t|never|not)"
    r"( even| still| ever)* (answer|pick|respond|repl)(s|ing|ed|y|ies|ied|ying)?\b",
    r"\b(no|without|not any|get no|got no|zero) (answer|reply|signal|reception|network|coverage|bars?|dial ?tone|service)\b",
    r"\b(can'?t|cannot|can not|couldn'?t|could not|not|didn'?t) (get(ting)?|got|go(ing)?) (any |a )?(through|signal)",
    r"call (fails|failed|drops|dropped|won'?t|keeps? (dropping|failing))|(does|wo|did)(n'?t| not) connect",
    r"\b(just|only|keeps?|still) (rings?|ringing)\b|\brings? and rings?|rings? out\b|voice ?mail|hung up on",
)
_CHINESE = (
    r"占线|忙线|忙音|(电话|热线|线路|号码)[很太都也一直老总是在正]*忙|通话中|(没|没有|无)人?(接听?|应答)|不接(电话)?$",
    r"[打接拨]不[通进]|无法接通|(没有?|没了|无|收不到)信号|没有?网络|一直(在)?响",
)
_FRENCH = (
    r"\bpersonne (ne |me )*(repond|decroche)\b",
    r"\b(on|ca|cela|ils|numero|11[1-5])( ne| me)* (repond(ent)?|decroche(nt)?)( toujours)? (pas|plus|jamais)\b(?! (a|aux?) \w)",
    r"\b(ligne|numero|11[1-5]|c'est|toujours|sonne|tout le temps)[\w' ]{0,14} (occupee?|sature)|^\W*(occupe|ca sonne)",
    r"sonne (dans le vide|occupe)|injoignable|repondeur|boite vocale|messagerie|(appel|ca) (ne )?passe pas",
    r"\b(pas|plus|aucun|sans) (de |d'|du )?(reseau|signal|reponse|tonalite|barre)|arrive pas a (les )?joindre",
)
_KOREAN = (
    r"통화 ?중|안 ?받(아(?!줘|도)|네|는|습|고|음|았)|받지(를)? ?(않|못)|받는 사람이 없|연결이? ?(안|되지|끊)|전화가? ?(안|되지|끊)",
    r"통화가? ?(안|되지)|(신호|전파)가? ?(없|안 ?(잡|터))|신호만|안 ?터져",
)
_JAPANESE = (
    r"話し?中|お話し中|圏外|電波(が|は|も)?(ない|なく|ありません|悪|弱|届)|(電話|番号|11[1-5])[はがもに]*通じ(ない|ません)|^\W*通じ(ない|ません)|応答なし|留守電",
    r"((誰|だれ|どこ|電話)(も|に|にも)?|番号が|11[1-5]に?(も|は|が)?)(誰も)?(全然|ぜんぜん|全く|まだ|なかなか)?"
    r"(出|で)(ない|ません|て(くれ|もらえ))",
    r"^\W*(出ない|出ません|でない)|(つなが|繋が)(ら|りません)",
)
_WORDS = re.compile("|".join((*_VIETNAMESE_MARKED, *_CHINESE, *_KOREAN, *_JAPANESE)))
_WORDS_UNMARKED = re.compile("|".join((*_VIETNAMESE, *_ENGLISH, *_FRENCH)))


def says_unanswered(text: str) -> bool:
    """Tell whether a number that was called is busy, is not answered, or cannot be reached."""
    return holds(text.replace("’", "'"), _WORDS, _WORDS_UNMARKED)
