"""What is said around the business: greeting, thanks, help, log-in, log-out, a person. Names without a dot."""

from __future__ import annotations

from typing import Any

from bot.gate import logged_in
from bot.intents.base import Call, Handler, Intent, said
from bot.model import Answer, Need, Proof, Reply


async def greet(call: Call) -> Answer:
    return _menu(call, "talk/greet")


async def help_(call: Call) -> Answer:
    return _menu(call, "talk/help")


async def oos(call: Call) -> Answer:
    """First the menu; the second time a person is offered, never forced."""
    if call.session.misses:
        return Reply("talk/oos", again=True)
    return _menu(call, "talk/oos", again=False)


async def thanks(call: Call) -> Answer:
    return Reply("talk/thanks")


async def bye(call: Call) -> Answer:
    return Reply("talk/bye", was=call.session.login_at > 0, logout=True)


async def repeat(call: Call) -> Answer:
    """After log-out nothing personal is said again."""
    session = call.session
    hidden = session.said_personal and not logged_in(session)
    return Reply("talk/repeat", text="" if hidden else session.said, personal=session.said_personal)


async def back(call: Call) -> Answer:
    return _menu(call, "talk/back")


async def cancel(call: Call) -> Answer:
    return _menu(call, "talk/cancel")


async def login(call: Call) -> Answer:
    return Reply("talk/login", account=call.account, menu=call.menus.of(call.account))


async def logout(call: Call) -> Answer:
    return Reply("talk/logout", was=call.session.login_at > 0, logout=True)


async def handoff(call: Call) -> Answer:
    """Until there is a desk: a message for the staff, as a ticket (TMF621)."""
    if not call.slots.text:
        return Need("text", Reply("talk/handoff", ticket=""), slots=call.slots)
    number = call.session.account.number if call.session.account else ""
    ticket = await call.hall.ticket(number, call.slots.text, "handoff", call.key)
    return Reply("talk/handoff", ticket=ticket)


def _menu(call: Call, template: str, **data: Any) -> Reply:
    menu = call.menus.of(call.session.account)
    return Reply(template, titles=call.catalogue.titles(menu), account=call.session.account, menu=menu, **data)


def _open(name: str, title: str, run: Handler, *says: str) -> Intent:
    return Intent(name, title, run, says, proof=Proof.OPEN)


INTENTS = (
    _open(
        "greet",
        "问候",
        greet,
        *said("你好 您好 hi hello 在吗 在不在 有人吗 喂 嗨 早上好 上午好 下午好 晚上好 哈喽 你好啊 nihao 开始"),
    ),
    _open(
        "thanks",
        "谢谢",
        thanks,
        *said("谢谢 多谢 谢啦 谢谢你 谢谢您 感谢 thx thanks 3q 辛苦了 好的谢谢 非常感谢 太谢谢了 thank_you 谢了"),
    ),
    _open(
        "bye",
        "再见",
        bye,
        *said("再见 拜拜 88 bye 回见 没事了 没有了 下次再聊 先这样 bye_bye 拜 走了 不用了再见 886 就这样吧"),
    ),
    _open(
        "help",
        "帮助",
        help_,
        *said(
            "帮助 菜单 你会什么 你能做什么 能查什么 有什么功能 功能 help 主菜单 怎么用 bz cd 有哪些业务可以查 "
            "可以办什么 使用说明 能干嘛 menu"
        ),
    ),
    _open(
        "repeat",
        "重说",
        repeat,
        *said(
            "重说 再说一遍 重复一遍 没看清 再说一次 刚才说什么 再发一遍 你说什么 repeat 重复 没看懂再说一遍 "
            "上一条再发一次 再讲一遍 刚才那条再发一下 没收到回复再说一遍"
        ),
    ),
    _open(
        "back",
        "返回",
        back,
        *said(
            "返回 上一步 返回上一步 回到上一级 back 退回去 返回上级 回上一层 返回菜单 回主菜单 回去 fh 上一级 后退 "
            "回到刚才"
        ),
    ),
    _open(
        "cancel",
        "取消",
        cancel,
        *said("取消 算了 不办了 不要了 不弄了 放弃 不想办了 先不办 cancel 不用办了 当我没说 qx 不需要了 先不弄 别办了"),
    ),
    Intent(
        "login",
        "登录",
        login,
        (
            *said(
                "登录 登陆 我要登录 login dl denglu 登一下 登入 怎么登录 输密码 验证身份 身份验证 我要登陆 log_in "
                "登录一下"
            ),
        ),
    ),
    _open(
        "logout",
        "退出登录",
        logout,
        *said(
            "退出 退出登录 注销 登出 logout 安全退出 下线 log_out exit tc 我要退出 退出账号 退出账户 帮我退出 tuichu"
        ),
    ),
    _open(
        "handoff",
        "人工服务",
        handoff,
        *said(
            "人工 转人工 人工服务 人工客服 找人工 找人 真人 客服 我要人工 转接人工 rg 有没有真人 人工台 叫个人来 "
            "转客服 接人工 找客服 让人来跟我说 别跟我机器人 我要跟人说话 不要机器人 rengong zhuanrengong 人呢 "
            "给我转人工 转人工客服 客服在吗 人工坐席 找个活人 我要找客服 请转人工 帮我转人工 人工帮我处理 "
            "机器人走开 换人工 有人工吗 需要人工服务 我要投诉找人工 能转人工吗 talk_to_a_human agent 人工人工"
        ),
    ),
    _open("oos", "没听懂", oos, "呃呃呃听不懂的话"),
)
