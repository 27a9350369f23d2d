"""Questions about what waits to be agreed to, answered from what it says itself: how it ends, from when, what it costs.
Pure."""

from __future__ import annotations

import re
from typing import Literal

About = Literal["ends", "starts", "price", "what"]

_THIS = r"(?:(?:那|这个?|它|业务|以后|之后|后面|办了|开了|到时候|不想要了?|不用了?|要是|如果|的话|我|[,， ])*+)"
_BY = r"(?:呢|啊|呀|吗|么|不|的|了)*"
_UNDO = r"(?:退订?|退掉|取消|关掉?|关闭|停掉?|反悔|撤回|撤销|删掉?|删除)"
_WHEN = r"(?:什么时候|几时|啥时候|多久|何时|几号|哪天|马上|立刻|立即|当天|今天|这个月|下个?月)"
_ZH: dict[About, str] = {
    "ends": rf"{_THIS}(?:(?:怎么|如何|咋|怎样|能不能|可不可以|能否|随时|还|会)+(?:能|可以)?{_UNDO}{_BY}"
    rf"|(?:还|随时)*(?:能|可以){_UNDO}(?:掉|得了)?(?:吗|么|不|呢)+)",
    "starts": rf"{_THIS}(?:是)?{_WHEN}(?:之?后|内)?(?:就|能|会|可以|才|开始|给)*"
    rf"(?:生效|开通|能用|用上?|到账|开始|算|扣|有)"
    rf"{_BY}",
    "price": rf"{_THIS}(?:是|要|得|一个月|每月|每个月|一共|总共)*"
    rf"(?:多少钱|几块钱?|几元|收费|要钱|花钱|免费|贵|贵不贵|怎么收费"
    rf"|扣多少[钱分]?|什么价格?)(?:一个月|每月)?{_BY}",
    "what": rf"{_THIS}(?:到底|究竟|都)*(?:有(?:什么|啥)(?:用处?|好处|作用|功能)"
    rf"|是?(?:干|做)(?:什么|嘛|啥)用?|是(?:什么|啥)(?:东西|意思|业务)?"
    rf"|(?:什么|啥)意思|怎么用|如何用){_BY}|{_THIS}介绍(?:一下|下)?{_BY}",
}
_IT = r"(?: (?:it|this|that|the order))?"
_EN: dict[About, str] = {
    "ends": rf"(?:(?:and )?how (?:do|can|could|would) i|can i|could i)(?: always| still)?"
    rf" (?:cancel|stop|end|undo|return|unsubscribe)"
    rf"(?: from)?{_IT}(?: later| again| any ?time| afterwards)?",
    "starts": r"(?:and )?(?:when|how soon) (?:does|will|would|do|can) (?:it|this|that|i)"
    r" (?:start|begin|take effect|arrive|work|use it|be active)"
    r"|does it (?:start|begin|take effect) (?:at once|now|immediately|today)|from when",
    "price": r"(?:and )?how much(?: (?:is|does|will|would) (?:it|this|that)(?: cost| be)?)?"
    r"(?: (?:a|per) month)?|is it free"
    r"|what does (?:it|this|that) cost",
    "what": r"(?:and )?what(?: is|'s) (?:it|this|that|the use)(?: (?:good )?for| of (?:it|this|that))?"
    r"|what does (?:it|this|that) do"
    r"|what(?:'s| is) the use|how does it work",
}
_ASKED = {about: re.compile(f"{_ZH[about]}|{_EN[about]}") for about in _ZH}
_LINES: dict[About, re.Pattern[str]] = {
    "ends": re.compile("退订：|取消：|不能退|不能撤|随时可|^Ends|cannot be|can't be"),
    "starts": re.compile("生效|到账|^Starts|at once|[Tt]akes effect"),
    "price": re.compile("资费|费用|扣除|^Price|^Cost|^Free"),
}
_ASKS = re.compile('回复“?确认|[Rr]eply "confirm"')


def asked(line: str) -> About | None:
    """What a cleaned line asks about it; None for anything else."""
    return next((about for about, pattern in _ASKED.items() if pattern.fullmatch(line)), None)


def told(terms: str, about: About) -> str:
    """The lines of what is agreed to that say it, "" for none."""
    pattern = _LINES.get(about)
    lines = terms.splitlines()[1:] if pattern else []
    return "\n".join(line for line in lines if pattern and pattern.search(line) and not _ASKS.search(line))
