"""Thousands of sentences about operations, each with the operations it may lead to: often none."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import NamedTuple

from tests.intents.typos import KINDS, typo

CHANGES = frozenset(
    (
        "plan.change",
        "service.subscribe",
        "service.cancel",
        "family.add",
        "family.remove",
        "points.redeem",
        "line.suspend",
        "line.resume",
        "password.change",
        "password.reset",
        "payment.topup",
        "sms.send",
        "promo.join",
        "news.subscribe",
        "news.unsubscribe",
        "alert.set",
        "group.number.add",
        "group.number.remove",
    )
)


class Case(NamedTuple):
    """`accept` names the operations that may be acted on; asking back and reading are never wrong here."""

    text: str
    accept: frozenset[str]
    kind: str


class Act(NamedTuple):
    """An operation as people say it, and the one that takes it back."""

    words: str
    intent: str
    back: str = ""


PRODUCTS = ("彩铃", "手机报", "来电显示", "来电提醒", "139邮箱", "流量包", "移动秘书")
OPENING = ("开通", "开", "办理", "申请", "加个", "订个")
CLOSING = ("退订", "取消", "关闭", "退掉", "停掉", "关掉")

OTHERS = (
    Act("换套餐", "plan.change"),
    Act("改套餐", "plan.change"),
    Act("变更资费", "plan.change"),
    Act("换成58元套餐", "plan.change"),
    Act("停机", "line.suspend", "line.resume"),
    Act("挂失", "line.suspend", "line.resume"),
    Act("停机保号", "line.suspend", "line.resume"),
    Act("复机", "line.resume", "line.suspend"),
    Act("恢复通话", "line.resume", "line.suspend"),
    Act("兑换积分", "points.redeem"),
    Act("用积分换话费", "points.redeem"),
    Act("充值", "payment.topup"),
    Act("充50块话费", "payment.topup"),
    Act("交话费", "payment.topup"),
    Act("改密码", "password.change"),
    Act("修改服务密码", "password.change"),
    Act("重置密码", "password.reset"),
    Act("加亲情号码", "family.add", "family.remove"),
    Act("删亲情号码", "family.remove", "family.add"),
    Act("发短信", "sms.send"),
    Act("报名抽奖", "promo.join"),
    Act("参加送话费活动", "promo.join"),
    Act("订阅资讯", "news.subscribe", "news.unsubscribe"),
    Act("退订资讯", "news.unsubscribe", "news.subscribe"),
    Act("设置余额提醒", "alert.set", "alert.set"),
    Act("添加集团短号", "group.number.add", "group.number.remove"),
    Act("删除集团短号", "group.number.remove", "group.number.add"),
)

ASKED = (
    "{}", "我要{}", "帮我{}", "麻烦帮我{}", "请{}", "你好,{}", "给我{}", "我想{}", "快给我{}", "能不能帮我{}",
    "{} 谢谢", "{}!!", "那个 我要{}", "现在就{}", "帮忙{}一下", "俺要{}", "{}吧", "马上{}", "在吗?我想{}", "{}啊",
)  # fmt: skip

DENIED = (
    "别{}", "不要{}", "不用{}了", "先别{}", "我不是要{}", "我没说要{}", "别给我{}", "千万别{}", "暂时不{}", "我不想{}",
    "没让你{}", "谁让你{}了", "用不着{}", "无需{}", "莫{}", "不需要{}", "{}就不用了", "{}先不办了", "不要幫我{}",
    "我可没要{}", "求你别{}", "什么时候说过要{}", "不准{}", "你好 我不打算{}", "唔好帮我{}", "我才不{}", "还不想{}呢",
    "拒绝{}", "没有要{}的意思", "先不{}",
)  # fmt: skip

TAKEN_BACK = (
    "取消{}", "撤销刚才的{}", "刚才的{}不算", "刚才{}点错了", "{}办错了 撤回", "把刚才的{}撤销了", "后悔{}了 能撤吗",
    "刚刚{}是误操作", "之前申请的{}作废", "{}的申请撤掉", "不小心{}了 恢复原样",
)  # fmt: skip

ASKED_ABOUT = (
    "{}成功了吗", "{}办好没有", "我{}了吗", "是谁{}的", "谁给我{}的", "为什么给我{}", "上个月为什么{}", "{}要钱吗",
    "{}怎么收费", "{}多久生效", "什么时候{}的", "{}会不会扣钱", "我之前{}过吗", "听说可以{}是真的吗",
    "昨天{}怎么还没生效", "上周{}失败了为啥", "{}有什么影响", "{}需要什么条件", "我是不是{}过",
)  # fmt: skip

SUPPOSED = (
    "如果{}会怎样", "要是{}还收月租吗", "我朋友说要{}", "我妈昨天{}了", "要不要{}呢", "还没想好要不要{}",
    "万一{}了怎么办", "短信叫我{}是不是骗子", "“{}”是什么意思", "等下个月再{}", "假如{} 积分还在吗",
    "客服说可以{} 然后呢", "过几天再{}", "隔壁老王也{}了", "刚看到有人{}被扣了钱",
)  # fmt: skip

SHAPES = (("asked", ASKED, 9), ("denied", DENIED, 10), ("taken_back", TAKEN_BACK, 5),
          ("asked_about", ASKED_ABOUT, 7), ("supposed", SUPPOSED, 5))  # fmt: skip


def acts() -> tuple[Act, ...]:
    opens = (Act(verb + name, "service.subscribe", "service.cancel") for verb in OPENING for name in PRODUCTS)
    closes = (Act(verb + name, "service.cancel", "service.subscribe") for verb in CLOSING for name in PRODUCTS)
    return (*opens, *closes, *OTHERS)


def cases(seed: int = 1) -> tuple[Case, ...]:
    """More than 3,000, no text twice, the same ones for the same seed."""
    found: dict[str, Case] = {}
    for case in _all(random.Random(seed)):
        found.setdefault(case.text, case)
    return tuple(found.values())


def _all(rng: random.Random) -> Iterator[Case]:
    for act in acts():
        for kind, templates, count in SHAPES:
            for template in rng.sample(templates, count):
                if template == "取消{}" and act.words.startswith("取消"):
                    continue  # nobody says it twice
                case = Case(template.format(act.words), _accepted(kind, act), kind)
                yield case
                if rng.random() < 0.3:
                    yield from _mistyped(case, rng)


def _mistyped(case: Case, rng: random.Random) -> Iterator[Case]:
    text = typo(rng.choice(sorted(KINDS)), case.text)
    if text is not None:
        yield Case(text, case.accept, case.kind + "_typo")


def _accepted(kind: str, act: Act) -> frozenset[str]:
    if kind == "asked":
        return frozenset({act.intent})
    return frozenset({act.back} - {""}) if kind == "taken_back" else frozenset()
