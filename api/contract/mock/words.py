"""Short texts in the six languages, so that an app is seen with the letters and lengths it will have."""

from api.contract.mock.draws import Draw

_NAMES = {
    "vi": ("Chợ Bắc Hà", "Nhà thờ đá Sa Pa", "Bản Tả Van", "Đền Thượng"),
    "en": ("Bac Ha market", "The stone church of Sa Pa", "Ta Van village", "Thuong temple"),
    "zh-Hans": ("北河集市", "沙坝石头教堂", "塔万村", "上祠"),
    "fr": ("Marché de Bac Ha", "Église de pierre de Sa Pa", "Village de Ta Van", "Temple Thuong"),
    "ko": ("박하 시장", "사파 돌 교회", "따반 마을", "트엉 사원"),
    "ja": ("バックハー市場", "サパの石造り教会", "タヴァン村", "トゥオン祠"),
}
_SENTENCES = {
    "vi": ("Mở cửa từ sáng sớm.", "Đường trơn khi mưa, hãy đi chậm."),
    "en": ("Open from early in the morning.", "The road is slippery in rain: go slowly."),
    "zh-Hans": ("清晨开放。", "雨天路滑，请慢行。"),
    "fr": ("Ouvert dès le matin.", "La route glisse par temps de pluie : allez doucement."),
    "ko": ("이른 아침부터 엽니다.", "비가 오면 길이 미끄러우니 천천히 가세요."),
    "ja": ("早朝から開いています。", "雨の日は道が滑ります。ゆっくり進んでください。"),
}
_NAMING = ("name", "title", "label", "place")


def words_of(name: str, draw: Draw, language: str) -> str:
    """Return a name where a field's name asks for one, else a sentence."""
    texts = _NAMES if any(part in name.lower() for part in _NAMING) else _SENTENCES
    return draw.one_of(texts[language])


def name_of(draw: Draw, language: str) -> str:
    """Return the name of something."""
    return draw.one_of(_NAMES[language])
