"""号码: lost, paused, opened again, and why it is silent."""

from __future__ import annotations

import asyncio

from msgspec.structs import replace

from bot.dialog.words import PARKED
from bot.errors import UserError
from bot.intents.base import Call, Intent, said
from bot.intents.tickets import opened
from bot.model import Answer, Draft, Need, Order, OrderItem, OrderKind, Proof, Reply, Slots
from bot.words import FREE

LOST = "挂失"


def proof(slots: Slots) -> Proof:
    """A lost phone receives no code: the staff ask what they need. Whoever has it in hand proves it."""
    return Proof.CODE if slots.kind == PARKED else Proof.OPEN


async def suspend(call: Call) -> Answer:
    """Lost: straight to the staff, never a dead end (domain.md, rule 3). In hand: 停机保号, with a code."""
    if call.slots.kind == LOST:
        return await _lost(call)
    if call.slots.kind == PARKED:
        return await _park(call)
    options = (
        (call.says("手机丢了，马上停机", "The phone is lost, suspend it now"), LOST),
        (call.says("手机在手上，停机保号", "I have it, just pause the line"), PARKED),
    )
    return Need("kind", Reply("line/which"), slots=replace(call.slots, kind=""), options=options)


async def _lost(call: Call) -> Answer:
    if not call.slots.text:
        return Need("text", Reply("line/suspend", ticket=""), slots=call.slots)
    return await opened(call, "line.suspend", "line.suspend", "line/suspend")


async def _park(call: Call) -> Answer:
    line = await call.hall.line(call.account)
    if line.suspended:
        raise UserError("line/already", line=line)
    details = (("status", "suspended"), ("reason", "voluntary"))
    return _draft(call, call.says("停机保号", "Pause the line"), details, Reply("line/park"))


async def resume(call: Call) -> Answer:
    """With a code where the line can receive one; what was owed is paid, what was lost is proved in a hall."""
    line, balance = await asyncio.gather(call.hall.line(call.account), call.hall.balance(call.account))
    if not line.suspended:
        raise UserError("line/active")
    if line.reason == "owing":
        return Reply("line/status", line=line, balance=balance, personal=True)
    if line.reason == "lost" or not line.reachable:
        raise UserError("line/in_person", line=line)
    return _draft(call, call.says("复机", "Resume the line"), (("status", "active"),), Reply("line/resume", line=line))


async def status(call: Call) -> Answer:
    line, balance = await asyncio.gather(call.hall.line(call.account), call.hall.balance(call.account))
    return Reply("line/status", line=line, balance=balance, personal=True)


def _draft(call: Call, title: str, details: tuple[tuple[str, str], ...], reply: Reply) -> Draft:
    free = call.says(FREE, "free")
    order = Order(
        kind=OrderKind.PRODUCT,
        number=call.account.number,
        account=call.account.id,
        price=free,
        items=(OrderItem("modify", call.account.line, title, details=details),),
    )
    return Draft(order, title=title, sms=call.says(f"“{title}”", f'"{title}" ') + f"({free})", reply=reply)


INTENTS = (
    Intent(
        "line.suspend",
        "停机挂失",
        suspend,
        said(
            "挂失 停机 报停 停机保号 我要停机 申请停机 办停机 手机丢了 手机丢了怎么办 手机被偷了 手机掉了 "
            "手机不见了 手机找不到了 手机被抢了 手机落出租车上了 手机叫人偷了赶紧停 手机丢了快帮我停机 "
            "丢手机了要挂失 卡丢了先停掉 电话卡丢了 sim卡丢了挂失 卡被人偷用了停掉 挂失手机 挂失手机卡 "
            "号码挂失 电话挂失 办理挂失 把号停了 把我的号码停掉 停用号码 暂停号码 暂停使用 暂时停用这个号 "
            "先把号停几个月 出国半年号先停 号码保留不用了先停着 手机号报停 停号 停卡 保号 停机保号怎么办 "
            "主动停机 申请报停 帮我封号 锁卡别让人打 停机服务 停一下机 别让小偷打我电话快停 "
            "这号先不用了停一停 紧急停机 tj gs guashi tingji baoting tjbh "
            "i_lost_my_phone phone_stolen suspend_my_line block_my_sim 掛失 停機 手機丟了快停 手機被偷 "
            "俺手机让人偷咧 手机叫贼摸去了 手机让扒手摸走了 号先停三个月 手机掉厕所冲走了 手機不見了 "
            "钱包手机都没了先停机"
        ),
        proof=Proof.CODE,
        proofs=proof,
        changes=True,
    ),
    Intent(
        "line.resume",
        "复机",
        resume,
        said(
            "开机 恢复开机 复机服务 我要复机 申请复机 办理复机 恢复使用 恢复号码 恢复通话 解除挂失 取消挂失 "
            "解挂 手机找到了 手机找回来了 取消停机 停机恢复 恢复停机的号 把号开了 重新开通号码 号码重新启用 "
            "给我开机 帮我把号恢复 复通 停机保号要恢复 报停的号想用了 我回国了把号打开 新卡补好了请开机 "
            "交完钱怎么还没开机 交费了给我开机 紧急开机 申请紧急开机 信用开机 半停机恢复 解除停机 解停 fj "
            "fuji kaiji jiegua huifu resume_my_line reactivate_my_number unblock_my_sim 復機 恢復通話 "
            "解除掛失 开通停机的号码 卡找到了不挂失了"
        ),
        proof=Proof.CODE,
        changes=True,
    ),
    Intent(
        "line.status",
        "号码状态",
        status,
        said(
            "号被停了 为什么停机 我的号怎么停机了 咋给我停机了 手机怎么被停了 为啥停我机 无缘无故停机 "
            "我是不是停机了 号码还能用吗 查号码状态 我的号码正常吗 手机状态 停机原因 欠费停机了吗 "
            "欠费停机怎么办 为什么打不出去了是欠费了吗 提示已停机 打我电话说停机 别人打我说已停机 "
            "电话怎么不通了是停机了吗 单停还是双停 被限制呼出 呼出被限制 我的号还在不在 号码注销了吗 "
            "号是不是被封了 什么时候会停机 会不会停机 刚交了钱咋还是停机 hmzt why_is_my_line_suspended "
            "line_status is_my_number_active 為什麼停機 號碼狀態 haomazhuangtai weishenmetingji "
            "号码被回收了吗 停了几天了"
        ),
    ),
)
