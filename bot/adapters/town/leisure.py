"""Boards of 动感地带, levels of the 全球通 club, what a text message costs."""

from __future__ import annotations

from decimal import Decimal

from bot.ports.around import Board, Club

_BBS = "https://bbs.example.com/m"
BOARDS = (
    Board("campus", "校园生活", f"{_BBS}/campus", ("宿舍信号怎么变好", "期末复习互助楼", "二手书转让")),
    Board("music", "音乐彩铃", f"{_BBS}/music", ("本周彩铃排行", "求一首老歌的名字", "自己录彩铃的方法")),
    Board("phone", "手机玩家", f"{_BBS}/phone", ("3G手机怎么选", "流量省着用的十招", "主题铃声分享")),
    Board("game", "游戏天地", f"{_BBS}/game", ("1A2B几步能猜中", "成语接龙擂台", "周末联机报名")),
)
_COMMON = ("专席客服优先接入", "生日当月双倍积分")
CLUBS = {
    "钻石卡": Club("钻石卡", ("国内机场贵宾厅每年12次", "专属客户经理一对一", "国际漫游免押金", *_COMMON)),
    "金卡": Club("金卡", ("国内机场贵宾厅每年6次", "国际漫游免押金", *_COMMON), "近12个月消费满6000元升为钻石卡"),
    "银卡": Club("银卡", ("国内机场贵宾厅每年2次", *_COMMON), "近12个月消费满3000元升为金卡"),
}
NOBODY = Club("", _COMMON[:1], "近12个月消费满1500元可成为银卡会员")
MESSAGE = Decimal("0.10")  # yuan for one text message
