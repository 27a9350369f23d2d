"""知识问答: every question finds its own entry, said otherwise too; nothing of it stands before a real function."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.intents.answers import entries, read, shipped
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
    assert len(shipped().nearest(f"什么是{name}")) == 1


def test_every_question_finds_its_own_entry() -> None:
    wrong = [ask for entry in entries() for ask in entry.asks if [e.id for e in shipped().nearest(ask)] != [entry.id]]
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
    found = [entry.id for entry in shipped().nearest(line)]
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
        assert shipped().certain(line) is None


def test_no_question_of_the_file_stands_before_a_function(matcher: Matcher, catalogue: Catalogue) -> None:
    """Only what nobody understands is looked up there: phrases of the functions are understood as ever."""
    for phrase, intent in catalogue.phrases():
        if intent not in {"faq", "oos", "oos.domain"} and shipped().certain(phrase):
            assert matcher(phrase).decision != "none", phrase


# --- a deployment's own -----------------------------------------------------------------------------------------------

OURS = """# ours
= tariff | 资费 | Tariff
@ 资费 tariff
? 打电话多少钱一分钟 | what is a call
每分钟0.12元。
> 0.12 yuan a minute.
"""


def test_a_deployments_own_answers_stand_in_the_place_of_ours(tmp_path: Path) -> None:
    """The shipped ones hold the demo's tariffs, and nobody could replace them."""
    (tmp_path / "faq.txt").write_text(OURS, "utf-8")
    own = read(tmp_path / "faq.txt")
    [entry] = own.nearest("打电话多少钱一分钟呀")
    assert (entry.zh, entry.en, entry.names) == ("每分钟0.12元。", "0.12 yuan a minute.", ("tariff", "资费", "tariff"))
    assert own.certain("打电话多少钱一分钟") == entry
    assert own.nearest("什么是彩铃") == []
    assert own.certain("什么是彩铃") is None


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("# ours", "每分钟", "faq.txt:1: a line before the first entry"),
        (OURS, "# nothing\n", "faq.txt: holds no entry"),
        (" | Tariff", "", "faq.txt:2: the form is `= id | title | English title`"),
        ("资费 | Tariff", f"{'资' * 21} | Tariff", "faq.txt:2: the title "),
        ("资费 | Tariff", f"资费 | {'T' * 41}", "faq.txt:2: the title "),
        ("? 打电话多少钱一分钟 | what is a call\n", "", "faq.txt:2: the entry 'tariff' has no question"),
        ("每分钟0.12元。\n", "", "faq.txt:2: the entry 'tariff' has no answer in Chinese"),
        ("> 0.12 yuan a minute.\n", "", "faq.txt:2: the entry 'tariff' has no answer in English, behind >"),
        ("每分钟0.12元。", "每\n" * 7, "faq.txt:2: the answer of 'tariff' in Chinese has 7 lines and 13 characters"),
        ("0.12 yuan", "y" * 260, "faq.txt:2: the answer of 'tariff' in English, behind > has 1 lines and 270"),
        ("minute.\n", f"minute.\n{OURS}", "faq.txt:8: the entry 'tariff' stands here twice"),
        (
            "minute.\n",
            f"minute.\n{OURS.replace('tariff |', 'other |')}",
            "faq.txt:8: '打电话多少钱一分钟' is asked in 'tariff' already",
        ),
    ],
)
def test_what_is_wrong_has_its_line(old: str, new: str, told: str, tmp_path: Path) -> None:
    assert old in OURS
    (tmp_path / "faq.txt").write_text(OURS.replace(old, new), "utf-8")
    with pytest.raises(ConfigError) as error:
        read(tmp_path / "faq.txt")
    assert str(error.value).startswith(told)
