"""Denials, undoing and questions, one by one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intents.guard import NEEDED, heard, spoken, wondered

PRODUCTS = ["彩铃", "手机报", "流量包"]
TOPICS = [*PRODUCTS, "积分", "流量"]


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("不是查积分,是要换东西", "积分 是要换东西"),
        ("取消流量包,别再订了", "取消流量包"),
        ("手机报不订了", "取消手机报"),
        ("我不想要彩铃了", "取消彩铃"),
        ("我要取消停机", "我要复机"),
    ],
)
def test_what_is_left_of_a_wish(text: str, wish: str) -> None:
    found = heard(text, PRODUCTS, TOPICS)
    assert found.text == wish
    assert not found.guarded


@pytest.mark.parametrize(
    "text",
    [
        "彩铃不要取消",
        "别给我开彩铃",
        "不用申请彩铃了",
        "别停我的机",
        "取消充值",
        "积分别给我换了",
        "我开通彩铃了吗",
        "谁给我开通的手机报",
        "下个月再退彩铃",
        "开通彩铃多久生效",
        "换成58元套餐成功了",
    ],
)
def test_what_must_be_asked_first(text: str) -> None:
    assert heard(text, PRODUCTS, TOPICS).guarded


@pytest.mark.parametrize("text", ["开通彩铃", "别人打来放彩铃开通", "取消手机报", "能不能帮我开通彩铃"])
def test_what_is_a_plain_wish(text: str) -> None:
    assert not heard(text, PRODUCTS, TOPICS).guarded


@pytest.mark.parametrize(
    "text",
    [
        "i changed my plan",
        "i won't cancel caller id",
        "i wouldnt cancel caller id",
        "i cannot cancel caller id",
        "top up 50 yuan failed",
        "did you suspend my line",
        "is caller id cancelled",
        "has my password been reset",
        "if i cancel caller id",
        "cancel caller id tomorrow",
        "my points were redeemed by mistake",
        "someone suspended my line",
        "keep caller id",
        "would you like me to cancel caller id",
    ],
)
def test_what_must_be_asked_first_in_english(text: str) -> None:
    assert heard(text).guarded


@pytest.mark.parametrize(
    "text",
    [
        "cancel caller id",
        "could you change my password",
        "i can't remember my password",
        "someone stole my phone",
        "my phone has been stolen",
        "suspend my line",
        "warn me when my balance is low",
    ],
)
def test_what_is_a_plain_wish_in_english(text: str) -> None:
    assert not heard(text).guarded


@pytest.mark.parametrize(
    "text", ["停咗机", "我改咗密码", "取消咗彩铃", "咪帮我充值", "唔好停我个机", "我唔见得要开通彩铃"]
)
def test_what_must_be_asked_first_in_cantonese(text: str) -> None:
    assert heard(text).guarded


@pytest.mark.parametrize("text", ["帮我取消咗个彩铃", "部电话唔见咗", "手机唔见了", "部机畀人偷咗"])
def test_a_wish_in_cantonese_is_one(text: str) -> None:
    assert not heard(text, PRODUCTS, TOPICS).guarded


def test_a_denial_in_letters_is_heard() -> None:
    assert spoken("buyaokt彩铃", "buyaoktcailin")
    assert spoken("wu kai cailing", "wukaicailin")
    assert not spoken("wu yue xiangdan", "wuyuexiangdan")  # 五月
    assert not spoken("补卡", "buka")


def test_how_is_a_question_and_no_denial() -> None:
    assert wondered("zenme tuiding彩铃", "zenmetuidingcailin")
    assert wondered("deng wo huiguo le zai fuji", "denwohuiguolezaifuji")  # not now
    assert not spoken("怎么much积分", "zenmemuchjifen")


@given(st.text(max_size=200))
def test_any_text_is_heard(text: str) -> None:
    assert isinstance(heard(text, PRODUCTS, TOPICS).text, str)


@pytest.mark.parametrize(("expression", "needed"), NEEDED)
@given(data=st.data())
def test_what_an_expression_finds_has_a_character_that_it_needs(
    expression: re.Pattern[str], needed: frozenset[str], data: st.DataObject
) -> None:
    assert not needed.isdisjoint(data.draw(st.from_regex(expression)))
