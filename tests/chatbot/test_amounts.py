from time import thread_time

import pytest
from amounts import find_amounts

AMOUNTS = [
    ("500k", "500k", 500_000),
    ("giá 500K/đêm", "500K", 500_000),
    ("200.000 đồng", "200.000 đồng", 200_000),
    ("200.000đ", "200.000đ", 200_000),
    ("200,000 VND", "200,000 VND", 200_000),
    ("300 000 VND", "300 000 VND", 300_000),
    ("VND 200,000", "VND 200,000", 200_000),
    ("₫200.000", "₫200.000", 200_000),
    ("200.000₫", "200.000₫", 200_000),
    ("50.000 thôi", "50.000", 50_000),
    ("1.200.000đ", "1.200.000đ", 1_200_000),
    ("100 đồng", "100 đồng", 100),
    ("1,5 triệu", "1,5 triệu", 1_500_000),
    ("1.5 triệu đồng", "1.5 triệu đồng", 1_500_000),
    ("2tr", "2tr", 2_000_000),
    ("2tr5", "2tr5", 2_500_000),
    ("1 triệu 200", "1 triệu 200", 1_200_000),
    ("150 nghìn", "150 nghìn", 150_000),
    ("150 ngan dong", "150 ngan dong", 150_000),
    ("một trăm nghìn", "một trăm nghìn", 100_000),
    ("mot tram nghin", "mot tram nghin", 100_000),
    ("một triệu rưỡi", "một triệu rưỡi", 1_500_000),
    ("hai trăm năm mươi nghìn đồng", "hai trăm năm mươi nghìn đồng", 250_000),
    ("năm trăm nghìn", "năm trăm nghìn", 500_000),
    ("một triệu hai trăm nghìn", "một triệu hai trăm nghìn", 1_200_000),
    ("two hundred thousand dong", "two hundred thousand dong", 200_000),
    ("1.5 million dong", "1.5 million dong", 1_500_000),
    ("cinq cent mille dongs", "cinq cent mille dongs", 500_000),
    ("1,5 million de dongs", "1,5 million de dongs", 1_500_000),
    ("五十万盾", "五十万盾", 500_000),
    ("50万越南盾", "50万越南盾", 500_000),
    ("五十萬越南盾", "五十萬越南盾", 500_000),
    ("20万ドン", "20万ドン", 200_000),
    ("20만 동", "20만 동", 200_000),
    ("20만동이에요", "20만동", 200_000),
    ("십만 동", "십만 동", 100_000),
    ("1.5万越南盾", "1.5万越南盾", 15_000),
]


@pytest.mark.parametrize(("text", "span", "dong"), AMOUNTS)
def test_amounts(text: str, span: str, dong: int) -> None:
    found = [(text[one.start : one.end], one.value, one.kind) for one in find_amounts(text)]
    assert found == [(span, str(dong), "amount")]


@pytest.mark.parametrize(
    "text",
    ["0912 345 678", "2/9", "50.000 người", "một trăm người", "3 giờ", "$20", "20 usd", "1 củ khoai lang".replace("củ", "cu"),
     "2 triệu lượt khách", "3.143 m", "năm nay", "QL4D", "동쪽", "3동 건물", "一万人", "", "12.5.2027"],
)  # fmt: skip
def test_what_is_no_amount(text: str) -> None:
    assert find_amounts(text) == []


def test_several_are_found_in_order() -> None:
    values = [one.value for one in find_amounts("vé 500k, phòng 1,2 triệu và 20만 동")]
    assert values == ["500000", "1200000", "200000"]


@pytest.mark.parametrize("filling", ["1", "một trăm ", "1.000", "五十", "five hundred ", "일이"])
def test_a_long_message_takes_no_time(filling: str) -> None:
    find_amounts("1k")
    before = thread_time()
    find_amounts(filling * (100_000 // len(filling)))
    assert thread_time() - before < 0.5
