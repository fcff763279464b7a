"""What people call what they suffer from, by complaint of the questionnaire (api/health/triage/rules.toml).

Without Latin marks and in lower case. A word of Latin letters stands for every word that
begins with it. A full stop at its head or end stands for where a word begins or ends: "numb." is
in no "number", ".이가 아" in no "아이가 아". Where two fit, the longer one decides, so that what holds
another complaint's word stands here whole ("dau dau goi"); where none does, the person chooses.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

WORDS: dict[str, str] = {
    "fever": "sot, fever, temperature, fievre, 发烧, 发热, 열이, 열나, 고열, 発熱, 熱が, 高熱",
    "cough_breathing": "ho khan, bi ho., ho ra., ho nhieu, ho keo dai, ho suot, kho tho, hen suyen, bi hen., benh hen., con hen., cough, asthma, wheez, breath,"
    " tousse, toux, asthme, respirer, 咳嗽, 咳, 哮喘, 呼吸, 기침, 천식, .숨, せき, 咳が, 喘息, 息苦し",
    "chest_pain": "dau nguc, tuc nguc, chest pain, chest hurts, poitrine, 胸痛, 胸口, 가슴 통증, 가슴이, 胸が, 胸の痛",
    "belly_pain": "dau bung, dau da day, da day, bao tu, o chua, stomach, belly, tummy, abdom, heartburn, ventre, estomac, brulures d estomac, brulure d estomac,"
    " 肚子, 胃, 腹痛, 배가 아, 배 아, 복통, 속이 쓰, お腹, おなか, 腹痛, 胃が, 胸やけ, 胸焼け",
    "headache": "dau dau, nhuc dau, dau nua dau, chong mat, hoa mat, headache, head hurts, migraine, dizz, mal de tete,"
    " mal a la tete, vertige, 头痛, 头疼, 头晕, 偏头痛, 두통, 머리가, 어지러, 頭痛, 頭が, めまい, 目が回, 目がまわ",
    "injury": "chan thuong, trat chan, bong gan, nga xe, bi nga., nga ngua, te ngua, gay tay, gay chan, gay xuong, twisted, sprain, fell., wound, injur, tombe,"
    " entorse, blesse, 扭伤, 摔, 受伤, 삐었, 삐끗, 넘어져, 다쳤, 발목이 삐, 발목을 삐, 손목이 삐, 손목을 삐, 捻挫, けがを, けがした, けがして, 怪我, 転ん, くじい",
    "burn": "bi bong., bong nuoc, burn, scald, brulure, brule, 烫伤, 烧伤, 화상, やけど",
    "bite": "bi can., cho can, meo can, ran can, bi dot., ong dot, con trung dot, bite, bitten, tick., ticks, sting, stung, mordu, morsure, pique, piqure, 被咬, 咬, 蜇, 물렸, 물린, 쏘였,"
    " 噛まれ, かまれ, 刺され",
    "poisoning": "ngo doc, poison, intoxication, empoisonn, 中毒, 중독, 食中毒",
    "allergic_reaction": "di ung, allerg, 过敏, 알레르기, アレルギー",
    "weakness": "te tay, te chan, te bi., yeu liet, dot quy, numb., numbness, weak, engourd, faiblesse, 麻木, 手麻, 脚麻, 无力, 저리, 저림,"
    " 마비, しびれ, 力が入らない",
    "seizures": "co giat, dong kinh, seizure, convuls, epilep, 抽搐, 癫痫, 경련, 발작, 간질, けいれん, てんかん",
    "pregnancy": "mang thai, co thai, co bau, bau may, kham thai, pregnan, enceinte, grossesse, 怀孕, 孕, 임신, 임산부, 妊娠, つわり",
    "child_not_feeding": "bieng an, bo bu, khong chiu an, bu kem, doesnt eat, does not eat, wont eat, wont drink,"
    " ne mange pas, ne mange plus, 不吃, 不肯吃, 厌食, 안 먹, 밥을 안, 食べない, 飲まない",
    "diarrhoea_vomiting": "tieu chay, bi non., non mua, non oi, oi mua, buon non, tao bon, diarr, vomit, nausea, constipat, diarrhee, vomi, nausee,"
    " 拉肚子, 腹泻, 呕吐, 恶心, 便秘, 설사, 구토, 토하, 변비, 下痢, 嘔吐, 吐い, 吐き気, 便秘",
    "skin": "phat ban, noi man., bong troc, man do, man ngua, ngua, mun, da lieu, rung toc, rash, itch, acne, skin, mole, hair,"
    " eruption, demange, gratte, bouton, acne, peau, cheveux, 皮疹, 痒, 皮肤, 痘, 脱发, 掉发, 掉头发, 头皮, 尿布疹, 발진, 가려, 피부, 여드름, 탈모, 머리가 빠, 머리카락,"
    " 発疹, かゆ, 湿疹, ニキビ, にきび, 皮膚, 抜け毛",
    "eye": "dau mat, do mat, mat do, mo mat, mat mo, ngua mat, can thi., do mat kinh, eye, eyes, itchy eye, eyes burn, burning eye, vision, sight, oeil, œil, yeux, yeux qui, yeux me, yeux qui demange, yeux me demange, yeux me brule, yeux qui brule, vue, 眼, 眼睛, 眼痒, 视力,"
    " .눈이, .눈 아, 시력, 目が, 目がかゆ, 目の痛, 目のかゆ, 目の病, 目の充血, 視力",
    "ear_nose_throat": "dau tai, u tai, nghet mui, so mui, chay mui, viem hong, dau hong, co hong, dau co hong, viem xoang, amidan, ear, ears,"
    " nose, throat, hearing, snor, sneez, sinus, itchy nose, itchy ear, oreille, nez, gorge, gorge qui, gorge me, perte du gout, perte de gout, ronfle, 耳, 耳朵, 鼻, 鼻子, 嗓子, 喉, 喉咙, .귀가, .코가, 콧물, .목이, 이명,"
    " 鼻水, 鼻が, 喉が, のど",
    "tooth": "dau rang, sau rang, rang khon, nhuc rang, nho rang, sung loi, chay mau loi, tooth, teeth, gum, gums, dent, dents, gencive, 牙, .이가 아, 치아, 이빨, 치통,"
    " 잇몸, 사랑니, 歯, 虫歯",
    "joints_back": "dau lung, dau khop, dau goi, dau dau goi, dau cai dau goi, nhuc dau goi, dau vai, dau dau vai, dau co, mat ca chan, dau mat ca, dau dau ngon, cot song, xuong khop, gout., back pain, back hurts, knee,"
    " joint, shoulder, mal au dos, mal de dos, genou, articulation, epaule, 腰, 背痛, 关节, 膝, 肩, 허리, 무릎, 관절, 어깨, 손목, 발목,"
    " 腰が, 腰痛, 膝が, ひざ, 関節, 肩",
    "urine": "tieu buot, tieu rat, di tieu, duong vat, dau dau duong vat, dai buot, dai rat, soi than, urinat, burning urin, pee, peeing, burning when i pee, burns when i pee, hurts when i pee, kidney stone, uriner, urine, pipi, brulures en urinant, brulure en urinant, brulures urinaires, brulure urinaire,"
    " calcul, 尿, 小便, 肾结石, 소변, 오줌, 요로, 排尿, おしっこ, 尿",
    "womens_health": "kinh nguyet, tre kinh, cham kinh, phu khoa, khi hu, mat kinh, dau bung kinh, dau kinh, thong kinh, co tu cung, ngua thai, tranh thai, dau dau ti, dau dau vu, period., periods, contracept, hot flash, menopaus, breast,"
    " regles, gynec, 月经, 痛经, 避孕, 白带, 妇科, 更年期, 생리, 자궁, 부인과, 갱년기, 生理, 婦人科, 更年期",
    "mental_distress": "mat ngu, lo au, cang thang, tram cam, buon chan, stress, sleep, anxi, depress, sad, insomni, angoiss, anxiet,"
    " deprim, tristesse, triste, boulevers, dors, 失眠, 睡不着, 焦虑, 抑郁, 불면, 잠이 안, 불안, 우울, 眠れ, 不眠, 不安, うつ",
    "diabetes_thyroid": "tieu duong, dai thao duong, duong huyet, tuyen giap, buou co, diabet, blood sugar, thyroid,"
    " glycemie, 糖尿, 血糖, 甲状腺, 당뇨, 혈당, 갑상, 甲状腺",
    "heart_pressure": "huyet ap, benh tim, tim dap, hoi hop, blood pressure, heart beat, heart, palpitat, tension, coeur,"
    " cœur, 血压, 心跳, 心脏, 心慌, 혈압, 심장, 두근, 血圧, 心臓, 動悸",
    "lump": "khoi u, noi hach, noi cuc, buou, lump, hernia, grosseur, boule., boules., hernie, 肿块, 肿瘤, 疝气, 혹이, 멍울, 탈장, しこり,"
    " ヘルニア",
    "tuberculosis": "lao phoi, benh lao, tuberculo, 结核, 결핵, 結核",
    "recovery": "phuc hoi, tap vat ly, sau dot quy, rehab, physio, after a stroke, reeduc, kine, 康复, 재활, 물리 치료, 물리치료,"
    " リハビリ",
    "vaccination": "tiem chung, tiem vac xin, tiem phong, tiem ngua, chich ngua, vaccin, 疫苗, 打针, 예방 접종, 예방접종, 백신, 予防接種, ワクチン",
    "check_up": "kham suc khoe, kham tong quat, kham tong the, check-up, checkup, health check, bilan, 体检, 건강 검진, 건강검진,"
    " 健康診断, 人間ドック",
}


def _patterns() -> Iterator[tuple[str, re.Pattern[str], int]]:
    for complaint, words in WORDS.items():
        for word in filter(None, (one.strip() for one in words.split(","))):
            bare = word.strip(_EDGE)
            is_latin = bare[0].isascii() or bare[0] == "œ"
            begins = r"\b" if is_latin or word.startswith(_EDGE) else ""
            # Short Latin words are whole ones: "mun", "ear", "nez" begin too many others.
            is_whole = word.endswith(_EDGE) or (is_latin and len(bare) <= _WHOLE)
            ends = r"\b" if is_whole else ""
            yield complaint, re.compile(begins + re.escape(bare) + ends), len(bare)


_EDGE = "."
_WHOLE = 3
_ELIDED = re.compile(r"\b([cdjlmnst]|qu)['’]")
"""What French leaves of a word before a vowel: "l'oreille"."""
_PATTERNS = tuple(_patterns())


def _fold(text: str) -> str:
    """Return `text` as WORDS are written; `components.folding` does it too, but needs Rasa to be imported."""
    return "".join(map(_fold_letter, unicodedata.normalize("NFC", text.lower())))


def _fold_letter(letter: str) -> str:
    if letter == "đ":
        return "d"
    base = unicodedata.normalize("NFD", letter)[0]
    return base if base.isascii() else letter


def complaint_in(text: str) -> str | None:
    """Return the complaint that the words of a message tell of, None when they tell of none."""
    folded = _ELIDED.sub(r"\1 ", _fold(text)).replace("'", "").replace("’", "")
    hits = [
        (length, complaint) for complaint, pattern, length in _PATTERNS if pattern.search(folded)
    ]
    return max(hits, key=lambda hit: hit[0])[1] if hits else None
