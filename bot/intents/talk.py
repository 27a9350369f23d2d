"""What is said around the business: greeting, thanks, help, log-in, log-out, a person. Names without a dot."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from contextlib import suppress

from bot.errors import Refused, Unavailable
from bot.gate import just_done, logged_in, offers_staff
from bot.intents.answers import OFFERED, Entry
from bot.intents.base import Call, Handler, Intent, Page, said, with_menu
from bot.intents.text import clean
from bot.intents.tickets import PROGRESS, complained, opened, progress
from bot.model import Answer, Choice, Choosing, Need, Proof, Reply, Slots, Todo
from bot.ports.around import Promotion

GREETING = 0.3  # seconds that a greeting waits for the operator's promotions
_PROGRESS = re.compile(
    r"进展|进度|没人理|没人管|处理得|怎么样了|结果|催|(?<!开)(?<!开个)(?<!开张)工单"
    r"|status|progress|(?<!a )(?<!new )\btickets?\b",
    re.IGNORECASE,
)
IDLE = "idle"  # kind of a 取消 where nothing was open


async def greet(call: Call) -> Answer:
    """By brand, with what runs for it; an operator that is slow or away delays no greeting."""
    account, running = call.session.account, list[Promotion]()
    if account:
        with suppress(Unavailable, Refused, TimeoutError):
            async with asyncio.timeout(GREETING):
                running = await call.hall.promotions(account.brand)
    return with_menu(call, "talk/greet", running=[one.name for one in running[:2]])


async def help_(call: Call) -> Answer:
    return with_menu(call, "talk/help")


async def oos(call: Call) -> Answer:
    """First the menu; the second time a person is offered, never forced; after that it is not said again and again."""
    if call.session.misses:
        return Reply("talk/oos", again=True, offer=offers_staff(call.session))
    return with_menu(call, "talk/oos", again=False, offer=False)


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
    return with_menu(call, "talk/back")


async def cancel(call: Call) -> Answer:
    """What is done already is not undone by it, and must not sound like it."""
    if done := just_done(call.session, call.at, call.limits):
        name = done.order.items[0].name if len(done.order.items) == 1 else ""
        return Reply("talk/kept", idle=call.slots.kind == IDLE, operation=done, name=name, personal=True)
    return with_menu(call, "talk/cancel", idle=call.slots.kind == IDLE)


async def login(call: Call) -> Answer:
    return Reply("talk/login", account=call.account, menu=call.menus.of(call.account))


async def logout(call: Call) -> Answer:
    return Reply("talk/logout", was=call.session.login_at > 0, logout=True)


async def bot_challenge(call: Call) -> Answer:
    return Reply("talk/bot_challenge")


async def complaint(call: Call) -> Answer:
    """A ticket (TMF621): what happened, in the customer's own words."""
    line = clean(call.slots.line)
    asks = call.slots.kind == PROGRESS or (_PROGRESS.search(line) and not complained(line))
    if asks and not call.slots.text:
        return await progress(call)
    if not call.slots.text:
        return Need("text", Reply("talk/complaint", ticket=""), slots=call.slots)
    return await opened(call, "complaint", "complaint", "talk/complaint")


async def handoff(call: Call) -> Answer:
    """Until there is a desk: a message for the staff, as a ticket (TMF621)."""
    if not call.slots.text:
        return Need("text", Reply("talk/handoff", ticket=""), slots=call.slots)
    return await opened(call, "handoff", "handoff", "talk/handoff")


async def faq(call: Call) -> Answer:
    """The entry that is meant; those that may be when it is not clear; else what can be asked."""
    everything = call.answers.entries
    chosen = [one for one in everything if one.id in call.slots.items]
    found = chosen or call.answers.nearest(call.slots.line)
    if len(found) == 1:
        return Reply("talk/faq", entry=found[0])
    return _choose(call, found or everything, asked=bool(found))


def _choose(call: Call, some: Sequence[Entry], *, asked: bool) -> Reply:
    page = Page.of(some, call.slots.page, OFFERED)
    called = {one.id: call.says(one.title, one.english) for one in page.items}
    options = tuple(Choice(title, Todo("faq", Slots(items=(id,)))) for id, title in called.items())
    return Reply("talk/faq_choose", entries=page.items, more=page.more, asked=asked, state=Choosing(options, call.at))


def _open(name: str, title: str, run: Handler, *says: str) -> Intent:
    return Intent(name, title, run, says, proof=Proof.OPEN)


