"""Words that ask the way to somewhere or how far it is, in the six languages; Vietnamese and French also without marks."""

from __future__ import annotations

import re

from dialogue.tasks.telltale_words import holds, says_there

_WAY = re.compile(
    r"\bhow (?:do|can|could|should|would|to)\b.{0,12}\b(?:get|go|reach)\b|\bdirections?\b|\bway (?:there|to)\b|\bhow far\b"
    r"|\bis .{1,30} far\b|\bfar from\b|\b(?:bus|buses|shuttle|coach|train|taxi)\b.{0,12}\b(?:to|there|from)\b"
    r"|\b(?:is|are) there (?:a |any )?(?:bus|buses|train|shuttle)\b"
    r"|chỉ đường|\b(?:đi|đến|tới|lên|ra) (?:.{1,30} )?(?:bằng gì|bằng cách nào|kiểu gì|đường nào|như thế nào|thế nào|làm sao)"
    r"|làm (?:sao|thế nào) (?:để )?(?:đi|đến|tới|lên)\b|xe (?:buýt|bus|khách)|có xe (?:nào )?(?:đi|đến|tới|lên|ra)\b"
    r"|bao xa|\bxa (?:không|ko|lắm không)|cách (?:đây|bao nhiêu|mấy)"
    r"|\bcomment (?:(?:puis-je |peut-on |on peut )?(?:y )?aller|se rendre|s'y rendre|je vais|on va|rejoindre)\b|\bquel chemin\b"
    r"|\b(?:c'est|est-ce) loin|\bloin d(?:e\b|'ici)|à quelle distance|\b(?:bus|navette|autocar)s? (?:pour|vers|jusqu)|y a-t-il (?:un|des) (?:bus|car|navette)"
    r"|怎么(?:去|走|到|过去)|[如怎][何样](?:去|到|前往)|多远|远不远|远吗|有(?:没有)?.{0,8}(?:公交|巴士|班车|大巴)|坐什么车"
    r"|어떻게\s*(?:가|갈|도착)|가는\s*(?:길|방법|법)|길\s*(?:을\s*)?(?:알려|안내)|얼마나\s*(?:멀|먼)|멀어|멀[까지]|먼가요|버스"
    r"|どうやって行|どう行|行き方|道順|道を教え|アクセス|遠い|どのくらい離れ|距離は|バス(?:は|が|で)"
)
_WAY_UNMARKED = re.compile(
    r"\bchi duong\b|\b(?:di|den|toi|len|ra) (?:.{1,30} )?(?:bang gi|bang cach nao|kieu gi|duong nao|nhu the nao|the nao|lam sao)\b"
    r"|\blam (?:sao|the nao) (?:de )?(?:di|den|toi|len)\b|\bxe (?:buyt|bus|khach)\b|\bco xe (?:nao )?(?:di|den|toi|len|ra)\b"
    r"|\bbao xa\b|\bxa (?:khong|ko)\b|\bcach (?:day|bao nhieu|may)\b|\ba quelle distance\b"
)
_OTHERWISE = re.compile(
    r"\b(?:closed|blocked|jam|traffic|landslides?|accident|flood|snow|fog|safe|open|passable|icy|plan|trip|itinerary)\b"
    r"|sạt|tắc|kẹt|cấm đường|ngập|tai nạn|sương|an toàn|được không|tình hình|thông xe|lịch trình|du lịch|\bchơi\b"
    r"|(?<!chỉ )\bđường (?:đi |đến |tới |lên |ra |vào )?.{1,30}(?:thế nào|ra sao)"
    r"|fermée?|bloqué|bouchon|éboul|accident|neige|brouillard|praticable|séjour|itinéraire"
    r"|封|堵|塌|滑坡|事故|通不通|能走|路况|雾|积雪|行程|攻略|막히|막혔|통제|사고|산사태|안개|안전|일정|코스"
    r"|渋滞|通行止|土砂|安全|通れ|霧|日程|旅程|\d ?(?:ngày|days?|jours?|天|日間|일간|박)"
)
_OTHERWISE_UNMARKED = re.compile(
    r"\b(?:sat lo|tac duong|ket xe|cam duong|ngap|tai nan|suong|an toan|duoc khong|tinh hinh|thong xe|lich trinh|du lich|choi)\b"
    r"|(?<!chi )\bduong (?:di |den |toi |len |ra |vao )?.{1,30}(?:the nao|ra sao)|\d ?ngay\b"
)
_ELSEWHERE = re.compile(
    r"\b(?:to|đến|tới|lên|pour|vers|jusqu'à) (?!it\b|there\b|that\b|đó|đấy|là-bas)\w"
    r"|[去到往](?![\s那它这怎要的了吗呢?？]|$)|(?<!거기)(?<!그곳)(?:까지|으로)|(?<!そこ)(?:まで|へ)"
)
_ELSEWHERE_UNMARKED = re.compile(r"\b(?:den|toi|len) (?!do\b|day\b|la-bas)\w")


def asks_way(text: str) -> bool:
    """Tell whether a message asks how to get somewhere or how far it is: not how the roads are, nor for a trip."""
    return holds(text, _WAY, _WAY_UNMARKED) and not holds(text, _OTHERWISE, _OTHERWISE_UNMARKED)


def names_elsewhere(text: str) -> bool:
    """Tell whether a message leads to a name, known or not, rather than to what was told of before."""
    return not says_there(text) and holds(text, _ELSEWHERE, _ELSEWHERE_UNMARKED)
