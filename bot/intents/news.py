"""资讯: news to read, and to be sent every day."""

from __future__ import annotations

from bot.intents.base import elsewhere, said

INTENTS = (
    elsewhere(
        "news.query",
        "资讯",
        said(
            "看资讯 今天有什么资讯 今日资讯 最新资讯 全球通资讯 看看新闻 今天新闻 有什么新闻 新闻 新闻头条 "
            "财经资讯 体育资讯 娱乐资讯 来条资讯 资讯栏目 资讯频道有哪些 移动最近有啥消息 公司公告 "
            "营业厅公告 zx zixun xinwen news todays_news 資訊 新聞 翻几条新闻看 播报新闻"
        ),
    ),
    elsewhere(
        "news.subscribe",
        "订阅资讯",
        said(
            "订阅新闻 我要订阅资讯 每天给我发新闻 每天推送资讯 订资讯 定阅财经资讯 每天发我体育新闻 订个新闻 "
            "开启资讯推送 以后有资讯发给我 有新活动就通知我 订阅全球通资讯 加个娱乐频道 早上给我推新闻 "
            "dingyuezixun subscribe_news daily_news_please 訂閱資訊 打开推送 订阅频道"
        ),
        changes=True,
    ),
    elsewhere(
        "news.unsubscribe",
        "退订资讯",
        said(
            "取消资讯 取消订阅资讯 不要给我推新闻了 别再推送了 资讯别发了 关闭推送 停止推送 退订新闻 "
            "新闻不看了退订 退订提醒 每天发消息烦死了别发 取消新闻订阅 不想收资讯了 退掉财经资讯 把推送关掉 "
            "tuidingzixun unsubscribe_news stop_sending_news 退訂資訊 停掉每天的新闻 取消频道"
        ),
        changes=True,
    ),
)
