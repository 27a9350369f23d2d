"""服务密码: changing it, and getting back in without it."""

from __future__ import annotations

from bot.intents.base import elsewhere, said

INTENTS = (
    elsewhere(
        "password.change",
        "改密码",
        said(
            "修改密码 改服务密码 修改服务密码 换密码 改客服密码 密码修改 重新设个密码 密码太简单想改 "
            "我要改密码 更改密码 更换密码 设置新密码 改下密码 密码换一个 变更密码 怎么改密码 密码泄露了要改 "
            "别人知道我密码了 xgmm xiugaimima change_password 修改密碼 旧密码改新密码"
        ),
        changes=True,
    ),
    elsewhere(
        "password.reset",
        "忘记密码",
        said(
            "密码忘了 忘了服务密码 不记得密码 密码想不起来了 重置密码 找回密码 密码重置 密码找回 "
            "客服密码忘记了 密码丢了咋办 密码输错被锁了 密码锁了 密码锁住解一下 登录密码忘掉了 "
            "没有密码怎么登 初始密码是多少 不知道服务密码 服务密码是什么 wjmm czmm wangjimima "
            "forgot_password reset_password 忘記密碼 想重设密码 记不得密码了咋整 没设过密码"
        ),
        changes=True,
    ),
)
