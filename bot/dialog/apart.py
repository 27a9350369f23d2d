"""What is to stay as it is: 除了手机报都退, 只退来电显示不退手机报, everything except mobile news. Pure.

A character stands for each name that is known, so that nothing inside of it (转, 全, 不限量) is read as a word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

_FIRST = 0xE000  # of the private characters that stand for names
_N = "[\ue000-\uf8ff]"
_NOT = "(?:不要|不用|不想|不需要|不必|不能|不许|不准|别(?![的人])|甭|勿|莫|没让|没叫)"
_FOR = "(?:再|给我|帮我|替我|先|也|都|就|我|想|要)"
_CLOSE = "(?:取消|退|关|停|删|撤|去掉)"
_OPEN = "(?:开|订|办|加|定|装|买|申请|要|弄|搞)"
_EVERY = "都|全|其[他它余]|别的|剩|所有|统统|通通|一律|一概"
_ASKED = re.compile("[能可要是行好用](?:不|不可)(?:能|以|要|是|行|好|用)|不知道|要不(?!要)")
_OUT = rf"除外|不包括|不包含|不含|不算|不变|(?:而|可|但)?不是|\bnot(?= (?:the |my )?{_N})|\b(?:without|excluding)\b"
_KEEPS = {  # of a clause: what it names stays as it is, where something is to be closed, and to be opened
    True: re.compile(
        rf"(?:{_NOT}|不){_FOR}*(?:[把将](?:我的)?{_N}+{_FOR}*)?(?:{_CLOSE}|动|碰)"
        rf"|留(?!言)|还要|还用|还想用|继续用|只(?:想)?(?:要|用)(?={_N})|{_OUT}|\b(?:keep|leave|retain)\b"
        r"|\b(?:don't|do not|dont|never) (?:\w+ )?(?:cancel|stop|remove|turn|touch|end|switch|unsubscribe)\b"
    ),
    False: re.compile(rf"{_NOT}|不{_FOR}*{_OPEN}|{_OUT}|\b(?:don't|do not|dont|no|never|not)\b"),
}
_NAMED_APART = re.compile(
    r"(?<![删清解扣消免])除[了去掉开却](?P<a>[^,;。]{1,40}?)(?:以外|之外|外)?的?"
    rf"(?:[,;。]+| +(?!{_N})|(?={_EVERY}|帮|给|我|把|业务|服务|取|退|关|停|删|开|订|办|要|加)|$)"
    r"|(?<![删清解扣消免])除(?P<d>[^,;。]{1,40}?)(?:以外|之外|外)的?"
    r"|(?P<b>[^,;。]{1,40}?)(?:以外|之外)(?:的(?P<rest>(?:其[他它余])?(?:业务|服务)|.))?"
    r"|\b(?:except(?: for)?|other than|apart from|aside from|besides|(?<=everything )but|(?<=all )but"
    r"|(?<=anything )but|(?<=services )but|(?<=them )but)(?: not)? (?P<c>[^,;.]{1,60})"
)
_REST = re.compile(rf"{_EVERY}|^\s*(?:业务|服务)吧?$|(?<![a-z])(?:everything|all|the rest|others?)(?![a-z])")
_CLAUSE = re.compile(
    r"[,;。!?\n]+|但是?|不过|(?<![a-z])(?:but|and)(?= (?:please )?(?:keep|leave|not|don't|do not|cancel|open|turn))"
    rf"|(?<=[^ ,、和])(?=(?:{_NOT}|不){_FOR}*(?:{_CLOSE}|{_OPEN})?{_N})|(?<={_N})(?=只?保?留{_N})"
)
_LEFT = re.compile(rf"{_N}|[\s、和跟与及的业务服务了吧也]|\b(?:and|the|my)\b")
_LONGEST = 40  # characters of what may be a name


@dataclass(frozen=True, slots=True)
class Apart:
    """`kept` are to stay as they are, `wished` are named for what is to be done, `rest`: so is all else.

    Where there is neither, it is not sure which ones are wished.
    """

    kept: frozenset[str]
    wished: tuple[str, ...] = ()
    rest: bool = False


def tells_apart(line: str, *, closing: bool, names: Iterable[tuple[str, str]] = ()) -> bool:
    """Is something set apart? `line` is folded; `closing`: what is said is to end something."""
    text, _ = _marked(line, names)
    return bool(_NAMED_APART.search(text)) or any(_KEEPS[closing].search(clause) for clause in _clauses(text))


def excepts(line: str) -> bool:
    """除了…, everything except …, whatever is to be done."""
    return bool(_NAMED_APART.search(line))


def apart(
    line: str, names: Iterable[tuple[str, str]], *, closing: bool, near: Callable[[str], list[str]] = lambda _: []
) -> Apart | None:
    """None where nothing is set apart. `names` are (name, id), folded; `near` are the ids that other words may mean."""
    text, ids = _marked(line, names)
    found, keeps = list(_NAMED_APART.finditer(text)), _KEEPS[closing]
    clauses = list(_clauses(_NAMED_APART.sub(",", text)))
    if not found and not any(keeps.search(clause) for clause in clauses):
        return None
    turned = any(keeps.search(match[0]) for match in found) or any(
        keeps.search(clause) and _REST.search(clause) and not _ids(clause, ids) for clause in clauses
    )
    if found and turned:  # 除了手机报其他都别退, 不要退手机报以外的: that one alone
        named = [one for match in found for one in _ids(match[0], ids)]
        return Apart(frozenset(), tuple(dict.fromkeys(named)))
    kept: list[str] = []
    wished: list[str] = []
    unsure = after = False
    rest = any(match["rest"] for match in found)
    for match in found:
        said = match["a"] or match["b"] or match["c"] or match["d"]
        named = _ids(said, ids) or near(said.strip()[:_LONGEST])
        kept, unsure = [*kept, *named], unsure or not named
    for clause in clauses:
        named, denied = _ids(clause, ids), bool(keeps.search(clause))
        bare = after and named and not _LEFT.sub("", clause)  # 别退彩铃，手机报: one more of them?
        if denied or bare:
            named = named or near(keeps.sub("", clause).strip()[:_LONGEST])
            kept, unsure = [*kept, *named], unsure or bool(bare) or not named
        elif named or not _REST.search(clause):
            wished += named or near(clause.strip()[:_LONGEST])
        else:
            rest = True
        after = denied
    wished = [one for one in dict.fromkeys(wished) if one not in kept and not unsure]
    return Apart(frozenset(kept), tuple(wished), rest and not wished and not unsure)


def _marked(line: str, names: Iterable[tuple[str, str]]) -> tuple[str, list[str]]:
    """The line with one character for each name, the longest first; whose they are."""
    ids: list[str] = []
    for name, one in sorted(names, key=lambda pair: -len(pair[0])):
        bounded = rf"(?<![a-z]){re.escape(name)}(?![a-z])" if name.isascii() else re.escape(name)
        line, times = re.subn(bounded, chr(_FIRST + len(ids)), line)
        ids += [one] * bool(times)
    return _ASKED.sub("", line), ids


def _ids(text: str, ids: list[str]) -> list[str]:
    return [ids[ord(c) - _FIRST] for c in text if _FIRST <= ord(c) < _FIRST + len(ids)]


def _clauses(text: str) -> Iterator[str]:
    return (clause for clause in _CLAUSE.split(text) if clause and clause.strip())
