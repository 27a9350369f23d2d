"""The words of the desk's pages, Chinese and English."""

from __future__ import annotations

LANGS = ("zh", "en")

_TEXTS = {
    "desk": ("坐席台", "Desk"),
    "login": ("登录", "Log in"),
    "number": ("工号", "Staff number"),
    "password": ("密码", "Password"),
    "code": ("动态码", "One-time code"),
    "code_hint": ("手机验证器上的 6 位数字", "6 digits of your authenticator app"),
    "login_wrong": (
        "没有登录成功。请核对工号、密码和动态码；连错 5 次锁定 15 分钟。",
        (
            "That did not work. Check number, password and code; five wrong ones lock the account for 15 "
            "minutes."
        ),
    ),
    "login_crowded": (
        "现在登录的人太多，请稍后几秒再试。这次没有计入错误次数。",
        "Too many log in just now: try again in a few seconds. This was not counted as a wrong one.",
    ),
    "locked": ("屏幕已锁定", "Screen locked"),
    "locked_why": (
        "会话都还在，输入动态码继续。半小时没有操作，客户就回到队首。",
        "Your sessions are still yours: enter a code to go on. After half an hour without you they wait for others.",
    ),
    "unlock": ("解锁", "Unlock"),
    "code_wrong": (
        "动态码不对，请用新的一个；连错 5 次需重新登录。",
        "That code is not right; use a fresh one. After five wrong ones you log in anew.",
    ),
    "logout": ("退出", "Log out"),
    "lock": ("锁屏", "Lock"),
    "work": ("工作台", "Work"),
    "team": ("值班", "Team"),
    "figures": ("数据", "Figures"),
    "audit": ("审计", "Audit"),
    "free": ("空闲", "Free"),
    "busy": ("忙碌", "Busy"),
    "break": ("小休", "Break"),
    "off": ("下班", "Off"),
    "mine": ("我的会话", "My sessions"),
    "queue": ("排队", "Queue"),
    "nobody_waits": ("没有人排队", "Nobody waits"),
    "none_mine": ("还没有会话。设为空闲后，新会话会在这里出现。", "While you are free, sessions appear here."),
    "claim": ("接入", "Take"),
    "refuse": ("不接", "Pass"),
    "offer": ("新会话", "New session"),
    "transfer_offer": ("转接给您", "Handed to you"),
    "ending": ("尾号 ", "number ending in "),
    "no_number": ("号码未知", "number unknown"),
    "to_take": (" 秒内接入", " seconds to take it"),
    "waited": ("等了", "waited"),
    "pick": ("选一个会话开始", "Choose a session"),
    "pick_hint": (
        "Ctrl ↑↓ 换会话，Ctrl J 到等得最久的客户，? 看全部快捷键",
        "Ctrl ↑↓ changes session, Ctrl J goes to who waits longest, ? shows all keys",
    ),
    "write": ("回复客户…（Enter 发送，/ 常用语，# 命令）", "Answer… (Enter sends, / canned replies, # commands)"),
    "send": ("发送", "Send"),
    "card": ("客户", "Customer"),
    "notes": ("备注", "Notes"),
    "past": ("历史", "History"),
    "note_write": ("客户看不到的备注…", "A note the customer never sees…"),
    "save": ("记下", "Save"),
    "wrap": ("结束", "Wrap up"),
    "wrap_code": ("小结", "Outcome"),
    "wrap_note": ("补充说明（可不写）", "Remark (optional)"),
    "wrap_now": ("结束会话", "End session"),
    "to_bot": ("还给机器人", "To bot"),
    "transfer": ("转接", "Transfer"),
    "transfer_to": ("转给", "To"),
    "group": ("组", "group"),
    "no_room": ("已满", "full"),
    "nobody_else": ("没有别的同事在线", "No colleague is on duty"),
    "reason": ("理由", "Reason"),
    "hold": ("挂起", "Hold"),
    "minutes": ("分钟", "minutes"),
    "verify": ("核实身份", "Verify"),
    "draft": ("代办", "Draft"),
    "draft_what": ("业务，如 彩铃", "Service, as it is called in the shop"),
    "ticket": ("工单", "Ticket"),
    "ticket_what": ("工单内容", "What the ticket says"),
    "ok": ("确定", "OK"),
    "cancel": ("取消", "Cancel"),
    "wants": ("想要", "Wants"),
    "tried": ("已查办", "Tried"),
    "stopped": ("未办完", "Unfinished"),
    "line": ("号码", "Number"),
    "brand": ("品牌", "Brand"),
    "logged_in": ("已登录", "logged in"),
    "logged_out": ("未登录", "not logged in"),
    "waited_for": ("等待", "Waited"),
    "since": ("服务", "Serving"),
    "no_past": ("没有以前的会话", "No earlier sessions"),
    "nothing_noted": ("还没有备注", "No notes yet"),
    "customer": ("客户", "Customer"),
    "bot": ("机器人", "Bot"),
    "system": ("系统", "System"),
    "note": ("备注", "Note"),
    "me": ("我", "Me"),
    "on_hold": ("已挂起", "on hold"),
    "wrapping": ("待小结", "wrap-up"),
    "over": ("已不归您，文字可以复制", "no longer yours; your text can be copied"),
    "closed": ("已结束", "closed"),
    "returned": ("没有发出，原文已放回输入框", "Not sent; your text is back in the box"),
    "offline": ("连接断开，正在重连…", "Connection lost, trying again…"),
    "back": ("已重新连接", "Connected again"),
    "expired": ("登录已过期，文字已保留。", "Your log-in has ended; what you typed is kept."),
    "keys": ("快捷键", "Keys"),
    "keys_list": (
        (
            "Enter|发送;Shift Enter|换行;Ctrl ↑ / ↓|上一个 / 下一个会话;Ctrl "
            "J|等得最久的;F2|接入;/|常用语;#|命令（#帮助）;Ctrl B|结束会话;Ctrl M|备注;Esc|输入框;?|这张表"
        ),
        (
            "Enter|send;Shift Enter|new line;Ctrl ↑ / ↓|previous / next session;Ctrl J|who waits "
            "longest;F2|take;/|canned replies (initials);#|commands (#help);Ctrl B|wrap up;Ctrl "
            "M|note;Esc|back to the box;?|this list"
        ),
    ),
    "shift": ("交班", "Hand over shift"),
    "shift_all": ("全部会话一起交，对方接起之前仍由您服务。", "All of them are handed on; each is yours until taken."),
    "watch": ("旁看", "Watch"),
    "unwatch": ("停止旁看", "Stop watching"),
    "whisper": ("悄悄话", "Whisper"),
    "barge": ("插话", "Barge in"),
    "take": ("接管", "Take over"),
    "whisper_what": ("只有坐席看得到", "Only the agent reads it"),
    "barge_what": ("客户和坐席都看得到", "Customer and agent read it"),
    "score": ("质检", "Score"),
    "staff": ("坐席", "Staff"),
    "load": ("服务中", "Serving"),
    "longest": ("最久等待", "Longest wait"),
    "here": ("在线", "On duty"),
    "room": ("空位", "Room"),
    "status": ("状态", "Status"),
    "sessions": ("会话", "Sessions"),
    "nobody_here": ("没有人在线", "Nobody is on duty"),
    "today": ("今天", "Today"),
    "week": ("近 7 天", "7 days"),
    "first_response": ("首次响应", "First response"),
    "handling": ("处理时长", "Handling time"),
    "wait": ("等待", "Wait"),
    "within": ("20 秒内接入", "Taken within 20 s"),
    "abandoned": ("放弃", "Abandoned"),
    "transfers": ("转接", "Transferred"),
    "containment": ("自助解决", "Contained"),
    "resolution": ("真正解决（7 天内没有再问）", "Truly resolved (not asked again in 7 days)"),
    "satisfaction": ("满意度", "Satisfaction"),
    "fallback": ("未听懂", "Not understood"),
    "by_hour": ("按小时的人工会话", "Sessions by hour"),
    "by_wait": ("等待时长分布", "How long they waited"),
    "by_star": ("评价", "Ratings"),
    "by_code": ("小结", "Outcomes"),
    "top_unheard": ("没听懂的问题", "What was not understood"),
    "times": ("次", "times"),
    "means": ("其实是", "It means"),
    "suggest": ("记为说法", "Suggest as phrase"),
    "suggested": ("已记下，待人采纳", "Noted, for a person to accept"),
    "no_figures": ("还没有数据", "No figures yet"),
    "when": ("时间", "When"),
    "who": ("工号", "Who"),
    "what": ("做了什么", "What"),
    "about": ("会话", "Session"),
    "light": ("浅色", "Light"),
    "dark": ("深色", "Dark"),
    "look": ("明暗", "Look"),
    "language": ("English", "中文"),
    "not_allowed": ("您的角色不能看这一页。", "Your role does not include this page."),
    "gone": ("没有这个会话，或者它不归您。", "There is no such session, or it is not yours."),
    "away": ("暂时连不上，请稍后再试。文字还在输入框里。", "Something is away; your text is still in the box."),
    "earlier": ("更早的记录", "Earlier"),
    "read_past": ("查看以前的会话", "Read an earlier session"),
    "typing": ("对方正在输入", "typing"),
    "menu": ("更多", "More"),
    "unread": ("未读", "unread"),
    "people": ("人", ""),
    "canned": ("常用语", "Canned replies"),
    "skip": ("跳到对话", "Skip to conversation"),
    "demo": ("演示登录", "Demo log-in"),
    "comma": ("、", ", "),
    "colon": ("：", ": "),
    "pause": ("，", ", "),
    "command_line": ("命令行", "command line"),
    "sure": ("把握", "sure:"),
}  # fmt: skip


