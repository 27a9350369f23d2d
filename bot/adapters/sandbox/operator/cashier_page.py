"""What the customer sees at the sandbox's cashier: one page, no script, made for a phone."""

from __future__ import annotations

from html import escape

from bot.adapters.sandbox.operator.store import Row

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",  # the guard wants to see where a form comes from
    "X-Content-Type-Options": "nosniff",
}
_SAID = {
    "created": ("待支付", "wait", "请在15分钟内完成支付。"),
    "done": ("支付成功", "done", "钱已到账，可以关闭这个页面，回到对话里看结果。"),
    "cancelled": ("已取消", "over", "这笔缴费没有扣款。需要的话请回到对话里重新发起。"),
}
_PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>收银台 · {title}</title>
<style>
:root {{ color-scheme: light dark; font: 17px/1.5 system-ui, sans-serif; }}
body {{ margin: 0; min-height: 100vh; display: grid; place-items: center; background: #eef1f5; color: #1b2430; }}
main {{ width: min(22rem, calc(100vw - 2rem)); background: #fff; border-radius: 16px; padding: 1.5rem;
  box-sizing: border-box; box-shadow: 0 4px 24px #1b243018; }}
h1 {{ font-size: 1rem; margin: 0; font-weight: 600; }}
.state {{ float: right; font-size: .85rem; padding: .1rem .6rem; border-radius: 1rem; background: #e3e8ef; }}
.done .state {{ background: #d5f2e3; color: #0b5a36; }} .over .state {{ background: #f3e2e0; color: #7d2018; }}
.sum {{ font-size: 2.6rem; font-weight: 700; text-align: center; margin: 1.4rem 0 .2rem; }}
.sum small {{ font-size: 1.2rem; font-weight: 500; }}
dl {{ display: grid; grid-template-columns: auto 1fr; gap: .3rem 1rem; margin: 1.2rem 0; }}
dt {{ color: #5a6675; }} dd {{ margin: 0; text-align: right; }}
button {{ width: 100%; min-height: 3rem; font: inherit; font-weight: 600; border: 0; border-radius: 10px;
  background: #0a58ca; color: #fff; margin-top: .6rem; cursor: pointer; }}
button[value=cancel] {{ background: none; color: #5a6675; font-weight: 400; }}
p {{ color: #5a6675; font-size: .85rem; margin: .8rem 0 0; text-align: center; }}
@media (prefers-color-scheme: dark) {{
  body {{ background: #12161c; color: #e8edf3; }} main {{ background: #1d242d; }} dt, p, button[value=cancel] {{
  color: #a3b0bf; }} .state {{ background: #303a46; }} }}
</style></head>
<body><main class="{kind}"><span class="state">{title}</span><h1>收银台（演示）</h1>
<div class="sum"><small>¥</small>{sum}</div>
<dl><dt>充值号码</dt><dd>{number}</dd><dt>单号</dt><dd>{id}</dd></dl>
{buttons}<p>{note}</p></main></body></html>
"""
_BUTTONS = """<form method="post"><button name="do" value="pay">确认支付</button>
<button name="do" value="cancel">不付了</button></form>"""


def shown(row: Row, state: str) -> str:
    title, kind, note = _SAID[state]
    number = f"{row['number'][:3]}****{row['number'][-4:]}"
    return _PAGE.format(
        title=title,
        kind=kind,
        sum=f"{row['amount'] / 100:.2f}",
        number=escape(number),
        id=escape(str(row["id"])),
        buttons=_BUTTONS if state == "created" else "",
        note=note,
    )
