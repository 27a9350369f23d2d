"""What a message means because of what was shown before it: another month, another line of the list. Pure."""

from __future__ import annotations

import re

from bot import dialog, spoken
from bot.dialog.words import called_off
from bot.model import AskedSlot, Choosing, Listed, Ms, State, Todo

_N = r"(\d{1,2}|[一二两三四五六七八九十]{1,3})"
_LOOK = r"(?:那|还|我?要|我?想)?(?:再)?(?:查|看|来)?(?:一下|下)?"
_END = r"(?:的)?(?:账单|话费|详单|记录|明细)?(?:的|呢|吧|呗|啊|看看|怎么样|是多少)*"
_EARLIER = re.compile(
    rf"{_LOOK}(?:再)?(?:往)?[前早](?:面|边)?的?一个月{_END}|{_LOOK}再上(?:一)?个月{_END}|(?:那|还)?(?:要)?再(?:查|看|来)(?:一下)?一个月{_END}"
)
_LATER = re.compile(rf"{_LOOK}(?:再)?(?:往)?后(?:面|边)?的?一个月{_END}|{_LOOK}它?下一个月{_END}")
_CHANGED = r"(?:那|还是|我?要|我?想|不对|算了)?(?:还是)?(?:换|改|选|退|回)(?:成|到|回|为)?(?:一下)?"
_PREVIOUS = re.compile(
    rf"(?:{_CHANGED}|还是|还是要|我?要)?(?:前|上)(?:面|边)?(?:那|的)?一?[个条项款种](?:吧|呢|的|好了)*"
)
_NEXT = re.compile(rf"(?:{_CHANGED}|还是|还是要|我?要)?(?:后|下)(?:面|边)?(?:那|的)?一?[个条项款种](?:吧|呢|的|好了)*")
_NTH = re.compile(rf"{_CHANGED}第{_N}[个条项款种](?:吧|呢|的|好了)*")

_LATE = "(?:刚才|刚刚|刚)(?:办的?|开的?|开通的?|订的?|弄的?|换的?|加的?)?(?:那个|这个|那项|这项|的)?(?:业务|套餐)?"
_AWAY = "(?:不想?要|退掉|退订|退|取消掉?|撤销|撤回|删掉|删)"
_REGRETS = re.compile(
    rf"(?:我|那|就|还是|把|将)*{_LATE}(?:我|又|就|还是|都|给我|帮我)*{_AWAY}(?:了|吧|啦|掉)*"
    rf"|(?:我|那|就|还是|帮我|给我)*{_AWAY}(?:了|掉)?{_LATE}(?:吧|了)*"
    r"|(?:我|那|就|还是|先|要|想|请|帮我)*(?:退掉|退了|退了它|不想要|撤回|撤销|反悔|后悔)(?:它)?(?:吧|了|啦)*"
    r"|(?:please |i want to )?(?:cancel|undo|remove|take back) (?:it|that|that one|the last one|my last order"
    r"|what i (?:just )?(?:ordered|opened|added|did))(?: again)?|undo"
    r"|i (?:don't|do not) want (?:it|that|that one|the last one)(?: any ?more)?"
)


def regrets(text: str) -> bool:
    """刚才那个不要了, 退掉, 取消换套餐: said of what was ordered last."""
    return bool(_REGRETS.fullmatch(text)) or (called_off(text) and "业务" not in text)


def months_from_topic(text: str) -> int:
    """`再往前一个月` → -1, `后一个月呢` → 1: counted from the month that was shown; 0 = no such thing was said."""
    if _EARLIER.fullmatch(text):
        return -1
    return 1 if _LATER.fullmatch(text) else 0


def listed(state: State, chosen: Todo, at: Ms) -> Listed | None:
    """The list that `chosen` was one line of; None when it was none."""
    match state:
        case Choosing(options):
            todos = tuple(option.todo for option in options)
        case AskedSlot(todo, slot, options, several) if options and not several:
            todos = tuple(dialog.fill(todo, slot, value) for _, value in options)
        case _:
            return None
    return Listed(todos, todos.index(chosen), at) if chosen in todos and len(todos) > 1 else None


def other_line(text: str, before: Listed) -> Todo | None:
    """`换成前一个`, `还是下一个吧`, `换成第三个`: another line of the list that was chosen from; None for all else."""
    if found := _NTH.fullmatch(text):
        place = spoken.count(found[1]) - 1
    elif _PREVIOUS.fullmatch(text):
        place = before.place - 1
    elif _NEXT.fullmatch(text):
        place = before.place + 1
    else:
        return None
    return before.todos[place] if 0 <= place < len(before.todos) else None