INTENTS = (
    _open(
        "greet",
        "问候",
        greet,
        *said(
            "你好 您好 hi hello 在吗 在不在 有人吗 喂 嗨 早上好 上午好 下午好 晚上好 哈喽 你好啊 nihao 开始 "
            "早 hey 哈罗 喂喂 在么 中午好 good_morning 有人在没 移动你好 10086你好 嘿 zaima "
            "您好在不在线 早安 亲在不"
        ),
    ),
    _open(
        "thanks",
        "谢谢",
        thanks,
        *said(
            "多谢 谢啦 谢谢你 谢谢您 感谢 thx thanks 3q 辛苦了 好的谢谢 非常感谢 太谢谢了 thank_you "
            "谢了 谢谢啊 麻烦你了 xiexie 3Q3Q 服务真好 你真棒 帮大忙了 唔该 感激不尽 谢谢帮忙 謝謝 多谢哈 "
            "给你点个赞 蟹蟹"
        ),
    ),
    _open(
        "bye",
        "再见",
        bye,
        *said(
            "拜拜 88 bye 回见 没事了 没有了 下次再聊 先这样 bye_bye 拜 走了 不用了再见 886 就这样吧 "
            "我走啦 挂了 回头见 没别的事了 問完了 zaijian baibai see_you 先不聊了 好了没问题了 拜了个拜 "
            "下了哈 結束 没啥事了先走"
        ),
    ),
    _open(
        "help",
        "帮助",
        help_,
        *said(
            "菜单 你会什么 你能做什么 能查什么 有什么功能 功能 help 主菜单 怎么用 bz cd "
            "有哪些业务可以查 可以办什么 使用说明 能干嘛 menu 你都能帮我干啥 怎么操作 不会用 这个咋用 "
            "都有什么服务 指令有哪些 发什么查什么 短信代码大全 caidan bangzhu 幫助 功能列表 我该怎么问 "
            "教我用一下"
        ),
    ),
    _open(
        "repeat",
        "重说",
        repeat,
        *said(
            "再说一遍 重复一遍 没看清 再说一次 刚才说什么 再发一遍 你说什么 repeat 重复 没看懂再说一遍 "
            "上一条再发一次 再讲一遍 刚才那条再发一下 没收到回复再说一遍 什么再说一回 刷掉了再发一遍 "
            "say_again 没看见你刚发的 chongshuo 上一句是啥 再來一遍"
        ),
    ),
    _open(
        "back",
        "返回",
        back,
        *said(
            "上一步 返回上一步 回到上一级 back 退回去 返回上级 回上一层 返回菜单 回主菜单 回去 fh "
            "上一级 后退 回到刚才 fanhui 倒回去 回前面 上一层 退一步 go_back 重新选 选错了回去 返囘 回首页"
        ),
    ),
    _open(
        "cancel",
        "取消",
        cancel,
        *said(
            "算了 不办了 不要了 不弄了 放弃 不想办了 先不办 cancel 不用办了 当我没说 qx 不需要了 先不弄 "
            "别办了 还是算了吧 拉倒 quxiao suanle 我后悔了 不搞了 never_mind 停下别办 罢了 作罢 到此为止不办"
        ),
    ),
    _open(
        "bot_challenge",
        "你是谁",
        bot_challenge,
        *said(
            "你是机器人吗 你是真人吗 你是人还是机器 你叫什么 你叫啥名字 你是不是人 我在跟谁说话 "
            "跟我聊的是机器吗 你是电脑吧 是人工还是自动回复 自动回复的吧 你是客服吗还是程序 你谁啊 你是哪位 "
            "你是男的女的 你多大了 你有工号吗 你是活人不 你是ai吗 are_you_a_robot who_are_you are_you_human "
            "你是誰 nishishui nishijiqirenma 机器人 你背后有人吗 介绍一下你自己 这里是10086吗 谁在回我"
        ),
    ),
    Intent(
        "login",
        "登录",
        login,
        said(
            "登陆 我要登录 login dl denglu 登入 怎么登录 输密码 验证身份 身份验证 我要登陆 "
            "log_in 登录一下 登我的号 进入账户 登錄 重新登录 密码登录 用客服密码登 sign_in 登上去 "
            "我的账号怎么进"
        ),
    ),
    _open(
        "logout",
        "退出登录",
        logout,
        *said(
            "退出 注销 登出 logout 安全退出 下线 log_out exit tc 我要退出 退出账号 退出账户 "
            "帮我退出 tuichu 退出系统 退出我的账户 sign_out 用完了退出 別人手机登的帮我退 退登 登錄退出"
        ),
    ),
    Intent(
        "complaint",
        "投诉",
        complaint,
        said(
            "我要投诉 投诉你们 举报 意见反馈 提意见 我要反映问题 乱扣费投诉 你们乱扣我钱 "
            "偷偷给我开业务还收钱 没订过业务凭啥收费 凭什么扣我钱 什么破服务 服务态度太差 营业员态度恶劣 "
            "你们就是骗钱 太坑了吧 垃圾移动 坑爹 我要曝光你们 打工信部投诉 消协见 315举报你们 骗子公司退我钱 "
            "把多扣的钱退回来 要求赔偿 我很不满意 投诉营业厅 投诉客服 垃圾短信太多投诉 骚扰电话举报 ts tousu "
            "woyaotousu 我的工单 工单 查工单 工单查询 工单进度 催办 "
            "complain i_want_to_complain file_a_complaint 投訴 上次投诉没人理 投诉进展 "
            "气死我了你们怎么回事 霸王条款 不给解决我就投诉"
        ),
    ),
    _open(
        "handoff",
        "人工服务",
        handoff,
        *said(
            "人工 转人工 人工客服 找人工 找人 真人 客服 我要人工 转接人工 rg 有没有真人 人工台 叫个人来 "
            "转客服 接人工 找客服 让人来跟我说 别跟我机器人 我要跟人说话 不要机器人 rengong zhuanrengong "
            "人呢 给我转人工 转人工客服 客服在吗 人工坐席 找个活人 我要找客服 请转人工 帮我转人工 "
            "人工帮我处理 机器人走开 换人工 有人工吗 需要人工服务 我要投诉找人工 能转人工吗 talk_to_a_human "
            "agent 人工人工 叫你们经理来 找你们领导 找值班经理 来个会说话的 不跟你说了换个人 你听不懂叫人来 "
            "客服妹妹在不 客服电话转接 我想打给客服 怎么联系客服 小姐在吗帮我看看 跟客服聊 在线客服 "
            "转客服人员 来人啊 有没有人管 找个管事的来 有活人没 还是找人工吧 你解决不了给我人工 zrg kefu zhaokefu "
            "operator_please "
            "real_person customer_service human_please 人工服務 轉人工 真人客服 客服小姐 整个真人来 摇个人"
        ),
    ),
    _open("oos", "没听懂", oos, "呃呃呃听不懂的话"),
)
