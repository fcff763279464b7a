"""Folding: the form in which a text without marks and its full spelling meet, and both forms of Chinese."""

import unicodedata
from functools import lru_cache

_TRADITIONAL, _SIMPLIFIED = (
    "個們來倆傷傳價億優兒內兩冊凍刪劃劇劍勞動勢區醫卻廠廳歷壓厭參雙發變口號嗎嘆員問啟喪單嚇嚴園圍國圖圓場壞塊塵壇墊"
    "報夠夢夾婦媽學孫實寧寫寬專將對導層屬島嶺師帳帶幫幣廁廢廣彎徑從復徵恆惡惱愛慘慣態憂應懷戀戰戲戶拋掃掛採換揮損搶"
    "摔擋據擊擔擾擇斷時晉晝曉暈暫書會東條極樓標樣樹橋機檢櫃權歡歲殘殺氣決沒況泄洩測濕溫準溝滅滯滾漁漢漲潔濁灑灣災為烏煙"
    "熱營燈燒爐爾爭牆狀猶獨獎現環產畢療瘋癢監盜盤睜確礙種稱穩窮競筆節範築簡簽糧糾紀約紅級紙細終組結絕給統絲經綠維網"
    "緊緒線練縣縮總績繞繼續罰罵職聯聲聽腦腫腸腳臉臺與興舊莊華萬葉藝藥蘇蘭處虛蟲術衛衝補裝裡裏製複見規視覺親觀觸訂計"
    "討訊記訪許設診評詞試話該詳認語說誰課調談請論講謝證識警譯護議讀讓豐貓貝負財貨販貴買費資賓賞賠賣質賴購贈贏趕跡踐車"
    "軌軍輕載輛輪輸辦農邊遊運過達違遠適選還鄉郵釋針釣鈔銀銅鋪錢錯錄鍾鎖鎮鏡鐘鐵鑰長門閉開間閃關陽陰陳陸隊階隨險隱雜"
    "離難雲電霧靜響頁頂項順須預領頭題顏願類風飛飯飲飽館馬駕駛騎騙驗驚髒髮鬆鬧魚鮮鳥麗麥黃點齊齒龍龜鎊韓價寢牀貳參彙鏈"
    "線噴瀉濾癌膽臟膚顆髖頸顱鼻產嬰齡聾啞療護齦這壩綜無後週絡幾樂衝診",
    "个们来俩伤传价亿优儿内两册冻删划剧剑劳动势区医却厂厅历压厌参双发变口号吗叹员问启丧单吓严园围国图圆场坏块尘坛垫"
    "报够梦夹妇妈学孙实宁写宽专将对导层属岛岭师帐带帮币厕废广弯径从复征恒恶恼爱惨惯态忧应怀恋战戏户抛扫挂采换挥损抢"
    "摔挡据击担扰择断时晋昼晓晕暂书会东条极楼标样树桥机检柜权欢岁残杀气决没况泄泄测湿温准沟灭滞滚渔汉涨洁浊洒湾灾为乌烟"
    "热营灯烧炉尔争墙状犹独奖现环产毕疗疯痒监盗盘睁确碍种称稳穷竞笔节范筑简签粮纠纪约红级纸细终组结绝给统丝经绿维网"
    "紧绪线练县缩总绩绕继续罚骂职联声听脑肿肠脚脸台与兴旧庄华万叶艺药苏兰处虚虫术卫冲补装里里制复见规视觉亲观触订计"
    "讨讯记访许设诊评词试话该详认语说谁课调谈请论讲谢证识警译护议读让丰猫贝负财货贩贵买费资宾赏赔卖质赖购赠赢赶迹践车"
    "轨军轻载辆轮输办农边游运过达违远适选还乡邮释针钓钞银铜铺钱错录钟锁镇镜钟铁钥长门闭开间闪关阳阴陈陆队阶随险隐杂"
    "离难云电雾静响页顶项顺须预领头题颜愿类风飞饭饮饱馆马驾驶骑骗验惊脏发松闹鱼鲜鸟丽麦黄点齐齿龙龟镑韩价寝床贰参汇链"
    "线喷泻滤癌胆脏肤颗髋颈颅鼻产婴龄聋哑疗护龈这坝综无后周络几乐冲诊",
)
_IN_SIMPLIFIED = str.maketrans(_TRADITIONAL, _SIMPLIFIED)


@lru_cache(maxsize=8192)
def _fold_letter(letter: str) -> str:
    lower = letter.lower()
    if lower == "đ":
        return "d"
    base = unicodedata.normalize("NFD", lower)[0]
    # Only Latin letters lose their marks: が without its mark is another letter, and so is each Hangul part.
    return base if base.isascii() else lower[0].translate(_IN_SIMPLIFIED)


def fold(text: str) -> str:
    """Return NFC `text` in lower case without Latin marks, in simplified Chinese; as long as `text`."""
    return "".join(map(_fold_letter, text))


def is_letter(letter: str) -> bool:
    return letter.isalnum() or letter == "ー"


def letters(text: str) -> str:
    """Return the letters and digits of `text`, without what stands between."""
    return "".join(filter(is_letter, text))


def is_ideographic(letter: str) -> bool:
    """Tell whether `letter` is Han or kana: scripts written without spaces."""
    return "\u3040" <= letter <= "\u30ff" or "\u3400" <= letter <= "\u9fff" or letter in "々〆ー"


def is_hangul(letter: str) -> bool:
    return "\uac00" <= letter <= "\ud7a3"
