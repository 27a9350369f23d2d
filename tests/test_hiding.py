"""What may be a code or a password, however a customer writes it down: people read stars."""

from __future__ import annotations

import re
import time

import pytest

from bot.hiding import hide

CODE = "135790"
WRITTEN = (
    "135790", "135 790", "1 3 5 7 9 0", "1  3  5  7  9  0", "1-3-5-7-9-0", "1,3,5,7,9,0", "1，3，5，7，9，0", "135,790",
    "1、3、5、7、9、0", "1.3.5.7.9.0", "1/3/5/7/9/0", "1\u30003\u30005\u30007\u30009\u30000", "1\n3\n5\n7\n9\n0",
    "135\n790", "１３５７９０", "①③⑤⑦⑨⓪", "١٣٥٧٩٠", "1\u200b3\u200b5\u200b7\u200b9\u200b0", "1⃣3⃣5⃣7⃣9⃣0⃣", "1三5七9零",
    "一三五七九零", "一三五七九〇", "幺三五七九洞", "壹叁伍柒玖零", "一 三 五 七 九 零", "一、三、五、七、九、零",
    "一三五，七九零", "yi san wu qi jiu ling", "yao san wu guai jiu dong", "yisanwuqijiuling", "Yi,san,wu,qi,jiu,ling",
    "one three five seven nine zero", "one-three-five-seven-nine-oh",
)  # fmt: skip
FIGURE = re.compile(r"[\d〇零一二三四五六七八九幺洞壹叁伍柒玖①③⑤⑦⑨⓪]|(?i:san|jiu|ling|three|seven)")


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("around", ["{}", "验证码是{}，对吗", "你看 {} 这个"])
@pytest.mark.parametrize("awaited", [True, False])
def test_a_code_in_any_writing_is_stars(written: str, around: str, awaited: bool) -> None:
    assert not FIGURE.search(hide(around.format(written), awaited=awaited))


@pytest.mark.parametrize(
    "text", ["135", "790", "7", "前三位135，后三位790", "135然后790", "1357 90", "qi jiu ling", "一三五"]
)
def test_a_part_of_what_is_awaited_is_stars(text: str) -> None:
    """Split over two lines or more, it could be put together again."""
    assert not FIGURE.search(hide(text, awaited=True).replace("三位", ""))


@pytest.mark.parametrize(
    "text",
    [
        "为什么收我5元", "100元太贵了", "等了30分钟", "尾号不对，是13800138000", "开通10GB流量包", "11月27号开的",
        "还没收到", "我一直没收到", "等一下", "cancel", "san",
    ],
)  # fmt: skip
def test_other_words_are_read_while_one_is_awaited(text: str) -> None:
    assert hide(text, awaited=True) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("密码246810对吗", "密码******对吗"),
        ("123456", "******"),
        ("12345678 没收到", "******** 没收到"),
        ("20261103那天和202610的账单", "20261103那天和202610的账单"),
        ("13800138000打不通", "13800138000打不通"),
        ("验证码 12 34 56", "验证码 ** ** **"),
        ("1 3 5 7 9 0", "* * * * * *"),
        ("是135-790，不对", "是***-***，不对"),
        ("1234 5678", "**** ****"),
        ("密码一三五七九零", "密码******"),
        ("2026-11-27那天", "2026-11-27那天"),
        ("2025-2026年", "2025-2026年"),
        ("100-200元的套餐", "100-200元的套餐"),
        ("138 0013 8000", "138 0013 8000"),
        ("138-0013-8000", "138-0013-8000"),
        ("一三八零零一三八零零零", "一三八零零一三八零零零"),
        ("1 2 3", "1 2 3"),
        ("12345", "12345"),
        ("2026/11/27那天", "2026/11/27那天"),
        ("11-27 12:30打的", "11-27 12:30打的"),
        ("12.50 13.50", "12.50 13.50"),
        ("2026 2025 2024", "2026 2025 2024"),
        ("1、换套餐 2、退彩铃", "1、换套餐 2、退彩铃"),
        ("er shi wu kuai", "er shi wu kuai"),
        ("yi ba jiu kai", "yi ba jiu kai"),
    ],
)
def test_what_may_be_a_secret_is_hidden_from_people(text: str, shown: str) -> None:
    assert hide(text) == shown


@pytest.mark.parametrize("part", ["1", "1 ", "一", "yi ", "1,", " ", "\u200b1", "135 ", "一二三 "])
def test_it_takes_no_time(part: str) -> None:
    begun = time.thread_time()
    hide(part * (4096 // len(part)) + "a", awaited=True)
    assert time.thread_time() - begun < 0.1
