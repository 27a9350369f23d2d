"""亲情号码: numbers that are called for less."""

from __future__ import annotations

from bot.intents.base import elsewhere, said
from bot.model import Brand

WITH_FAMILY = frozenset({Brand.EASYOWN, Brand.MZONE})

INTENTS = (
    elsewhere(
        "family.query",
        "亲情号码",
        said(
            "查亲情号码 亲情号查询 我的亲情号有哪些 亲情号是哪几个 设了哪些亲情号 亲情号码还能加几个 亲情号 "
            "亲情号码查询 看下亲情号 谁是我的亲情号 亲情号码列表 亲情号码绑了谁 我绑定的亲情号 有没有亲情号 "
            "qqh qinqinghao chaqinqinghaoma family_numbers 親情號碼 亲情网成员"
        ),
        brands=WITH_FAMILY,
    ),
    elsewhere(
        "family.add",
        "添加亲情号",
        said(
            "加亲情号 设置亲情号码 设亲情号 开通亲情号码 办亲情号 绑定亲情号 增加一个亲情号 "
            "亲情号加我妈 把我老婆号码设成亲情号 亲情号加13800138000 新增亲情号码 我要设亲情号 "
            "再加一个亲情号 给家里设个亲情号 亲情号怎么设 登记亲情号 add_family_number "
            "加親情號"
        ),
        changes=True,
        brands=WITH_FAMILY,
    ),
    elsewhere(
        "family.remove",
        "删除亲情号",
        said(
            "删亲情号 取消亲情号 亲情号删掉一个 去掉亲情号 亲情号解绑 不要亲情号了 "
            "把那个亲情号移除 亲情号码取消 退掉亲情号码 退订亲情号 亲情号里去掉我前妻 解除亲情号 亲情号清空 "
            "第二个亲情号删了 shanqinqinghao remove_family_number 刪除親情號 亲情号换掉旧的那个 亲情号撤了"
        ),
        changes=True,
        brands=WITH_FAMILY,
    ),
)