# Words for what is kept as a key.
_REASONS = {
    "asked": ("要求人工", "Asked for staff"),
    "complaint": ("投诉", "Complaint"),
    "angry": ("情绪激动", "Angry"),
    "lost": ("手机丢失", "Phone lost"),
    "secrets": ("密码或验证码错误", "Wrong secrets"),
}
_ENDS = {  # where nobody chose a code for the wrap-up
    "left": ("离开排队", "Left queue"),
    "message": ("改为留言", "Message"),
    "nobody": ("无人值班", "No staff"),
    "waited": ("等待太久", "Too long"),
    "offline": ("客户离线", "Offline"),
    "back": ("还给机器人", "Given back"),
    "late": ("未写小结", "No wrap-up"),
}
_URGENCIES = {"normal": ("", ""), "unhappy": ("投诉", "Complaint"), "lost": ("手机丢失", "Phone lost")}
_DEEDS = {  # of the audit
    "login": ("登录", "logged in"),
    "logout": ("退出", "logged out"),
    "read": ("查看会话", "read a session"),
    "监": ("旁看", "watched"),
    "停监": ("停止旁看", "stopped watching"),
    "耳": ("悄悄话", "whispered"),
    "插": ("插话", "barged in"),
    "夺": ("接管", "took over"),
    "评": ("质检", "scored"),
    "stopped": ("索要密码被拦下", "asked for a secret, stopped"),
    "export": ("导出号码资料", "exported a number"),
    "erase": ("删除号码资料", "erased a number"),
    "replay": ("回放会话", "replayed a session"),
}


class Texts:
    """`t.login` in a template; a word that is not there is an error at once."""

    def __init__(self, lang: str) -> None:
        self.lang = lang if lang in LANGS else "zh"
        self._at = LANGS.index(self.lang)
        self.reasons, self.ends, self.urgencies, self.deeds = (
            {key: words[self._at] for key, words in named.items()} for named in (_REASONS, _ENDS, _URGENCIES, _DEEDS)
        )

    def __getattr__(self, name: str) -> str:
        try:
            return _TEXTS[name][self._at]
        except KeyError:
            raise AttributeError(name) from None


def texts(lang: str) -> Texts:
    return Texts(lang)
