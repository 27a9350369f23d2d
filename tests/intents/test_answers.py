"""知识问答: every question finds its own entry, said otherwise too; nothing of it stands before a real function."""

from __future__ import annotations

import re

import pytest

from bot.intents.answers import certain, entries, nearest
from bot.intents.base import Catalogue
from bot.intents.match import Matcher

SERVICES = (
    *(
        "彩铃",
        "彩信",
        "飞信",
        "语音杂志",
        "手机上网",
        "全曲下载",
        "无线音乐",
        "手机电视",
        "手机报",
        "手机证券",
        "12580",
    ),
    *("139邮箱", "生活百事通", "余额提醒", "来电提醒", "移动秘书", "位置服务", "手机钱包", "亲情号码"),
    *("主叫号码显示", "3G", "TD-SCDMA", "G3", "国内漫游", "国际漫游"),
)


def test_there_are_enough_and_each_is_whole() -> None:
    assert len(entries()) >= 60
    assert len({entry.id for entry in entries()}) == len(entries())
    assert len({ask for entry in entries() for ask in entry.asks}) == sum(len(entry.asks) for entry in entries())
    for entry in entries():
        assert len(entry.zh.splitlines()) <= 6
        assert not re.search("[一-鿿“”]", entry.en), entry.id
        assert max(len(entry.zh), len(entry.en)) <= 260, entry.id


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_of_the_hall_is_known(name: str) -> None:
    assert any(name.lower() in (entry.title.lower(), *entry.names) for entry in entries())
    assert len(nearest(f"什么是{name}")) == 1


def test_every_question_finds_its_own_entry() -> None:
    wrong = [ask for entry in entries() for ask in entry.asks if [e.id for e in nearest(ask)] != [entry.id]]
    assert wrong == []


@pytest.mark.parametrize(
    ("line", "id"),
    [
        ("请问一下彩铃一个月要多少钱啊", "ring"),
        ("cailing是什么", "ring"),
        ("手机爆是什么", "paper"),
        ("3g到底是啥意思", "3g"),
        ("G3和3G啥区别呀", "g3"),
        ("出差去外省打电话贵不贵", "roam_cn"),
        ("国际漫游怎么个收费法", "roam_intl"),
        ("去香港打电话多少钱", "roam_hk"),
        ("呼轉怎麼用", "forward"),
        ("GPRS怎么设", "gprs_setup"),
        ("一兆等于多少k", "kb"),
        ("积分是怎么计算的", "points_rule"),
        ("what is TD-SCDMA?", "td"),
        ("how does roaming work", "roam_cn"),
    ],
)
def test_said_otherwise(line: str, id: str) -> None:
    found = [entry.id for entry in nearest(line)]
    assert id in found[:2]


def test_what_is_nothing_of_ours_finds_nothing_certain() -> None:
    for line in (
        "今天天气怎么样",
        "给我讲个笑话",
        "你吃饭了吗",
        "qwertyuiop",
        "",
        "？？？",
        "股票涨了吗",
        "帮我订外卖",
    ):
        assert certain(line) is None


def test_no_question_of_the_file_stands_before_a_function(matcher: Matcher, catalogue: Catalogue) -> None:
    """Only what nobody understands is looked up there: phrases of the functions are understood as ever."""
    for phrase, intent in catalogue.phrases():
        if intent not in {"faq", "oos", "oos.domain"} and certain(phrase):
            assert matcher(phrase).decision != "none", phrase
