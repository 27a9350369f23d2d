"""Data for every branch of what is pushed."""

from __future__ import annotations

from decimal import Decimal

from tests.support.replies.road import Samples

SAMPLES: Samples = {
    "push/balance": [{"amount": Decimal("9.50"), "threshold": Decimal(10)}],
    "push/hidden": [{}],
    "push/promo": [{"names": ["全球通感恩送话费", "神州行乐翻天抽奖", "集团员工送话费"]}],
    "push/news": [{"items": [("全球通资讯", "全球通客户在机场贵宾厅停车可用积分")] * 5}],
}
