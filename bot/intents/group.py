"""集团: the bill, the members and the short numbers of a company."""

from __future__ import annotations

from bot.intents.base import elsewhere, said
from bot.model import Brand

GROUP = frozenset({Brand.GROUP})

INTENTS = (
    elsewhere(
        "group.bill",
        "集团账单",
        said(
            "查集团账单 公司话费 我们单位话费多少 集团话费 单位账单 集团月账单 公司这个月花了多少 集团总费用 "
            "统付账单 集团消费 公司账单 企业话费查询 企业账单 集团上个月账单 单位电话费总共多少 jtzd "
            "jituanzhangdan jituanhuafei company_bill group_bill 集團帳單 我们公司欠费没"
        ),
        brands=GROUP,
    ),
    elsewhere(
        "group.members",
        "集团成员",
        said(
            "查集团成员 集团成员名单 集团里都有谁 我们单位有哪些号码 成员列表 公司员工号码 成员查询 "
            "集团有多少人 单位通讯录 集团号码列表 集团用户名单 谁在我们集团里 公司入网号码 集团成员查询 "
            "v网成员 短号列表 同事短号是多少 jtcy jituanchengyuan group_members list_members 集團成員 "
            "企业成员"
        ),
        brands=GROUP,
    ),
    elsewhere(
        "group.number.add",
        "添加短号",
        said(
            "加短号 添加集团短号 加入集团短号 新员工加短号 加成员 添加成员 集团加人 给他办个短号 "
            "开通集团短号 办短号 分配短号 新增集团成员 把13800138000加进集团 加入v网 设置短号 开短号 "
            "入短号网 员工入网加短号 jiaduanhao add_member add_short_number 加短號 增加成员 加个人进来"
        ),
        changes=True,
        brands=GROUP,
    ),
    elsewhere(
        "group.number.remove",
        "删除短号",
        said(
            "删短号 取消短号 退出短号 删除集团短号 删除成员 去掉成员 集团删人 把离职的删了 员工离职删短号 "
            "移出集团 踢出集团 注销短号 短号不要了 退订集团短号 把13800138000从集团里删掉 退出v网 减成员 "
            "移除短号 shanduanhao remove_member remove_short_number 刪短號 取消集团短号 退集团"
        ),
        changes=True,
        brands=GROUP,
    ),
)
